import HATemplate

/// Reads service files into the document that a template renders: `[]types.Service`, in the order read.
///
///     var reader = ServiceReader()
///     reader.addFile(name: "services/web.json", bytes: bytes)
///     let document = try reader.finish()
///
/// A file holds one service (an object) or a list of services. Mistakes are collected, all of them in one run, and
/// thrown by `finish`.
public struct ServiceReader: ~Copyable {
    private var builder = DocumentBuilder()
    private var mistakes: [Diagnostic] = []

    public init() {}

    /// Reads one file. A text that is not JSON stops this file alone.
    public mutating func addFile(name: String, bytes: [UInt8]) {
        do {
            var scanner = try builder.addFile(name: name, bytes: bytes)
            try scanner.skipValue(&builder)
        } catch {
            mistakes.append(error)
        }
    }

    /// Checks the rules that hold across services and hands over the document.
    ///
    /// Throws every mistake of every file, in the order of the files.
    public consuming func finish() throws(Diagnostics) -> Document {
        guard mistakes.isEmpty else { throw Diagnostics(mistakes) }
        let shape = builder.addShape(ServiceModel.service)
        let root = builder.appendList([], of: .record(shape))
        return builder.build(root: root)
    }
}
