extension RegularExpression {
    /// What is wrong with a pattern.
    struct Mistake: Error, Equatable {
        /// Go's words for it.
        enum Reason: String, Sendable {
            case characterRange = "invalid character class range"
            case escape = "invalid escape sequence"
            case groupName = "invalid named capture"
            case groupSyntax = "invalid or unsupported Perl syntax"
            case doubleRepetition = "invalid nested repetition operator"
            case repetitionCount = "invalid repeat count"
            case invalidUTF8 = "invalid UTF-8"
            case missingBracket = "missing closing ]"
            case missingParenthesis = "missing closing )"
            case nothingToRepeat = "missing argument to repetition operator"
            case trailingBackslash = "trailing backslash at end of expression"
            case unexpectedParenthesis = "unexpected )"
            case tooDeep = "expression nests too deeply"
            case tooLarge = "expression too large"
        }

        let reason: Reason
        /// The bytes of the pattern that Go quotes in its message.
        let range: Range<Int>
        /// The bytes to point at, which say more where Go quotes the whole pattern.
        let place: Range<Int>

        init(_ reason: Reason, _ range: Range<Int>, place: Range<Int>? = nil) {
            self.reason = reason
            self.range = range
            self.place = place ?? range
        }
    }
}
