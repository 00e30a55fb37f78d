/// What a template's output is, which decides how values from data are written into it.
public enum Dialect: String, Sendable, CaseIterable {
    /// Any text: values are written as they are, as Go's text/template does.
    case plain
    case haproxy
    /// nginx, with its modules http and stream.
    case nginx
}
