/// Which actions of a template stand where the configuration needs a value: after other text of their line, outside
/// quotes and comments.
struct LineContexts {
    private var arguments: Set<NodeID> = []

    init(_ tree: SyntaxTree, _ dialect: Dialect) {
        var line = Line(dialect: dialect)
        // Text and actions are nodes in the order of the file.
        for index in tree.nodes.indices {
            let id = NodeID(index: Int32(truncatingIfNeeded: index))
            switch tree.nodes[index] {
            case .action:
                line.pass(tree.range(of: id), in: tree.file.bytes)
                if line.needsValue { arguments.insert(id) }
            case .text(let range):
                line.pass(range, in: tree.file.bytes)
                line.read(range, in: tree.file.bytes)
            default: break
            }
        }
    }

    func isArgument(_ action: NodeID) -> Bool { arguments.contains(action) }

    /// The template's own text of one line, as the proxy reads it.
    private struct Line {
        let dialect: Dialect
        private var state = ByteState.start
        private var last = UInt8(ascii: "\n")
        /// Offset of the first byte that no text and no action so far has.
        private var end = 0

        init(dialect: Dialect) {
            self.dialect = dialect
        }

        /// Whether the line has text before this place that is neither quoted nor a comment.
        var needsValue: Bool {
            switch state {
            case .gap, .word, .escape: true
            case .start, .doubleQuotes, .singleQuotes, .escapeInDoubleQuotes, .escapeInSingleQuotes, .comment, .foreign,
                .maybeComment:
                false
            }
        }

        /// Goes on to a text or an action. Line breaks that were trimmed before it are in no text.
        mutating func pass(_ range: SourceRange, in bytes: ArraySlice<UInt8>) {
            let start = Int(range.start)
            if end < start, start <= bytes.count,
                bytes[(bytes.startIndex + end)..<(bytes.startIndex + start)].contains(UInt8(ascii: "\n"))
            {
                state = .start
            }
            end = max(end, Int(range.end))
        }

        mutating func read(_ range: SourceRange, in bytes: ArraySlice<UInt8>) {
            let first = bytes.startIndex + Int(range.start)
            for byte in bytes[first..<(bytes.startIndex + Int(range.end))] {
                state = byte == UInt8(ascii: "\n") ? .start : next(byte)
                last = byte
            }
        }

        private func next(_ byte: UInt8) -> ByteState {
            switch dialect {
            case .haproxy: HAProxyBytes.step(state, byte).state
            case .nginx: NginxBytes.step(state, byte, isVariable: last == UInt8(ascii: "$")).state
            case .plain: state
            }
        }
    }
}
