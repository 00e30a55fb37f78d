import HADelivery
import HATemplate
import TestSupport
@testable import HAServices
@testable import haproxy_gen

/// Parts of a page that are made from the program's own declarations.
///
/// A part stands between `<!-- made: NAME -->` and `<!-- end -->`. Names: `options COMMAND`, `commands`, `exit codes`,
/// `service fields`, `host fields`, `project keys`, `target keys`, `guard keys`, `case keys`,
/// `request keys`, `expect keys`, `arguments of DIALECT`.
enum GeneratedParts {
    static func refresh(_ lines: [String]) -> [String] {
        var result: [String] = []
        var isInside = false
        for line in lines {
            if isInside, line != "<!-- end -->" { continue }
            isInside = false
            result.append(line)
            guard let name = name(in: line), let part = part(name) else { continue }
            result += part
            isInside = true
        }
        return result
    }

    /// The names of the parts that a page holds.
    static func names(in lines: [String]) -> [String] { lines.compactMap(name) }

    private static func name(in line: String) -> String? {
        let (before, after) = ("<!-- made: ", " -->")
        guard line.hasPrefix(before), line.hasSuffix(after) else { return nil }
        return String(line.dropFirst(before.count).dropLast(after.count))
    }

    private static func part(_ name: String) -> [String]? {
        if name == "exit codes" {
            let rows = Program.declaration.exitMeanings.map { ["\($0.code.rawValue)", $0.meaning] }
            return table(["code", "meaning"], rows)
        }
        if name == "commands" {
            return table(
                ["command", "what it does"], Program.declaration.subcommands.map { [code($0.name), $0.summary] })
        }
        if name == "service fields" { return fields(ServiceSchema.service) }
        if name == "host fields" { return fields(ServiceSchema.host) }
        if name == "project keys" { return keys(ProjectSchema.project) }
        if name == "target keys" { return keys(ProjectSchema.target) }
        if name == "source keys" { return keys(ProjectSchema.source) }
        if name == "watch keys" { return keys(ProjectSchema.watch) }
        if name == "guard keys" { return keys(ProjectSchema.guards) }
        if name == "case keys" { return keys(TestSchema.testCase) }
        if name == "request keys" { return keys(TestSchema.request) }
        if name == "expect keys" { return keys(TestSchema.expect) }
        if let dialect = Dialect(rawValue: name.replacing("arguments of ", with: "")), name.hasPrefix("arguments of ") {
            let heads = ["kind", "arguments", "as they are", "quoted or escaped", "refused", "an empty value"]
            return table(heads, ArgumentTable.rows(dialect))
        }
        let words = name.split(separator: " ").map(String.init)
        guard words.first == "options", let command = Program.declaration.descendant(words.dropFirst()) else {
            return nil
        }
        var rows = command.options.map { option in
            let spelling = (option.short.map { "-\($0), " } ?? "") + option.long
            let value = option.value.map { " " + $0.name } ?? ""
            let more = option.repetition == .collected ? "…" : ""
            return [code(spelling + value + more), option.help]
        }
        rows.insert(contentsOf: command.operands.map { [code($0.name), $0.help] }, at: 0)
        return table(["option", "meaning"], rows)
    }

    private static func fields(_ rows: [FieldRow]) -> [String] {
        table(
            ["field", "type", "when absent", "meaning"],
            rows.map { [code($0.key.description), type($0.kind), absence(of: $0), $0.meaning] })
    }

    private static func keys(_ rows: [ProjectRow]) -> [String] {
        table(
            ["key", "value", "when absent", "meaning"],
            rows.map { row in
                let absence = row.isRequired ? "a mistake" : row.fallback.map(code) ?? ""
                return [code(row.name), value(row.shape), absence, row.meaning]
            })
    }

    private static func value(_ shape: ProjectShape) -> String {
        switch shape {
        case .text, .pattern: "text"
        case .choice(let names): names.map(code).joined(separator: ", ")
        case .integer(let range): "integer, \(range.lowerBound) to \(range.upperBound)"
        case .share: "number from 0 to 1"
        case .boolean: "`true` or `false`"
        case .oneOrMany(.text): "text, or a list of texts"
        case .oneOrMany(let one): "\(value(one)), or a list of them"
        case .pair: "list of two texts"
        case .settings: "object"
        case .guards: "object: see [guards](#guards)"
        case .targets: "list of targets"
        case .sources: "list of [sources](watch.md#sources)"
        case .watch: "object: see [watch](watch.md#settings)"
        case .duration: "time, such as `20ms`, `1s`, `5m`"
        case .textMap: "object of texts"
        case .objects: "list of objects"
        case .reference(let name): "object: what `\(name)` holds"
        }
    }

    private static func type(_ kind: FieldKind) -> String {
        switch kind {
        case .text: "string"
        case .integer(let rule): "integer, \(rule.range.lowerBound) to \(rule.range.upperBound)"
        case .domains: "list of strings"
        case .hosts: "list of hosts"
        case .attributes: "object"
        }
    }

    private static func absence(of row: FieldRow) -> String {
        switch row.fallback {
        case .required: return "a mistake"
        case .text(let text): return code(text.description)
        case .source: return code("File")
        case .servicePort: return "the service's `Port`"
        case .zero:
            switch row.kind {
            case .text, .domains, .hosts, .attributes: return "empty"
            case .integer: return "0"
            }
        }
    }

    private static func code(_ text: String) -> String { "`\(text)`" }

    private static func table(_ head: [String], _ rows: [[String]]) -> [String] {
        ([head, head.map { _ in "---" }] + rows).map { cells in
            "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
    }
}
