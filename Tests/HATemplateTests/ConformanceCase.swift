import Testing

@testable import HATemplate

/// A template, its data, and what Go or Hugo made of them.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
    enum Answer: CustomStringConvertible {
        case output([UInt8])
        case parseError([Diagnostic])
        case runError(Diagnostic)

        var description: String {
            switch self {
            case .output(let bytes):
                "we print: \(String(reflecting: String(decoding: bytes.prefix(2_000), as: UTF8.self)))"
            case .parseError(let all): "we refuse to parse: \(all.map(\.message))"
            case .runError(let diagnostic): "we fail while running: \(diagnostic.message)"
            }
        }
    }

    /// The name of its file, without the ending.
    let family: String
    let name: String
    private let value: Value
    private let reader: DocumentReader
    private let set: ConformanceSet

    init(family: String, value: Value, reader: DocumentReader, set: ConformanceSet) {
        self.family = family
        self.set = set
        self.value = value
        self.reader = reader
        name = reader.member("name", of: value).map(reader.text) ?? ""
    }

    /// Family and name, as lists of exceptions write it.
    var path: String { "\(family)/\(name)" }

    var testDescription: String { path }

    private func field(_ name: String) -> Value? { reader.member(name, of: value) }

    private var template: [UInt8] {
        field("template").map(reader.bytes) ?? field("templateBase64").map { decodeBase64(reader.bytes($0)) } ?? []
    }

    var templateText: String { String(decoding: template.prefix(2_000), as: UTF8.self) }

    /// What it may call with `partial`.
    private var partials: [Template.Include] {
        members(of: "partials").map { name, text in
            Template.Include(names: [name], file: SourceFile(name: name, bytes: reader.bytes(text)))
        }
    }

    /// The template and its partials.
    var sources: [[UInt8]] { [template] + members(of: "partials").map { reader.bytes($0.value) } }

    private func members(of name: String) -> [(name: String, value: Value)] {
        let entries = field(name).map(reader.elements) ?? []
        return stride(from: 0, to: entries.count, by: 2).map { (reader.text(entries[$0]), entries[$0 + 1]) }
    }

    private var expectedOutput: [UInt8]? {
        field("output").map(reader.bytes) ?? field("outputBase64").map { decodeBase64(reader.bytes($0)) }
    }

    /// The message of the error that is wanted; nil when there is an output.
    var expectedError: String? { field("error").map(reader.text) }

    private var expectedStage: String? { field("stage").map(reader.text) }

    var expectation: String {
        if let output = expectedOutput {
            let text = String(decoding: output.prefix(2_000), as: UTF8.self)
            return "\(set.reference) prints: \(String(reflecting: text))"
        }
        return "\(set.reference) fails (\(expectedStage ?? "")): \(expectedError ?? "")"
    }

    /// What this engine makes of the case.
    func answer() -> Answer {
        let compiled: Template
        do {
            compiled = try parse()
        } catch {
            return .parseError(error.items)
        }
        var output = ByteBuffer()
        do {
            try compiled.render(document, options: options, into: &output)
        } catch {
            return .runError(error)
        }
        return .output(output.array)
    }

    private func parse() throws(Diagnostics) -> Template {
        var delimiters = Template.Delimiters()
        if let pair = field("delims").map(reader.elements), pair.count == 2 {
            delimiters = .init(left: reader.text(pair[0]), right: reader.text(pair[1]))
        }
        return try Template.parse(
            SourceFile(name: "case", bytes: template), name: "case", includes: partials, delimiters: delimiters)
    }

    // MARK: The checker

    /// What the checker finds from the types of the case's data; nothing when the template does not parse.
    func findings() -> [Diagnostic] {
        guard let compiled = try? parse() else { return [] }
        let options = options
        return compiled.check(
            against: .document(document),
            options: CheckOptions(missingKey: options.missingKey, parameters: options.parameters))
    }

    /// Whether the real engine rendered it.
    var isRendered: Bool { expectedOutput != nil }
    /// Whether the real engine failed while running.
    var failsWhileRunning: Bool { expectedStage == "run" }
    /// What the real engine printed, as text.
    var expectedText: String { expectedOutput.map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// Same output, or an error with a place in the template.
    func agrees(with answer: Answer) -> Bool {
        switch answer {
        case .output(let bytes): bytes == expectedOutput
        case .parseError(let all): fails(at: "parse", all)
        case .runError(let diagnostic): fails(at: "run", [diagnostic])
        }
    }

    /// Go's mistakes must be found at the stage that is recorded. Hugo finds more of them only when it runs; but a
    /// function that we do not have is no right answer to a call that it refuses.
    private func fails(at stage: String, _ mistakes: [Diagnostic]) -> Bool {
        guard expectedError != nil, !mistakes.isEmpty, mistakes.allSatisfy({ $0.location != nil }) else { return false }
        return expectedStage == stage || (set != .go && mistakes.allSatisfy { $0.code != .undefinedFunction })
    }

    // MARK: Data

    private var options: RenderOptions {
        RenderOptions(
            missingKey: field("missingKey").flatMap { MissingKey(rawValue: reader.text($0)) } ?? .default,
            parameters: field("params").map(reader.document.rooted) ?? .empty,
            now: (field("now")?.asInt ?? set.now).map { Int64($0) * 1_000_000_000 },
            environment: RenderEnvironment(
                variables: texts(of: "variables"),
                files: field("files") == nil ? nil : .texts(texts(of: "files").mapValues { Array($0.utf8) })))
    }

    private func texts(of name: String) -> [String: String] {
        Dictionary(members(of: name).map { ($0.name, reader.text($0.value)) }, uniquingKeysWith: { $1 })
    }

    private var document: Document {
        if let services = field("services") { return ProxymServices.document(services, reader) }
        return reader.document.rooted(at: field("data") ?? .missing)
    }
}

