/// Paths of files that a template names: relative to its folder, and not out of it.
///
/// What the path says is checked here; where symbolic links lead is for the side that reads the files.
enum TemplatePath {
    enum Fault: Error, Equatable {
        case empty, absolute, outside, nul, notUTF8
    }

    /// The path with single slashes, without `.` and `..`; `.` for the folder itself.
    static func clean(_ path: UnsafeBufferPointer<UInt8>) throws(Fault) -> String {
        guard let first = path.first else { throw .empty }
        guard first != UInt8(ascii: "/") else { throw .absolute }
        guard !path.contains(0) else { throw .nul }
        var parts: [Slice<UnsafeBufferPointer<UInt8>>] = []
        for part in path.split(separator: UInt8(ascii: "/")) {
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) {
                guard parts.popLast() != nil else { throw .outside }
            } else {
                parts.append(part)
            }
        }
        guard !parts.isEmpty else { return "." }
        guard let text = String(validating: parts.joined(separator: "/".utf8), as: UTF8.self) else { throw .notUTF8 }
        return text
    }
}
