/// How two texts end their lines, where that differs.
package struct LineBreakChange: Sendable, Equatable {
    /// Lines that end with CR LF.
    private let old: Int
    private let new: Int

    /// nil where both have as many lines that end with CR LF, or where one has no lines at all.
    package init?(from old: [UInt8], to new: [UInt8]) {
        guard !old.isEmpty, !new.isEmpty else { return nil }
        self.old = Self.count(old)
        self.new = Self.count(new)
        if self.old == self.new { return nil }
    }

    private static func count(_ text: [UInt8]) -> Int {
        var previous: UInt8 = 0
        var count = 0
        for byte in text {
            if byte == 0x0A, previous == 0x0D { count += 1 }
            previous = byte
        }
        return count
    }

    /// For the words above a difference, in which such a line ends with \u{240D}.
    package var sentence: String {
        func lines(_ count: Int) -> String { count == 1 ? "1 line" : "\(count) lines" }
        if new == 0 { return "line breaks: CR LF became LF in \(lines(old))" }
        if old == 0 { return "line breaks: LF became CR LF in \(lines(new))" }
        return "line breaks: CR LF in \(lines(new)), before in \(old)"
    }
}
