/// Reads the Lua of a block such as `content_by_lua_block` as far as needed to find the block's end: braces in strings
/// and comments do not count. Lua 5.1 manual, section 2.1; lua-nginx-module: ngx_http_lua_lex.c.
struct LuaReader: Hashable, Sendable {
    private enum Mode: UInt8 {
        case code
        /// After one `-`, or after `--`.
        case dash, commentStart
        case comment
        /// After `[` and some `=`, of a long string or comment.
        case opening
        case long
        /// In one, after `]` and some `=`.
        case closing
        case doubleQuotes, singleQuotes, escapeInDoubleQuotes, escapeInSingleQuotes
    }

    private var mode = Mode.code
    /// Braces that are open, the block's own included.
    private var depth: UInt8 = 1
    /// The `=` of the long bracket that is open, and those counted so far.
    private var level: UInt8 = 0
    private var count: UInt8 = 0
    private var isComment = false

    /// Whether what comes next decides what came before, so that no value can stand here.
    var isUndecided: Bool {
        switch mode {
        case .code, .comment, .long, .doubleQuotes, .singleQuotes: false
        case .dash, .commentStart, .opening, .closing, .escapeInDoubleQuotes, .escapeInSingleQuotes: true
        }
    }

    /// Reads a byte, and says whether it ends the block.
    mutating func advance(_ byte: UInt8) -> Bool {
        switch mode {
        case .code: return code(byte)
        case .dash:
            mode = .code
            if byte != UInt8(ascii: "-") { return code(byte) }
            mode = .commentStart
        case .commentStart:
            if byte == UInt8(ascii: "[") { open(inComment: true) } else { mode = byte == 0x0A ? .code : .comment }
        case .comment:
            if byte == 0x0A { mode = .code }
        case .opening: return opening(byte)
        case .long:
            if byte == UInt8(ascii: "]") { (mode, count) = (.closing, 0) }
        case .closing: closing(byte)
        case .doubleQuotes, .singleQuotes: quoted(byte)
        case .escapeInDoubleQuotes: mode = .doubleQuotes
        case .escapeInSingleQuotes: mode = .singleQuotes
        }
        return false
    }

    private mutating func code(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "{"): depth = min(depth + 1, 250)
        case UInt8(ascii: "}"):
            depth -= min(depth, 1)
            return depth == 0
        case UInt8(ascii: "\""): mode = .doubleQuotes
        case UInt8(ascii: "'"): mode = .singleQuotes
        case UInt8(ascii: "-"): mode = .dash
        case UInt8(ascii: "["): open(inComment: false)
        default: break
        }
        return false
    }

    private mutating func open(inComment: Bool) { (mode, count, isComment) = (.opening, 0, inComment) }

    private mutating func opening(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="): count = min(count + 1, 250)
        case UInt8(ascii: "["): (mode, level) = (.long, count)
        default:
            mode = isComment && byte != 0x0A ? .comment : .code
            return mode == .code ? code(byte) : false
        }
        return false
    }

    private mutating func closing(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "="): count = min(count + 1, 250)
        case UInt8(ascii: "]"):
            if count == level { mode = .code } else { count = 0 }
        default: mode = .long
        }
    }

    private mutating func quoted(_ byte: UInt8) {
        let isDouble = mode == .doubleQuotes
        switch byte {
        case UInt8(ascii: "\\"): mode = isDouble ? .escapeInDoubleQuotes : .escapeInSingleQuotes
        case UInt8(ascii: isDouble ? "\"" : "'"), 0x0A: mode = .code
        default: break
        }
    }
}
