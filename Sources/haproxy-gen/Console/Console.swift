import HASystem

/// Writes to standard output and standard error.
///
/// Standard output carries results alone; everything said to a person goes to standard error.
struct Console: Sendable {
    private let files: FileSystem
    /// Whether messages on standard error are colored.
    let usesColor: Bool
    /// What is under way, where standard error is a terminal.
    let progress: ProgressLine?

    init(files: FileSystem, usesColor: Bool, progress: ProgressLine? = nil) {
        self.files = files
        self.usesColor = usesColor
        self.progress = progress
    }

    /// Writes a result to standard output.
    func write(_ text: String) throws(CommandError) {
        try write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) throws(CommandError) {
        // Both streams may be the same terminal.
        progress?.erase()
        do { try files.writeAll(bytes, to: 1) } catch { throw .standardOutput(error) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(CommandError) {
        do { try files.writeAll(bytes, to: 1) } catch { throw .standardOutput(error) }
    }

    /// Writes text that is laid out already (diagnostics, `wrote FILE`) to standard error.
    ///
    /// A failure is ignored: there is no place left to report it, and the exit code says the outcome.
    func say(_ text: String) {
        progress?.erase()
        try? files.writeAll(Array(text.utf8), to: 2)
    }

    /// `haproxy-gen: error: …`
    func error(_ sentence: String) {
        message("error", color: "\u{1B}[1;31m", sentence)
    }

    /// `haproxy-gen: note: …`
    func note(_ sentence: String) {
        message("note", color: "\u{1B}[1;36m", sentence)
    }

    private func message(_ label: String, color: String, _ sentence: String) {
        let shown = usesColor ? "\(color)\(label):\u{1B}[0m" : "\(label):"
        say("haproxy-gen: \(shown) \(Console.printable(sentence))\n")
    }

    /// The same for a text of several lines, whose line breaks stay.
    static func printableLines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { printable(String($0)) }
            .joined(separator: "\n")
    }

    /// The text with control characters shown as escapes: a message quotes file names and words of the command line,
    /// which must not command the terminal, nor break the message into lines.
    static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}":
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
