/// The documents of a render as one: where a value was written, in the data or in the parameters, and what it is called.
///
/// Origins of the parameters go on where those of the data end.
struct DataPlaces: Sendable {
    let document: Document
    let parameters: Document
    /// Made when the first value is asked for.
    private var dataPaths: DataPaths?
    private var parameterPaths: DataPaths?

    init(_ document: Document, parameters: Document) {
        self.document = document
        self.parameters = parameters
    }

    /// What is added to the origins of the parameters.
    private var base: UInt32 { UInt32(truncatingIfNeeded: document.source.count) }

    private func parameterOrigin(_ origin: UInt32) -> UInt32? { origin > base ? origin - base : nil }

    /// Where the value with an origin was written, if a file holds it.
    func location(ofOrigin origin: UInt32) -> SourceLocation? {
        guard let parameter = parameterOrigin(origin) else { return document.location(ofOrigin: origin) }
        return isTyped(origin: origin) ? nil : parameters.location(ofOrigin: parameter)
    }

    /// Whether the value was typed on a command line, as `--param` gives it.
    func isTyped(origin: UInt32) -> Bool {
        guard let parameter = parameterOrigin(origin) else { return false }
        return parameters.location(ofOrigin: parameter)?.file.name.isEmpty ?? false
    }

    /// Whether an origin is one of the parameters.
    func isParameter(origin: UInt32) -> Bool { parameterOrigin(origin) != nil }

    /// The name of a parameter, and the way to a value inside it.
    func parameterPath(ofOrigin origin: UInt32) -> String? {
        parameterOrigin(origin).flatMap { DataPaths(parameters).path(ofOrigin: $0) }
    }

    /// Names a value and its place.
    mutating func note(onOrigin origin: UInt32) -> Diagnostic.Note? {
        guard origin > 0 else { return nil }
        if let parameter = parameterOrigin(origin) {
            let paths = parameterPaths ?? DataPaths(parameters)
            parameterPaths = paths
            guard let path = paths.path(ofOrigin: parameter), !path.isEmpty else { return nil }
            return .init("the value is the parameter \(path)", at: location(ofOrigin: origin))
        }
        let paths = dataPaths ?? DataPaths(document)
        dataPaths = paths
        // The root itself begins where its file begins, which says nothing.
        guard let path = paths.path(ofOrigin: origin), !path.isEmpty else { return nil }
        return document.location(ofOrigin: origin).map { .init("the value is \(path)", at: $0) }
    }
}
