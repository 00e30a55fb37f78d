import HATemplate

/// What a value from data may hold at each kind of argument that the grammars know, found by trying it.
///
/// Every directive of the grammar is tried at each of its arguments; those that behave alike share a row.
enum ArgumentTable {
    static func rows(_ dialect: Dialect) -> [[String]] {
        var order: [Outcome] = []
        var places: [Outcome: [String]] = [:]
        for row in dialect.grammar?.rows ?? [] where !(row.directive.opensBlock && row.directive.kinds == [.foreign]) {
            for index in row.directive.kinds.indices {
                let outcome = outcome(dialect, row, index)
                if places[outcome] == nil { order.append(outcome) }
                places[outcome, default: []].append("\(row.name) \(index + 1)")
            }
        }
        return order.sorted { ($0.kind.rawValue, $0.safe, $0.refused) < ($1.kind.rawValue, $1.safe, $1.refused) }.map {
            outcome in
            let names = places[outcome] ?? []
            let shown = names.prefix(3).map { "`\($0)`" }.joined(separator: ", ")
            let more = names.count > 3 ? " and \(names.count - 3) more" : ""
            return [
                outcome.kind.rawValue, shown + more, marks(outcome.safe), marks(outcome.changed),
                marks(outcome.refused),
                outcome.empty,
            ]
        }
    }

    private struct Outcome: Hashable {
        let kind: ArgumentKind
        var safe = ""
        var changed = ""
        var refused = ""
        var empty = ""
    }

    private static func outcome(_ dialect: Dialect, _ row: Grammar.Row, _ index: Int) -> Outcome {
        var outcome = Outcome(kind: row.directive.kinds[index])
        let name = row.name.hasSuffix("*") ? row.name.dropLast() + "x" : row.name[...]
        let before = ([String(name)] + [String](repeating: "a", count: index)).joined(separator: " ") + " "
        let after = dialect == .haproxy ? "\n" : row.directive.opensBlock ? " { }" : ";"
        let source = SourceFile(name: "t", text: before + "{{ . }}" + after)
        guard let template = try? Template.parse(source, dialect: dialect) else { return outcome }
        let write = { (value: String) -> String? in
            var builder = DocumentBuilder()
            let text = builder.appendText(Array(value.utf8))
            var output = ByteBuffer()
            guard (try? template.render(builder.build(root: text), into: &output)) != nil else { return nil }
            let written = String(decoding: output.array, as: UTF8.self)
            return String(written.dropFirst(before.count).dropLast(after.count))
        }
        for byte in UInt8(0x20)...0x7E where !isAlphanumeric(byte) {
            let mark = String(UnicodeScalar(byte))
            switch write("a\(mark)a") {
            case nil: outcome.refused += mark
            case "a\(mark)a": outcome.safe += mark
            default: outcome.changed += mark
            }
        }
        let empty = write("")
        outcome.empty = empty.map { $0.isEmpty ? "nothing" : "`\($0)`" } ?? "refused"
        return outcome
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        UnicodeScalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte)
    }

    /// The characters as code; nothing for none.
    private static func marks(_ text: String) -> String {
        let others = text.filter { $0 != " " && $0 != "`" }
        if others.count > 25 { return "all others" }
        var words = others.isEmpty ? [] : ["`" + others.map(String.init).joined(separator: " ") + "`"]
        if text.contains(" ") { words.append("space") }
        if text.contains("`") { words.append("backquote") }
        return words.joined(separator: " ")
    }
}
