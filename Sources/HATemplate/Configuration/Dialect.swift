/// What a template's output is. It decides how values from data are written into it, and how it is read.
///
/// `docs/architecture.md` lists what a new case needs; the compiler asks for most of it.
public enum Dialect: String, Sendable, CaseIterable {
    case haproxy
    /// nginx, with its modules http and stream.
    case nginx
    /// Any text: values are written as they are, as Go's text/template does.
    case plain

    /// Whether values from data are kept inside their arguments.
    package var isGuarded: Bool {
        switch self {
        case .haproxy, .nginx: true
        case .plain: false
        }
    }

    /// Whether `;` and braces end a directive, and not the line.
    package var endsDirectivesBySigns: Bool {
        switch self {
        case .nginx: true
        case .haproxy, .plain: false
        }
    }

    /// Whether an output is a text of lines, so that its last one ends with a line break.
    package var endsLastLine: Bool {
        switch self {
        case .haproxy, .nginx: true
        case .plain: false
        }
    }

    /// The program that reads such a configuration; nil where none is known.
    package var program: String? {
        switch self {
        case .haproxy: "haproxy"
        case .nginx: "nginx"
        case .plain: nil
        }
    }

    /// What happens to blank lines unless something else is asked for.
    package var blankLines: BlankLines {
        switch self {
        case .haproxy, .nginx: .squeeze
        case .plain: .keep
        }
    }

    /// Whether a file's name says that it holds such a configuration, or a template for one.
    private func isNamed(by name: String) -> Bool {
        switch self {
        case .haproxy: Self.ends(name, ".cfg")
        case .nginx: Self.ends(name, ".conf") || (name.hasPrefix("nginx") && name.hasSuffix(".tpl"))
        case .plain: false
        }
    }

    private static func ends(_ name: String, _ ending: String) -> Bool {
        ["", ".tmpl", ".tpl"].contains { name.hasSuffix(ending + $0) }
    }

    /// The dialect that a path's last name stands for; nil for a name that says nothing.
    package static func named(by path: String) -> Dialect? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return allCases.first { $0.isNamed(by: name) }
    }
}
