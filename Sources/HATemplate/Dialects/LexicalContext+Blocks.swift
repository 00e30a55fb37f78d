// Blocks around a call.
extension LexicalContext {
    /// How many blocks a template that is called knows of: one that calls itself inside a block would otherwise meet another
    /// context each time.
    private static let keptBlocks = 6

    private var blockCount: Int { (63 - blocks.leadingZeroBitCount) / 2 }

    /// The kind of a block, counted from the outermost.
    private func kind(ofBlock number: Int) -> UInt64 {
        blocks >> (2 * UInt64(truncatingIfNeeded: blockCount - 1 - number)) & 3
    }

    /// The same without the outermost blocks, and with the kind of the innermost alone: no block stands in one that holds
    /// keys. So templates that call each other meet few contexts.
    var withFewBlocks: LexicalContext {
        let count = blockCount
        guard count > 1 else { return self }
        var copy = self
        copy.blocks = 1 << (2 * UInt64(truncatingIfNeeded: min(count, Self.keptBlocks))) | blocks & 3
        return copy
    }

    /// The end of a template that was called in a context, with the blocks around that.
    func withBlocks(around context: LexicalContext) -> LexicalContext {
        let around = context.blockCount
        guard around > 1 else { return self }
        let cut = around - context.withFewBlocks.blockCount
        let count = cut + blockCount
        guard count < 31 else { return self }
        var result: UInt64 = 1
        for number in 0..<count {
            let own = number >= cut ? kind(ofBlock: number - cut) : 0
            let isKept = number >= around - 1 || own != 0
            result = result << 2 | (isKept ? own : context.kind(ofBlock: number))
        }
        var copy = self
        copy.blocks = result
        return copy
    }
}
