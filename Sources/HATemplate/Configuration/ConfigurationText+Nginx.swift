// nginx: src/core/ngx_conf_file.c, ngx_conf_read_token: statements end in `;` or open a block, quotes stand around
// whole words, `#` begins a comment where a word could begin.
extension ConfigurationText {
    mutating func readNginx() {
        var blocks: [Int] = []
        var words: [Word] = []
        var open = OpenWord()
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "#") where open.isEmpty:
                while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
                continue
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard open.isEmpty else {
                    open.add(byte, at: offset)
                    break
                }
                offset = readQuoted(from: offset, into: &open)
                if let word = open.finish(at: offset) { words.append(word) }
                continue
            case UInt8(ascii: "\\") where offset + 1 < bytes.count:
                open.quote(at: offset)
                open.add(bytes[offset + 1], at: offset)
                offset += 1
            case UInt8(ascii: "$") where offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "{"):
                open.add(byte, at: offset)
                open.add(bytes[offset + 1], at: offset)
                offset += 1
            case UInt8(ascii: ";"), UInt8(ascii: "{"):
                if let word = open.finish(at: offset) { words.append(word) }
                let isOpening = byte == UInt8(ascii: "{")
                if isOpening { blocks.append(statements.count) }
                add(words, isOpening: isOpening, blocks: isOpening ? blocks.dropLast() : blocks[...], at: offset)
                words = []
            case UInt8(ascii: "}") where open.isEmpty:
                add(words, isOpening: false, blocks: blocks[...], at: offset)
                words = []
                _ = blocks.popLast()
            case _ where Self.isSpace(byte):
                if let word = open.finish(at: offset) { words.append(word) }
            default:
                open.add(byte, at: offset)
            }
            offset += 1
        }
        if let word = open.finish(at: offset) { words.append(word) }
        add(words, isOpening: false, blocks: blocks[...], at: offset)
    }

    private mutating func add(_ words: [Word], isOpening: Bool, blocks: ArraySlice<Int>, at offset: Int) {
        // A block without a name still opens one, so that its end closes the right block.
        guard isOpening || !words.isEmpty else { return }
        let words = words.isEmpty ? [Word(text: "", range: offset..<offset, isQuoted: true)] : words
        let line = line(ofOffset: words[0].range.lowerBound)
        statements.append(Statement(words: words, line: line, parent: blocks.last, isOpening: isOpening))
    }

    /// Reads a quoted word; returns the offset behind its closing quote, or the end of the text.
    private func readQuoted(from start: Int, into open: inout OpenWord) -> Int {
        open.quote(at: start)
        var offset = start + 1
        while offset < bytes.count, bytes[offset] != bytes[start] {
            if bytes[offset] == UInt8(ascii: "\\"), offset + 1 < bytes.count { offset += 1 }
            open.add(bytes[offset], at: offset)
            offset += 1
        }
        return min(offset + 1, bytes.count)
    }
}
