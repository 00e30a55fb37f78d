/// The values of `--color`.
enum ColorChoice: String, Sendable, CaseIterable {
    case auto, always, never

    /// Whether to write colors to a stream.
    ///
    /// `auto` obeys <https://no-color.org> (`NO_COLOR` set and not empty means no) and leaves colors out for a
    /// terminal that cannot show them, and where the stream is no terminal.
    func usesColor(onTerminal isTerminal: Bool, environment: (String) -> String?) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            guard isTerminal, let terminal = environment("TERM"), terminal != "dumb" else { return false }
            return (environment("NO_COLOR") ?? "").isEmpty
        }
    }
}
