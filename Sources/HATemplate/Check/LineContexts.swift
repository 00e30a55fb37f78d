/// Which actions of a template stand where the configuration needs a value: after other text of their line, outside
/// quotes and comments.
struct LineContexts {
    private var arguments: Set<NodeID> = []

    init(_ tree: SyntaxTree, _ dialect: Dialect) {
        let bytes = tree.file.bytes
        var hasText = false
        var isComment = false
        var quote: UInt8?
        var last = UInt8(ascii: "\n")
        var lineOffset = 0
        // Text and actions are nodes in the order of the file.
        for index in tree.nodes.indices {
            let id = NodeID(index: Int32(truncatingIfNeeded: index))
            switch tree.nodes[index] {
            case .action:
                // Trimmed line breaks are in no text.
                let range = tree.range(of: id)
                if Self.hasLineBreak(bytes, from: lineOffset, to: Int(range.start)) {
                    (hasText, isComment, quote) = (false, false, nil)
                }
                lineOffset = max(lineOffset, Int(range.end))
                if hasText, !isComment, quote == nil { arguments.insert(id) }
                last = 0
            case .text(let range):
                if Self.hasLineBreak(bytes, from: lineOffset, to: Int(range.start)) {
                    (hasText, isComment, quote) = (false, false, nil)
                }
                lineOffset = max(lineOffset, Int(range.end))
                let first = bytes.startIndex + Int(range.start)
                for byte in bytes[first..<(bytes.startIndex + Int(range.end))] {
                    defer { last = byte }
                    if byte == UInt8(ascii: "\n") {
                        (hasText, isComment, quote) = (false, false, nil)
                        continue
                    }
                    if isComment { continue }
                    if let open = quote {
                        if byte == open { quote = nil }
                        continue
                    }
                    switch byte {
                    case UInt8(ascii: "\""), UInt8(ascii: "'"):
                        quote = byte
                        hasText = true
                    case UInt8(ascii: "#") where last == 0 || isSpace(last): isComment = true
                    case UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"):
                        // In nginx the next directive begins here.
                        hasText = !dialect.endsDirectivesBySigns
                    default:
                        if !isSpace(byte) { hasText = true }
                    }
                }
            default: break
            }
        }
    }

    private static func hasLineBreak(_ bytes: ArraySlice<UInt8>, from start: Int, to end: Int) -> Bool {
        guard start < end, end <= bytes.count else { return false }
        return bytes[(bytes.startIndex + start)..<(bytes.startIndex + end)].contains(UInt8(ascii: "\n"))
    }

    func isArgument(_ action: NodeID) -> Bool { arguments.contains(action) }
}
