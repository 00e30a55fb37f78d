import HAServices
import HASystem
import HATemplate

/// The last good answers, one file a source: `<state>/.sources/NAME.json`.
///
///     {"format": 1, "source": "local", "files": [{"name": "services/web.json", "services": [{…}]}]}
///
/// The text of each service is the source's own.
package struct SourceStore: Sendable {
    /// No table can have this name.
    package static let folderName = ".sources"
    private static let format = 1

    private let files: FileSystem
    private let temporaries: TemporaryFiles
    private let state: String

    package init(state: String, files: FileSystem, temporaries: TemporaryFiles) {
        self.state = state
        self.files = files
        self.temporaries = temporaries
    }

    private var folder: String { state + "/" + Self.folderName }

    package func path(of source: String) -> String { "\(folder)/\(source).json" }

    /// What a source said before; nil where nothing is stored. A file that is damaged or newer than this program is
    /// left alone, and a sentence says so.
    package func answer(of source: String, trustsConfig: Bool) throws(SourceProblem) -> SourceAnswer? {
        let path = path(of: source)
        let file: InputFile
        do { file = try FileReader(files: files).read(path, .kept) } catch {
            if case .system(let cause) = error.cause, cause.isNotFound { return nil }
            throw SourceProblem(error.sentence)
        }
        guard let document = try? Document.json(name: file.name, bytes: file.bytes),
            let number = document.field("format", of: document.root), number.kind == .int,
            let list = document.field("files", of: document.root), list.kind == .list
        else { throw SourceProblem("\(path) is damaged: it is left alone until the source answers") }
        guard number.asInt == Self.format else {
            throw SourceProblem("\(path) has format \(number.asInt), which is newer than this program")
        }
        var answer = SourceAnswer(files: [], trustsConfig: trustsConfig)
        for element in document.elements(of: list) {
            guard let name = document.field("name", of: element).flatMap({ document.text(of: $0) }),
                let services = document.field("services", of: element), services.kind == .list,
                let text = Self.text(of: services, in: file.bytes)
            else { throw SourceProblem("\(path) is damaged: it is left alone until the source answers") }
            answer.files.append(SourceAnswer.File(name: name, bytes: text))
        }
        return answer
    }

    /// The text of a list that begins at its origin.
    private static func text(of list: Value, in bytes: [UInt8]) -> [UInt8]? {
        let start = Int(list.origin) - 1
        guard bytes.indices.contains(start) else { return nil }
        var (depth, offset, isInString) = (0, start, false)
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\\"): offset += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "["), UInt8(ascii: "{"): if !isInString { depth += 1 }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): if !isInString { depth -= 1 }
            default: break
            }
            offset += 1
            if depth == 0 { return Array(bytes[start..<min(offset, bytes.count)]) }
        }
        return nil
    }

    /// Stores what a source says, unless it is stored already.
    package func store(_ answer: SourceAnswer, of source: String) throws(FileError) {
        do throws(SystemError) { try files.makeFolder(folder, 0o700) } catch {
            if error.isNotFound {
                try? files.makeFolder(state, 0o755)
                try? files.makeFolder(folder, 0o700)
            } else if !error.isPresence {
                throw FileError(.write, folder, error)
            }
        }
        _ = try FileInstaller(files: files, temporaries: temporaries).install(
            Self.text(answer, of: source), at: path(of: source))
    }

    private static func text(_ answer: SourceAnswer, of source: String) -> [UInt8] {
        var text = JSONText(capacity: answer.files.reduce(256) { $0 + $1.bytes.count + 100 })
        text.beginObject()
        text.key("format")
        text.integer(format)
        text.key("source")
        text.string(source)
        text.key("files")
        text.beginList()
        for file in answer.files {
            guard let entries = file.entries else { continue }
            text.beginObject()
            text.key("name")
            text.string(file.name)
            text.key("services")
            text.beginList()
            for entry in entries {
                file.bytes[entry.range].withUnsafeBufferPointer { text.literal($0) }
            }
            text.endList()
            text.endObject()
        }
        text.endList()
        text.endObject()
        text.finish()
        return text.bytes
    }
}
