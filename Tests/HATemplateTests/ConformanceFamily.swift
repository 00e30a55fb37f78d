import Testing

@testable import HATemplate

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A folder of `Tests/Conformance` with recorded cases.
enum ConformanceSet: String, CaseIterable {
    /// What real Go answered.
    case go = "cases"
    /// What real Hugo answered.
    case hugo = "hugo-cases"
    /// What functions that neither has must answer, written by hand.
    case own = "own-cases"

    var folder: String { "\(projectFolder)/Tests/Conformance/\(rawValue)" }

    /// Who gave the answers, for messages.
    var reference: String {
        switch self {
        case .go: "Go"
        case .hugo: "Hugo"
        case .own: "the case"
        }
    }

    /// What `now` gives, in seconds since 1970: Hugo answered at 2026-03-04 05:06:07 UTC.
    var now: Int? { self == .hugo ? 1_772_600_767 : nil }

    /// The names of the files, without their ending.
    var families: [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".json") { names.append(String(name.dropLast(5))) }
        }
        return names.sorted()
    }

    /// The cases of one file.
    func load(_ family: String) throws -> [ConformanceCase] {
        let path = "\(folder)/\(family).json"
        let document = try Document.json(name: path, bytes: try readFile(path))
        let reader = DocumentReader(document: document)
        let cases = try #require(reader.member("cases", of: document.root))
        return reader.elements(cases).map { ConformanceCase(family: family, value: $0, reader: reader, set: self) }
    }

    /// The cases of all files. A file that cannot be read has none; `everyFamilyHasCases` says why.
    var cases: [ConformanceCase] { Self.all[self] ?? [] }

    private static let all = Dictionary(
        uniqueKeysWithValues: allCases.map { set in (set, set.families.flatMap { (try? set.load($0)) ?? [] }) })
}

extension ConformanceCase {
    /// Records what this engine answers otherwise, in full.
    func expectAgreement() {
        let answer = answer()
        guard !agrees(with: answer) else { return }
        Issue.record("\(path): \(templateText)\n\(expectation)\n\(answer)")
    }
}

/// The folder that holds `Package.swift`.
let projectFolder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

/// A whole file of the repository.
func readFile(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "rb"), "cannot open \(path)")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        if count == 0 { return bytes }
        bytes.append(contentsOf: chunk[..<count])
    }
}

extension RenderEnvironment.Files {
    /// Files that are not really there, by their paths; folders are what the paths pass through.
    static func texts(_ texts: [String: [UInt8]]) -> Self {
        let isFolder = { @Sendable (path: String) in path == "." || texts.keys.contains { $0.hasPrefix(path + "/") } }
        return Self(
            read: { path in
                texts[path].map { .success($0) } ?? .failure(isFolder(path) ? .isFolder : .notFound)
            },
            list: { path in
                guard isFolder(path) else { return .failure(texts[path] == nil ? .notFound : .notFolder) }
                let prefix = path == "." ? "" : path + "/"
                let names = texts.keys.filter { $0.hasPrefix(prefix) }
                    .map { $0.dropFirst(prefix.count).prefix { $0 != "/" } }
                return .success(
                    Set(names).map { name in
                        let text = texts[prefix + name]
                        return .init(name: String(name), isFolder: text == nil, size: text?.count ?? 0)
                    })
            },
            exists: { path in .success(texts[path] != nil || isFolder(path)) })
    }
}

/// Looks into a document from outside a render.
struct DocumentReader: Sendable {
    let document: Document

    func bytes(_ value: Value) -> [UInt8] {
        Memory.with(constants: [], document: document) { Array($0.bytes(of: value)) }
    }

    func text(_ value: Value) -> String { String(decoding: bytes(value), as: UTF8.self) }

    func elements(_ value: Value) -> [Value] {
        Memory.with(constants: [], document: document) { Array($0.elements(of: value)) }
    }

    func member(_ name: String, of value: Value) -> Value? {
        Memory.with(constants: [], document: document) { memory in
            Array(name.utf8).withUnsafeBufferPointer { memory.lookup($0, in: value) }
        }
    }
}
