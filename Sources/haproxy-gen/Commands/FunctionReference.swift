import HATemplate

/// Lays out the descriptions of functions.
enum FunctionReference {
    /// A line for each: its names, then what it does.
    static func list(_ functions: [FunctionDescription], width: Int) -> String {
        var text = ""
        for function in functions {
            let names = ([function.name] + function.aliases).joined(separator: ", ")
            text += TextWrap.columns(names, function.summary, second: 34, width: width) + "\n"
        }
        return text
    }

    /// All about one function.
    static func details(_ function: FunctionDescription) -> String {
        var text = "\(function.signature)\n\n\(function.summary).\n"
        if let dependence = function.dependence { text += "The result depends on \(dependence).\n" }
        if !function.aliases.isEmpty { text += "\nAlso: \(function.aliases.joined(separator: ", "))\n" }
        text += "\nExample:\n  \(indented(function.example))\nprints:\n  \(indented(function.result))\n"
        return text
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ")
    }

    /// `docs/functions.md`.
    static func markdown(_ functions: [FunctionDescription]) -> String {
        var text = """
            # Functions

            Made by `haproxy-gen functions --format markdown`; a test fails when it is stale. What Go and Hugo share a
            name for is described in `COMPATIBILITY.md`.

            | function | also | what it gives |
            | --- | --- | --- |

            """
        for function in functions {
            let aliases = function.aliases.map { "`\($0)`" }.joined(separator: ", ")
            text += "| [`\(function.name)`](#\(anchor(function.name))) | \(aliases) | \(cell(function.summary)) |\n"
        }
        for function in functions {
            text += "\n## \(function.name)\n\n`\(function.signature)`\n\n\(function.summary).\n"
            if let dependence = function.dependence { text += "The result depends on \(dependence).\n" }
            text += "\n```\n\(function.example)\n```\n\nprints\n\n```\n\(function.result)\n```\n"
        }
        return text
    }

    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    /// The anchor that Markdown gives a heading: in lower case and without dots.
    private static func anchor(_ heading: String) -> String {
        heading.lowercased().filter { $0 != "." }
    }
}
