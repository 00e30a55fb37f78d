/// What the reader of a configuration is in.
enum ByteState: UInt8, Sendable {
    /// A directive may begin here.
    case start
    /// Between two arguments.
    case gap
    /// In an argument without quotes.
    case word
    case doubleQuotes, singleQuotes
    /// After a backslash, outside quotes or in them.
    case escape, escapeInDoubleQuotes, escapeInSingleQuotes
    case comment
    /// In a block of another language, such as `content_by_lua_block`.
    case foreign
    /// In a comment or not, depending on the branch taken; a line break ends it.
    case maybeComment

    /// No quotes, no comment: whatever follows is read as arguments.
    var isBare: Bool { self == .start || self == .gap || self == .word }
}

/// What a byte does to a reader.
struct ByteStep {
    enum Effect {
        case nothing
        /// It belongs to a word and is no text of it: a quote, a backslash.
        case mark
        /// It is text of a word.
        case text
        /// HAProxy: the line ends, and its directive with it.
        case endLine
        /// nginx: a line break ends a comment.
        case endComment
        /// nginx: `;`, `{`, `}`
        case endDirective, openBlock, closeBlock
    }

    /// What the reader is in after the byte. The effects that end or open something decide it themselves.
    var state: ByteState
    var effect = Effect.nothing
    /// Whether a word ends before the byte.
    var endsWord = false
}

/// The byte rules of HAProxy: `parse_line` in src/tools.c. The context analysis and the reader of statements both follow
/// them.
enum HAProxyBytes {
    static func step(_ state: ByteState, _ byte: UInt8) -> ByteStep {
        if byte == 0x0A { return ByteStep(state: .start, effect: .endLine) }
        switch state {
        case .comment, .maybeComment, .foreign: return ByteStep(state: state)
        case .doubleQuotes:
            switch byte {
            case UInt8(ascii: "\""): return ByteStep(state: .word, effect: .mark)
            case UInt8(ascii: "\\"): return ByteStep(state: .escapeInDoubleQuotes, effect: .mark)
            default: return ByteStep(state: state, effect: .text)
            }
        case .singleQuotes, .escapeInSingleQuotes:
            return byte == UInt8(ascii: "'")
                ? ByteStep(state: .word, effect: .mark) : ByteStep(state: .singleQuotes, effect: .text)
        case .escape:
            let endsLine = byte == 0x0D
            return ByteStep(state: endsLine ? .comment : .word, effect: endsLine ? .nothing : .text, endsWord: endsLine)
        case .escapeInDoubleQuotes: return ByteStep(state: .doubleQuotes, effect: .text)
        case .start, .gap, .word: return bare(state, byte)
        }
    }

    private static func bare(_ state: ByteState, _ byte: UInt8) -> ByteStep {
        let isWord = state == .word
        switch byte {
        case 0x20, 0x09, 0x0B, 0x0C: return ByteStep(state: isWord ? .gap : state, endsWord: isWord)
        // Nothing after a carriage return is read.
        case UInt8(ascii: "#"), 0x0D: return ByteStep(state: .comment, endsWord: isWord)
        case UInt8(ascii: "\""): return ByteStep(state: .doubleQuotes, effect: .mark)
        case UInt8(ascii: "'"): return ByteStep(state: .singleQuotes, effect: .mark)
        case UInt8(ascii: "\\"): return ByteStep(state: .escape, effect: .mark)
        default: return ByteStep(state: .word, effect: .text)
        }
    }

    /// What stands for a byte after a backslash; nil where the backslash stays.
    static func escaped(_ byte: UInt8, inDoubleQuotes: Bool) -> UInt8? {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\\"), UInt8(ascii: "#"), UInt8(ascii: "'"), UInt8(ascii: "\""): byte
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "$"): inDoubleQuotes ? byte : nil
        default: nil
        }
    }
}

/// The byte rules of nginx: `ngx_conf_read_token` in src/core/ngx_conf_file.c.
enum NginxBytes {
    /// `isVariable`: whether the byte before was a `$` of the word, so that a brace belongs to it.
    static func step(_ state: ByteState, _ byte: UInt8, isVariable: Bool) -> ByteStep {
        switch state {
        case .comment, .maybeComment:
            return byte == 0x0A ? ByteStep(state: .gap, effect: .endComment) : ByteStep(state: state)
        case .foreign: return ByteStep(state: state)
        case .doubleQuotes, .singleQuotes:
            let isDouble = state == .doubleQuotes
            switch byte {
            case UInt8(ascii: isDouble ? "\"" : "'"): return ByteStep(state: .word, effect: .mark)
            case UInt8(ascii: "\\"):
                return ByteStep(state: isDouble ? .escapeInDoubleQuotes : .escapeInSingleQuotes, effect: .mark)
            default: return ByteStep(state: state, effect: .text)
            }
        case .escape: return ByteStep(state: .word, effect: .text)
        case .escapeInDoubleQuotes: return ByteStep(state: .doubleQuotes, effect: .text)
        case .escapeInSingleQuotes: return ByteStep(state: .singleQuotes, effect: .text)
        case .start, .gap, .word: return bare(state, byte, isVariable: isVariable)
        }
    }

    private static func bare(_ state: ByteState, _ byte: UInt8, isVariable: Bool) -> ByteStep {
        let isWord = state == .word
        switch byte {
        case 0x0A, 0x20, 0x09, 0x0D: return ByteStep(state: isWord ? .gap : state, endsWord: isWord)
        case UInt8(ascii: ";"): return ByteStep(state: .start, effect: .endDirective, endsWord: isWord)
        case UInt8(ascii: "{") where !isWord || !isVariable:
            return ByteStep(state: .start, effect: .openBlock, endsWord: isWord)
        case UInt8(ascii: "\\"): return ByteStep(state: .escape, effect: .mark)
        case _ where isWord: return ByteStep(state: .word, effect: .text)
        case UInt8(ascii: "}"): return ByteStep(state: .start, effect: .closeBlock)
        case UInt8(ascii: "#"): return ByteStep(state: .comment)
        case UInt8(ascii: "\""): return ByteStep(state: .doubleQuotes, effect: .mark)
        case UInt8(ascii: "'"): return ByteStep(state: .singleQuotes, effect: .mark)
        default: return ByteStep(state: .word, effect: .text)
        }
    }

    /// What stands for a byte after a backslash; nil where the backslash stays.
    static func escaped(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): byte
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        default: nil
        }
    }
}
