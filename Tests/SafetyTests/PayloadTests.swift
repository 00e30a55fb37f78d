import Foundation
import Testing

@testable import HATemplate

/// Every payload at every argument of every directive of the grammar: what is written has the same words as with a harmless
/// value, and the value is one of them; anything else is refused.
///
/// The choice of payloads is by a fixed seed. HG_PAYLOADS=all tries all of them everywhere.
@Suite struct PayloadTests {
    static let payloads = [
        "a b", "a  b ", " a", "a#b", "#", "a\"b", "a'b", "\"", "'", "''", "\"\"", "a\\b", "a\\", "\\", "\\x20", "\\1",
        "a;b", ";", "a{b", "{", "}", "a}b", "${HOME}", "$HOME", "a$b", "$", "%[env(SECRET)]", "%ci", "%", "50%", "%%",
        "env(SECRET)", "a(b)", "a,b", "-f", "-m", "--", "-", "if", "unless", "or", "OR", "||", "!", "!{", "~", "~.*",
        "!~*",
        "=", "^~", "@a", "*", ".*", "a|b", "[a]", "default", "include", "eq", "gt", "a\nb", "\n", "a\r", "\t",
        "a\u{0}b",
        "\u{7F}", "", "ä ö", "sni", "lf-string", "/dev/null", "engine:x:y", "unix@/x", ";}", "'\"'",
        "a b'c\"d\\e#f$g%h",
    ]

    struct Place: Sendable, CustomTestStringConvertible {
        let dialect: Dialect
        let row: Grammar.Row
        let index: Int
        let quoting: String

        /// The directive with `value` at the place, and another one after it.
        func configuration(_ value: String) -> String {
            let count = max(row.directive.kinds.count, index + 1)
            let words = (0..<count).map { index in
                index == self.index ? quoting + value + quoting : row.directive.kind(at: index).map(Self.filler) ?? "a"
            }
            let name = row.name.hasSuffix("*") ? row.name.dropLast() + "x" : row.name[...]
            let line = ([String(name)] + words).joined(separator: " ")
            switch dialect {
            case .haproxy: return "global\n    \(line) z\n    after b\n"
            case .nginx: return "http {\n    \(line) z\(row.directive.opensBlock ? " { }" : ";")\n    after b;\n}\n"
            case .plain: return line
            }
        }

        private static func filler(_ kind: ArgumentKind) -> String {
            switch kind {
            case .address: "10.0.0.1:80"
            case .number: "1"
            case .sample: "path"
            default: "a"
            }
        }

        var kind: ArgumentKind? { row.directive.kind(at: index) }
        var testDescription: String {
            "\(dialect.rawValue) \(row.sections.first ?? ""): \(row.name) \(index) \(quoting)"
        }
    }

    static func places(_ dialect: Dialect) -> [Place] {
        guard let grammar = dialect.grammar else { return [] }
        return grammar.rows.flatMap { row -> [Place] in
            // Blocks of another language are read by other rules; `TrustTests` has them.
            guard !(row.directive.opensBlock && row.directive.kinds.contains(.foreign)) else { return [] }
            let count = min(4, row.directive.kinds.count + (row.directive.isOpenEnded ? 1 : 0))
            return (0..<count).flatMap { index in
                ["", "\""].map { Place(dialect: dialect, row: row, index: index, quoting: $0) }
            }
        }
    }

