import Testing

@testable import HATemplate

/// The documents of `Data/json-documents.txt`, read as `render --data` reads them.
@Suite struct JSONDocumentTests {
    /// A document and what must come of it.
    struct Case {
        let name: String
        let document: [UInt8]
        let answer: [UInt8]

        var isAccepted: Bool { answer.first != UInt8(ascii: "!") }
    }

    /// The cases below one heading.
    struct Group: CustomTestStringConvertible {
        let title: String
        var cases: [Case] = []

        var testDescription: String { title }
    }

    static let groups: [Group] = {
        let text = (try? readFile("\(projectFolder)/Tests/HATemplateTests/Data/json-documents.txt")) ?? []
        var groups: [Group] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let line = String(decoding: line, as: UTF8.self)
            if line.hasPrefix("## ") { groups.append(Group(title: String(line.dropFirst(3)))) }
            let columns = line.split(separator: " | ").map(expand)
            guard !line.hasPrefix("#"), columns.count == 3, !groups.isEmpty else { continue }
            groups[groups.count - 1].cases.append(
                Case(name: String(decoding: columns[0], as: UTF8.self), document: columns[1], answer: columns[2]))
        }
        return groups
    }()

    @Test(arguments: groups)
    func answers(_ group: Group) {
        for test in group.cases {
            let answer = Self.answer(to: test.document)
            expect(answer, is: test.answer, test.name)
        }
    }

    @Test func tableIsComplete() {
        #expect(Self.groups.map(\.cases.count).reduce(0, +) >= 380)
        #expect(Self.groups.allSatisfy { !$0.cases.isEmpty })
    }

    /// A list, object or text that lacks its end is refused wherever it is cut, and a mistake lies inside the text.
    @Test(arguments: groups)
    func cutDocumentsAreRefused(_ group: Group) {
        for test in group.cases where test.isAccepted && test.document.count < 100 {
            guard let last = test.document.last, [UInt8]("]}\"".utf8).contains(last) else { continue }
            for length in 0..<test.document.count {
                let answer = Self.answer(to: Array(test.document[..<length]))
                #expect(answer.first == UInt8(ascii: "!"), "\(test.name), cut at \(length)")
            }
        }
    }

    /// Files stand one after the other in memory; that changes neither values nor places.
    @Test(arguments: groups)
    func answersBehindOtherFiles(_ group: Group) {
        for test in group.cases {
            let answer = Self.answer { try Self.read(test.document, after: Array("\"é\n\\".utf8)) }
            expect(answer, is: test.answer, test.name)
        }
    }

    /// Compares, with a message that stays short.
    private func expect(_ answer: [UInt8], is expected: [UInt8], _ name: String) {
        let isExpected = answer == expected
        #expect(isExpected, "\(name): \(String(decoding: answer.prefix(200), as: UTF8.self))")
    }

    // MARK: Reading

    private static func answer(to document: [UInt8]) -> [UInt8] {
        answer { try Document.json(name: "d", bytes: document) }
    }

    private static func read(_ text: [UInt8], after other: [UInt8]) throws -> Document {
        var builder = DocumentBuilder()
        _ = try builder.addFile(name: "other", bytes: other)
        var mistakes: [Diagnostic] = []
        do {
            var scanner = try builder.addFile(name: "d", bytes: text)
            let root = try builder.readValue(from: scanner.next(&builder), &scanner, mistakes: &mistakes)
            _ = try scanner.next(&builder)
            if mistakes.isEmpty { return builder.build(root: root) }
        } catch {
            mistakes.append(error)
        }
        throw Diagnostics(mistakes)
    }

    /// The value as the table writes it, or the mistakes.
    private static func answer(_ read: () throws -> Document) -> [UInt8] {
        do {
            return show(try read())
        } catch let diagnostics as Diagnostics {
            let mistakes = diagnostics.items.map { diagnostic in
                let position = diagnostic.location.map { LineIndex($0.file).position(at: $0.range.start) }
                return "! \(position?.line ?? 0):\(position?.column ?? 0) \(diagnostic.code.rawValue)"
            }
            return Array(mistakes.joined(separator: " ").utf8)
        } catch {
            return Array("\(error)".utf8)
        }
    }

    /// What may still have to be written, the next last.
    private enum Pending {
        case value(Value)
        case text(String)
    }

    private static func show(_ document: Document) -> [UInt8] {
        var output: [UInt8] = []
        var pending = [Pending.value(document.root)]
        while let next = pending.popLast() {
            guard case .value(let value) = next else {
                if case .text(let text) = next { output += text.utf8 }
                continue
            }
            switch value.kind {
            case .list:
                push(document.elements(of: value).map { [.value($0)] }, between: "[", "]", on: &pending)
            case .map:
                let values = document.entries(of: value).map(\.value)
                let entries = zip(document.keys(of: value), values).map { key, value in
                    [Pending.value(value), .text(": "), .value(key)]
                }
                push(entries, between: "{", "}", on: &pending)
            case .string:
                output += [UInt8(ascii: "\"")] + (document.bytes(of: value) ?? []) + [UInt8(ascii: "\"")]
            case .int: output += "\(value.asInt)".utf8
            case .float: output += "\(value.asFloat)".utf8
            case .bool: output += "\(value.asBool)".utf8
            default: output += "\(value.kind)".utf8
            }
        }
        return output
    }

    /// Parts of a list or an object; each stands with its last piece first.
    private static func push(
        _ parts: [[Pending]], between open: String, _ close: String, on pending: inout [Pending]
    ) {
        pending.append(.text(close))
        pending += parts.reversed().joined(separator: [.text(", ")])
        pending.append(.text(open))
    }

    // MARK: Notation

    /// The bytes that a column of the table stands for.
    private static func expand(_ column: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = column[...]
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            bytes += rest[..<open].utf8
            bytes += expandBytes(rest[rest.index(after: open)..<close])
            rest = rest[rest.index(after: close)...]
        }
        return bytes + rest.utf8
    }

    /// `41 42*3 (41 42)*3`.
    private static func expandBytes(_ notation: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var groupStart = 0
        var isInGroup = false
        for word in notation.replacing("(", with: "( ").replacing(")", with: " )").split(separator: " ") {
            let parts = word.split(separator: "*", omittingEmptySubsequences: false)
            switch parts[0] {
            case "(":
                isInGroup = true
                groupStart = bytes.count
                continue
            case ")": isInGroup = false
            case let digits:
                if !isInGroup { groupStart = bytes.count }
                bytes.append(UInt8(digits, radix: 16) ?? 0)
            }
            guard parts.count == 2, let times = Int(parts[1]) else { continue }
            let repeated = Array(bytes[groupStart...])
            for _ in 1..<times { bytes += repeated }
        }
        return bytes
    }
}
