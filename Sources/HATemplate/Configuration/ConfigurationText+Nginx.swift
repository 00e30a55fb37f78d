// nginx: src/core/ngx_conf_file.c, ngx_conf_read_token: statements end in `;` or open a block.
extension ConfigurationText {
    mutating func readNginx() {
        var reader = NginxReader(bytes)
        while let ending = reader.nextStatement() {
            let parent = reader.blocks.last
            switch ending {
            case .directive, .end: add(reader.words, isOpening: false, parent: parent, at: reader.offset)
            case .block:
                add(reader.words, isOpening: true, parent: parent, at: reader.offset)
                let name = reader.words.first?.text ?? ""
                if NginxGrammar.isForeignBlock(name) {
                    reader.skipForeign()
                } else {
                    reader.blocks.append(statements.count - 1)
                }
            case .closing:
                add(reader.words, isOpening: false, parent: parent, at: reader.offset)
                _ = reader.blocks.popLast()
            }
            if ending == .end { break }
        }
    }

    private mutating func add(_ words: [Word], isOpening: Bool, parent: Int?, at offset: Int) {
        // A block without a name still opens one, so that its end closes the right block.
        guard isOpening || !words.isEmpty else { return }
        let words = words.isEmpty ? [Word(text: "", range: offset..<offset, isQuoted: true)] : words
        let line = line(ofOffset: words[0].range.lowerBound)
        statements.append(Statement(words: words, line: line, parent: parent, isOpening: isOpening))
    }
}

/// Makes words of a file, up to the end of each statement.
struct NginxReader {
    enum Ending {
        case directive, block, closing
        /// Of the file.
        case end
    }

    /// The statements that opened the blocks around, by whatever the caller counts them.
    var blocks: [Int] = []
    private(set) var words: [ConfigurationText.Word] = []
    private(set) var offset = 0
    private let bytes: [UInt8]
    private var open = OpenWord()
    private var state = ByteState.start
    private var isVariable = false
    private var hasEnded = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads the words of the next statement; nil after the end of the file.
    mutating func nextStatement() -> Ending? {
        guard !hasEnded else { return nil }
        words = []
        while offset < bytes.count {
            let byte = bytes[offset]
            let before = state
            let step = NginxBytes.step(state, byte, isVariable: isVariable)
            state = step.state
            if step.endsWord { finish() }
            var ending: Ending?
            switch step.effect {
            case .mark:
                open.quote(at: offset)
                // A quoted word ends with its quote, whatever follows it.
                if state == .word {
                    offset += 1
                    finish()
                    state = .gap
                    continue
                }
            case .text:
                if before == .escape || before == .escapeInDoubleQuotes || before == .escapeInSingleQuotes {
                    addEscaped(byte)
                } else {
                    open.add(byte, at: offset)
                    isVariable = byte == UInt8(ascii: "$")
                }
            case .endDirective: ending = .directive
            case .openBlock: ending = .block
            case .closeBlock: ending = .closing
            case .nothing, .endComment, .endLine: break
            }
            if byte == 0 { open.spoil() }
            offset += 1
            if let ending { return ending }
        }
        hasEnded = true
        finish()
        return .end
    }

    private mutating func addEscaped(_ byte: UInt8) {
        isVariable = false
        if let plain = NginxBytes.escaped(byte) { return open.add(plain, at: offset) }
        open.add(UInt8(ascii: "\\"), at: offset - 1)
        open.add(byte, at: offset)
    }

    private mutating func finish() {
        isVariable = false
        if let word = open.finish(at: offset) { words.append(word) }
    }

    /// Goes on after a block of another language.
    mutating func skipForeign() {
        var lua = LuaReader()
        while offset < bytes.count {
            let ends = lua.advance(bytes[offset])
            offset += 1
            if ends { return }
        }
    }
}
