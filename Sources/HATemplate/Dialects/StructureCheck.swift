/// The second line of defence: reads a finished output again and sees whether every value from data stayed inside its
/// argument. Its reader shares nothing with the quoting that it checks.
struct StructureCheck {
    /// Where values stand that were not harmless at first sight, in the order of the output.
    var spans: [Range<Int>] = []

    /// The first span whose value ended an argument, a line, a block or quotes; nil when none did.
    func violation(in output: UnsafeBufferPointer<UInt8>, from start: Int, _ dialect: Dialect) -> Range<Int>? {
        var lexer = DialectLexer(LexicalContext(dialect))
        var position = start
        for span in spans {
            while position < span.lowerBound {
                lexer.advance(output[position])
                position += 1
            }
            let before = (boundaries: lexer.boundaries, state: lexer.context.state)
            while position < span.upperBound {
                lexer.advance(output[position])
                position += 1
            }
            let after = lexer.context.state
            let staysIn = before.state.isBare ? after.isBare : after == before.state
            guard lexer.boundaries == before.boundaries, staysIn else { return span }
        }
        return nil
    }

    /// Forgets what was dropped from the output.
    mutating func truncate(to offset: Int) {
        while let last = spans.last, last.upperBound > offset { spans.removeLast() }
    }
}
