/// What is known of a proxy's configurations: its sections, its directives and what their arguments are for.
///
/// A table is text, so that it reads like the proxy's own documents:
///
///     [global defaults]        the sections in which the rows below it stand
///     name text*: peer rule    what the arguments are for, and the directives that take them
///
/// `*` says that the last kind goes on, `{` that the directive opens a block. A name that ends in `*` stands for all that
/// begin so. A section that ends in `_` is a family: its rows stand for each of its prefixes. A directive without a row
/// is not known, and whoever asks must then assume the worst.
package struct Grammar: Sendable {
    /// A directive in a section.
    package struct Directive: Sendable, Equatable {
        package let kinds: [ArgumentKind]
        /// Whether more arguments are of the last kind.
        package let isOpenEnded: Bool
        package let opensBlock: Bool

        /// What an argument is for; the first one's index is 0. Nil for one that the directive does not take.
        package func kind(at index: Int) -> ArgumentKind? {
            if kinds.indices.contains(index) { return kinds[index] }
            return isOpenEnded ? kinds.last : nil
        }

        /// The worst that its arguments can do.
        package var effect: ArgumentKind.Effect { kinds.map(\.effect).max() ?? .harmless }
    }

    /// A row as it stands in the table.
    package struct Row: Sendable, Equatable {
        package let sections: [String]
        package let name: String
        package let directive: Directive
    }

    package let rows: [Row]
    /// The indices of rows by their exact name.
    private let named: [String: [Int]]
    /// The indices of rows whose name stands for all that begin so.
    private let prefixed: [Int]

    package init(_ table: String) {
        var rows: [Row] = []
        var sections: [String] = []
        for line in table.split(separator: "\n") {
            let line = line.prefix { $0 != "#" }
            if line.hasPrefix("[") {
                sections = line.dropFirst().prefix { $0 != "]" }.split(separator: " ").map(String.init)
                continue
            }
            guard let colon = line.firstIndex(of: ":") else { continue }
            let directive = Self.directive(line[..<colon])
            for name in line[line.index(after: colon)...].split(separator: " ") {
                let prefixes = sections.filter { $0.hasSuffix("_") }
                for prefix in prefixes.isEmpty ? [""] : prefixes {
                    rows.append(Row(sections: sections, name: prefix + name, directive: directive))
                }
            }
        }
        self.rows = rows
        var named: [String: [Int]] = [:]
        var prefixed: [Int] = []
        for (index, row) in rows.enumerated() {
            if row.name.hasSuffix("*") { prefixed.append(index) } else { named[row.name, default: []].append(index) }
        }
        self.named = named
        self.prefixed = prefixed
    }

    private static func directive(_ words: Substring) -> Directive {
        var kinds: [ArgumentKind] = []
        var (isOpenEnded, opensBlock) = (false, false)
        for word in words.split(separator: " ") {
            if word == "{" {
                opensBlock = true
                continue
            }
            isOpenEnded = word.hasSuffix("*")
            // A misspelled kind must not pass as harmless; a test names it.
            kinds.append(ArgumentKind(rawValue: String(isOpenEnded ? word.dropLast() : word)) ?? .code)
        }
        return Directive(kinds: kinds, isOpenEnded: isOpenEnded, opensBlock: opensBlock)
    }

    /// The rows of a name, in any section.
    package func rows(named name: String) -> [Row] {
        if let known = named[name] { return known.map { rows[$0] } }
        return prefixed.lazy.map { rows[$0] }.filter { name.hasPrefix($0.name.dropLast()) }
    }

    /// The directive of a name in a section; nil where there is none.
    package func directive(_ name: String, in section: String) -> Directive? {
        rows(named: name).first { $0.sections.contains(section) }?.directive
    }

    /// Everything that a name means in some section.
    package func directives(named name: String) -> [Directive] { rows(named: name).map(\.directive) }
}

extension Dialect {
    /// The grammar of the dialect; nil for text that has none.
    package var grammar: Grammar? {
        switch self {
        case .haproxy: HAProxyGrammar.grammar
        case .nginx: NginxGrammar.grammar
        case .plain: nil
        }
    }
}
