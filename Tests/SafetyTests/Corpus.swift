import HATemplate

/// The places and payloads of `Data/corpus.json`.
struct Corpus: Sendable {
    /// A configuration with one value in it.
    struct Position: Sendable {
        let name: String
        let dialect: Dialect
        let template: String
        /// A value that changes nothing.
        let harmless: String
        /// What is asked of the running proxy.
        let paths: [String]
        /// The module of nginx that it needs: `stream`, whose block it stands in, or `lua`.
        let module: String

        /// Whether the proxy is run: a listener of the payload's would disturb the others.
        var isServed: Bool { name != "bind address" && name != "listen" }
    }

    struct Attack: Sendable, CustomStringConvertible {
        let position: Position
        let payload: [UInt8]

        var description: String {
            let text = String(decoding: payload.prefix(80), as: UTF8.self).debugDescription
            return "\(position.dialect.rawValue), \(position.name): \(text)"
        }
    }

    let positions: [Position]
    let attacks: [Attack]

    static func read() throws -> Corpus {
        let path = #filePath.replacing("Corpus.swift", with: "Data/corpus.json")
        let document = try Document.json(name: path, bytes: try readFile(path))
        let list = { (name: String, value: Value) in
            document.field(name, of: value).map { Array(document.elements(of: $0)) } ?? []
        }
        let text = { (name: String, value: Value) in document.field(name, of: value).flatMap(document.text) ?? "" }
        let positions = list("positions", document.root).map { entry in
            Position(
                name: text("name", entry), dialect: Dialect(rawValue: text("dialect", entry)) ?? .plain,
                template: text("template", entry), harmless: text("harmless", entry),
                paths: list("paths", entry).compactMap(document.text), module: text("module", entry))
        }
        let attacks = list("cases", document.root).compactMap { entry in
            positions.first { $0.name == text("position", entry) && $0.dialect.rawValue == text("dialect", entry) }
                .map { Attack(position: $0, payload: bytes(ofHex: text("bytes", entry)) + text("payload", entry).utf8) }
        }
        return Corpus(positions: positions, attacks: attacks)
    }

    /// What can be tried with the modules that are installed.
    func runnable(with modules: Set<String>) -> Corpus {
        let isRunnable = { (position: Position) in position.module.isEmpty || modules.contains(position.module) }
        return Corpus(
            positions: positions.filter(isRunnable), attacks: attacks.filter { isRunnable($0.position) })
    }

    /// Payloads that are no UTF-8 are written as hexadecimal digits.
    private static func bytes(ofHex digits: String) -> [UInt8] {
        let digits = Array(digits)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }
}

/// One value written at one position, with names and ports of its own.
struct Sample: Sendable {
    let number: Int
    let position: Corpus.Position
    let value: String
    /// Nil when the engine refused the value.
    let configuration: [UInt8]?
    let refusal: String

    var port: Int { 20_000 + 3 * number }

    init(_ number: Int, _ position: Corpus.Position, _ value: [UInt8], _ dialect: Dialect) {
        self.number = number
        self.position = position
        let port = 20_000 + 3 * number
        let fill = { (text: String) in
            text.replacing("@ID@", with: "c\(number)x").replacing("@PORT@", with: "\(port)")
                .replacing("@PORT2@", with: "\(port + 1)").replacing("@PORT3@", with: "\(port + 2)")
        }
        let text = String(decoding: value, as: UTF8.self)
        self.value = fill(text)
        do {
            // What is not UTF-8 has no names to fill in.
            let bytes = Array(text.utf8) == value ? Array(self.value.utf8) : value
            configuration = try renderValue(bytes, fill(position.template), dialect)
            refusal = ""
        } catch {
            configuration = nil
            refusal = "\(error)"
        }
    }
}

/// A template with the value as its dot.
func renderValue(_ value: [UInt8], _ template: String, _ dialect: Dialect) throws -> [UInt8] {
    var builder = DocumentBuilder()
    let root = builder.appendText(value)
    let compiled = try Template.parse(SourceFile(name: "t", text: template), dialect: dialect)
    var output = ByteBuffer()
    try compiled.render(builder.build(root: root), into: &output)
    return output.array
}