extension Document {
    /// The same data with another root.
    func rooted(at root: Value) -> Document {
        Document(source: source, decoded: decoded, values: values, shapes: shapes, inputs: inputs, root: root)
    }
}

/// proxym's types, as Go's encoding/json fills them from the JSON of a case.
enum ProxymServices {
    private static let hostFields = ["Ip", "Port"]
    private static let serviceFields = [
        "Id", "ApplicationProtocol", "TransportProtocol", "Domains", "ProxyPath", "Port", "ServicePort", "Hosts",
        "Config", "Source",
    ]

    static func document(_ services: Value, _ reader: DocumentReader) -> Document {
        var builder = DocumentBuilder()
        let listenPort = RecordShape.Method.integer("ListenPort") { fields in
            fields.integer(6) == 0 ? fields.integer(5) : fields.integer(6)
        }
        let service = builder.addShape(
            RecordShape(name: "types.Service", fields: serviceFields, methods: [listenPort]))
        let host = builder.addShape(RecordShape(name: "types.Host", fields: hostFields))
        var records: [Value] = []
        for object in reader.elements(services) {
            var fields: [Value] = []
            for name in serviceFields {
                let value = member(name, of: object, reader)
                switch name {
                case "Port", "ServicePort": fields.append(value ?? .int(0))
                case "Domains": fields.append(list(value, of: .string, reader, &builder) { copy($0, reader, &$1) })
                case "Hosts":
                    fields.append(
                        list(value, of: .record(host), reader, &builder) { element, builder in
                            let ip = copy(member("Ip", of: element, reader), reader, &builder)
                            let port = member("Port", of: element, reader) ?? .int(0)
                            return builder.appendRecord(host, fields: [ip, port], origin: 0)
                        })
                default: fields.append(copy(value, reader, &builder))
                }
            }
            records.append(builder.appendRecord(service, fields: fields, origin: 0))
        }
        let root = builder.appendList(records, of: .record(service))
        return builder.build(root: root)
    }

    /// Keys match without case; null is as good as absent.
    private static func member(_ name: String, of object: Value, _ reader: DocumentReader) -> Value? {
        let entries = reader.elements(object)
        for index in stride(from: 0, to: entries.count, by: 2)
        where reader.text(entries[index]).lowercased() == name.lowercased() && !entries[index + 1].isNil {
            return entries[index + 1]
        }
        return nil
    }

    private static func copy(_ value: Value?, _ reader: DocumentReader, _ builder: inout DocumentBuilder) -> Value {
        builder.appendText(value.map(reader.bytes) ?? [])
    }

    private static func list(
        _ value: Value?, of type: ElementType, _ reader: DocumentReader, _ builder: inout DocumentBuilder,
        _ element: (Value, inout DocumentBuilder) -> Value
    ) -> Value {
        guard let value else { return .absentList(of: type) }
        let elements = reader.elements(value).map { element($0, &builder) }
        return builder.appendList(elements, of: type)
    }
}

/// The bytes that a base64 text stands for.
func decodeBase64(_ text: [UInt8]) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    var bits = 0
    var width = 0
    for byte in text {
        guard let digit = alphabet.firstIndex(of: byte) else { continue }
        bits = bits << 6 | digit
        width += 6
        if width >= 8 {
            width -= 8
            result.append(UInt8(truncatingIfNeeded: bits >> width))
            bits &= (1 << width) - 1
        }
    }
    return result
}
