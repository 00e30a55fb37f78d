/// The second line of defence: reads a finished output again and sees whether every value from data stayed inside its
/// argument. It reads with the lexer that gives actions their contexts, which knows nothing of quoting or refusing.
struct StructureCheck: ~Copyable {
    /// A value in the output, in bytes from its start.
    struct Span: BitwiseCopyable {
        let start: UInt32
        let end: UInt32
    }

    /// Where values stand that were not harmless at first sight, in the order of the output.
    private var spans = Buffer<Span>(capacity: 16)

    /// Whether there is nothing to look at.
    var isEmpty: Bool { spans.count == 0 }

    /// Remembers where a value stands.
    mutating func add(_ span: Range<Int>) {
        spans.append(
            Span(start: UInt32(truncatingIfNeeded: span.lowerBound), end: UInt32(truncatingIfNeeded: span.upperBound)))
    }

    /// The first span whose value ended an argument, a line, a block or quotes; nil when none did.
    func violation(in output: UnsafeBufferPointer<UInt8>, from start: Int, _ dialect: Dialect) -> Range<Int>? {
        var lexer = DialectLexer(LexicalContext(dialect))
        var position = start
        for index in 0..<spans.count {
            let span = Int(spans[index].start)..<Int(spans[index].end)
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
        while spans.count > 0, Int(spans[spans.count - 1].end) > offset { spans.truncate(to: spans.count - 1) }
    }
}