    @Test(arguments: [Dialect.haproxy, .nginx])
    func noPayloadChangesTheWords(_ dialect: Dialect) throws {
        let places = Self.places(dialect)
        #expect(places.count > 500)
        var random = Random(seed: 14)
        let isWhole = ProcessInfo.processInfo.environment["HG_PAYLOADS"] == "all"
        var tried = 0
        var written = 0
        for place in places {
            let template = try Template.parse(
                SourceFile(name: "t", text: place.configuration("{{ . }}")), dialect: dialect)
            let baseline = ConfigurationText(Array(place.configuration("x1").utf8), dialect: dialect).statements
            let payloads =
                isWhole ? Self.payloads : (0..<12).map { _ in Self.payloads[random.next(Self.payloads.count)] }
            for payload in payloads {
                tried += 1
                guard let output = render(template, payload, place) else { continue }
                written += 1
                let found = ConfigurationText(output, dialect: dialect).statements
                let problem = difference(found, baseline, payload, place)
                #expect(
                    problem == nil, "\(place) \(payload.debugDescription): \(String(decoding: output, as: UTF8.self))")
            }
        }
        #expect(tried > 10_000)
        #expect(written > tried / 4)
    }

    /// The real programs read a sample of what was written: their complaints are about the directive itself or, as with a
    /// harmless value, the one after it, which they do not know.
    @Test(arguments: [Dialect.haproxy, .nginx])
    func theProxiesSeeTheSameLines(_ dialect: Dialect) throws {
        let places = Self.places(dialect).filter { $0.row.directive.effect == .harmless && !$0.row.name.hasPrefix(".") }
        let folder = FileManager.default.temporaryDirectory.path + "/haproxy-gen-payloads-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var random = Random(seed: 41)
        var asked = 0
        while asked < 80 {
            let place = places[random.next(places.count)]
            let payload = Self.payloads[random.next(Self.payloads.count)]
            let template = try Template.parse(
                SourceFile(name: "t", text: place.configuration("{{ . }}")), dialect: dialect)
            guard let output = render(template, payload, place) else { continue }
            asked += 1
            let with = try complaints(about: output, dialect, folder)
            let without = try complaints(about: Array(place.configuration("x1").utf8), dialect, folder)
            // HAProxy reads on after a mistake, and names the unknown directive after it.
            let expected: Set<Int> = dialect == .haproxy ? [2, 3] : without.union([2])
            #expect(with.isSubset(of: expected), "\(place) \(payload.debugDescription) \(with)")
            if dialect == .haproxy {
                #expect(with.contains(3) || !without.contains(3), "\(place) \(payload.debugDescription)")
            }
        }
    }

    /// The lines that the proxy's check complains about.
    private func complaints(about text: [UInt8], _ dialect: Dialect, _ folder: String) throws -> Set<Int> {
        let path = folder + "/t.conf"
        try Data(text).write(to: URL(fileURLWithPath: path))
        let process = Process()
        let program = dialect == .haproxy ? "haproxy" : "nginx"
        let arguments = dialect == .haproxy ? ["-c", "-f", path] : ["-t", "-p", folder, "-c", path, "-e", "stderr"]
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/bin", "SECRET": "topsecret"]
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        var lines: Set<Int> = []
        for part in said.components(separatedBy: path + ":").dropFirst() {
            if let line = Int(part.prefix { $0.isASCII && $0.isNumber }) { lines.insert(line) }
        }
        return lines
    }

    private func render(_ template: Template, _ payload: String, _ place: Place) -> [UInt8]? {
        var builder = DocumentBuilder()
        let text = builder.appendText(Array(payload.utf8))
        var output = ByteBuffer()
        do throws(Diagnostic) {
            try template.render(builder.build(root: text), into: &output)
            return output.array
        } catch {
            #expect(error.code == .unsafeValue, "\(place) \(payload.debugDescription)")
            return nil
        }
    }

    /// What differs from the statements with a harmless value, beside that value.
    private func difference(
        _ found: [ConfigurationText.Statement], _ baseline: [ConfigurationText.Statement], _ payload: String,
        _ place: Place
    ) -> String? {
        guard found.count == baseline.count else { return "statements" }
        for (one, other) in zip(found, baseline) {
            guard one.words.count == other.words.count, one.parent == other.parent, one.isOpening == other.isOpening
            else {
                return "words"
            }
            for (word, expected) in zip(one.words, other.words) where word.text != expected.text {
                guard expected.text == "x1" else { return "another word" }
                if let problem = wrong(word.text, payload, place) { return problem }
            }
        }
        return nil
    }

    /// What is wrong with the word that a payload became.
    private func wrong(_ word: String, _ payload: String, _ place: Place) -> String? {
        let doubled = payload.replacing("%", with: "%%")
        let readings = [payload, doubled, doubled.replacing("\\", with: "\\\\")]
        let isEscaped = place.kind == .regex || word.replacing("\\", with: "") == payload.replacing("\\", with: "")
        guard readings.contains(word) || isEscaped else { return "the value" }
        switch place.kind {
        case .format where place.dialect == .haproxy && word.contains("%[") && !word.contains("%%["):
            return "an expression"
        case .sample where word.contains("("): return "a sample"
        default: return nil
        }
    }
}

/// A small generator of numbers that depend on nothing but the seed (splitmix64).
struct Random {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        return Int(truncatingIfNeeded: (mixed ^ (mixed &>> 31)) % UInt64(bound))
    }
}
