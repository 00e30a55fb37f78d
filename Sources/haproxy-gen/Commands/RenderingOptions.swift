import HADelivery
import HATemplate

/// The options of commands that render a template, save for where its services come from.
extension Options {
    static let template = Option(
        "template", short: "t", .file("TEMPLATE"), help: "The template; '-' for standard input")
    static let output = Option(
        "output", short: "o", .file("FILE"), help: "The file to write; without it, or with '-', standard output")
    static let param = Option(
        "param", short: "p", each: .parameter("NAME=VALUE"),
        help: "A setting for the template's 'param'; a VALUE that is JSON (80, true, [\"a\"]) stands for its "
            + "value, any other is text; may be repeated, and wins over --params")
    static let params = Option(
        "params", .file("FILE"), help: "A JSON object of settings for the template's 'param'")
    static let include = Option(
        "include", each: .fileOrFolder("DIR"),
        help: "A folder of templates that 'partial' and 'template' find by their path in it, with or without "
            + ".tmpl, .tpl or .html; may be repeated")
    static let environment = Option(
        "env", each: .text("NAME"),
        help: "An environment variable that the template's 'getenv' may read; may be repeated")
    static let dialect = Option(
        "dialect", .choice(), default: DialectChoice.auto,
        help: "What the output is; auto: by the template's name, *.cfg, *.cfg.tmpl, *.cfg.tpl for haproxy, "
            + "*.conf, *.conf.tmpl, *.conf.tpl, nginx*.tpl for nginx, else plain; in haproxy and "
            + "nginx no value from data can leave its argument")
    static let trustConfig = Option(
        "trust-config", each: ValueType<ConfigSource>.choice(),
        help: "Write the Config of services from this source into the output as it is, as that of local files "
            + "is: standard input, or the tables of the state directory; may be repeated")
    /// In milliseconds.
    static let timeLimit = Option(
        "time-limit", .seconds("SECONDS", upTo: 86_400),
        default: Int(RenderLimits().processorTime / 1_000_000),
        help: "How much of the processor's time each render may take")
    static let missingKey = Option(
        "missing-key", .choice(), default: MissingKey.error,
        help: "What a map key that does not exist gives, as Go's option missingkey; error: a mistake; default: no "
            + "value, which is false; plain text prints it as '<no value>', and haproxy and nginx refuse to; zero: the "
            + "same, but taking a field of it is a mistake")
    /// Without it the dialect decides.
    static let blankLines = Option(
        "blank-lines", ValueType<BlankLines>.choice(), repetition: .lastWins,
        help: "Lines of white space only: keep them, make several into one, or remove them (default: "
            + BlankLines.defaults + ")")
    static let delimiters = Option(
        "delims", .delimiters("L,R"), default: Template.Delimiters(), repetition: .refused,
        help: "The delimiters of the template's actions")

    static let rendering: [any DeclaredOption] = [
        output, param, params, include, environment, dialect, trustConfig, missingKey, blankLines, delimiters,
        timeLimit,
    ]
}

/// A setting as `--param` gives it.
struct GivenParameter: Sendable {
    let name: String
    let text: String
}

extension ValueType<GivenParameter> {
    fileprivate static func parameter(_ name: String) -> Self {
        Self(
            name, expected: "a name, '=' and a value, such as 'maxconn=4096'",
            parse: { word in
                guard let sign = word.firstIndex(of: "="), sign > word.startIndex else { return nil }
                return GivenParameter(name: String(word[..<sign]), text: String(word[word.index(after: sign)...]))
            },
            write: { "\($0.name)=\($0.text)" })
    }
}

extension ValueType<Template.Delimiters> {
    fileprivate static func delimiters(_ name: String) -> Self {
        Self(
            name, expected: "two different delimiters with one comma between, such as '[[,]]'",
            parse: { word in
                let parts = word.split(separator: ",", omittingEmptySubsequences: false)
                guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[0] != parts[1] else { return nil }
                return Template.Delimiters(left: String(parts[0]), right: String(parts[1]))
            },
            write: { "\($0.left),\($0.right)" })
    }
}

extension BlankLines {
    /// What each dialect does unless asked otherwise: `squeeze for haproxy and nginx, keep for plain`.
    fileprivate static var defaults: String {
        let groups = allCases.compactMap { choice in
            let dialects = Dialect.allCases.filter { $0.blankLines == choice }.map(\.rawValue)
            return dialects.isEmpty ? nil : (choice, dialects)
        }
        let sorted = groups.sorted { $0.1.count > $1.1.count }
        return sorted.map { "\($0.0.rawValue) for \($0.1.joined(separator: " and "))" }.joined(separator: ", ")
    }
}
