/// Reads the text of a configuration byte by byte and knows its context.
///
/// It follows the two programs' own readers: HAProxy's `parse_line` (src/tools.c) and nginx's `ngx_conf_read_token`
/// (src/core/ngx_conf_file.c).
struct DialectLexer {
    var context: LexicalContext
    /// Ends of arguments, lines, directives and blocks so far.
    private(set) var boundaries = 0
    /// The text behind two branches means something else in each of them.
    private(set) var isAmbiguous = false
    /// nginx: a block was closed that is not open.
    private(set) var hasUnderflow = false

    init(_ context: LexicalContext) {
        self.context = context
    }

    mutating func advance(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { advance(byte) }
    }

    mutating func advance(_ byte: UInt8) {
        if context.dialect == .haproxy { haproxy(byte) } else { nginx(byte) }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// A byte of the template's own text joins the current argument.
    private mutating func add(_ byte: UInt8) {
        // HAProxy: `!{` opens braces too.
        let isNegation = byte == UInt8(ascii: "!") && context.word.isEmpty && context.flags.contains(.condition)
        if !isNegation || context.flags.contains(.values) { context.word.add(byte) }
        context.flags.remove(.begins)
        context.outgrowName()
    }

    /// Ends the current argument.
    private mutating func endWord() {
        boundaries += 1
        if !context.flags.contains(.begins) { context.flags.remove(.maybeDirective) }
        if context.dialect == .haproxy { classifyHAProxyWord() } else { classifyNginxWord() }
        context.argument = min(context.argument + 1, context.directive.lastArgument)
        context.flags.insert(.begins)
        context.flags.subtract([.expression, .bracketed, .pending, .environment, .endsName])
        context.word = WordHash()
        context.state = .gap
    }

    // MARK: HAProxy

    private mutating func haproxy(_ byte: UInt8) {
        switch context.state {
        case .comment:
            if byte == 0x0A { endLine() }
        case .doubleQuotes:
            followEnvironment(byte)
            switch byte {
            case UInt8(ascii: "\""): context.state = .word
            case UInt8(ascii: "\\"): context.state = .escapeInDoubleQuotes
            case 0x0A: endLine()
            default: addHAProxy(byte)
            }
        case .singleQuotes:
            if byte == UInt8(ascii: "'") {
                context.state = .word
            } else if byte == 0x0A {
                endLine()
            } else {
                addHAProxy(byte)
            }
        case .escapeInDoubleQuotes, .escape:
            let quoted = context.state == .escapeInDoubleQuotes
            context.state = quoted ? .doubleQuotes : .word
            if byte == 0x0A { endLine() } else { addHAProxy(byte) }
        case .maybeComment:
            if byte == 0x0A { endLine() } else if !Self.isBlank(byte) { isAmbiguous = true }
        default:
            bareHAProxy(byte)
        }
    }

    private mutating func bareHAProxy(_ byte: UInt8) {
        switch byte {
        case 0x0A: endLine()
        case 0x20, 0x09, 0x0D, 0x0B, 0x0C:
            if context.state == .word { endWord() }
        case UInt8(ascii: "#"):
            if context.state == .word { endWord() }
            context.state = .comment
        case UInt8(ascii: "\""): context.state = .doubleQuotes
        case UInt8(ascii: "'"): context.state = .singleQuotes
        case UInt8(ascii: "\\"): context.state = .escape
        default:
            context.state = .word
            addHAProxy(byte)
        }
    }

    private mutating func endLine() {
        boundaries += 1
        context.beginDirective()
    }

    /// `$NAME`, `${NAME}`; what stands behind a `-` in the braces counts as the name.
    private mutating func followEnvironment(_ byte: UInt8) {
        if byte == UInt8(ascii: "$") {
            context.flags.insert(.environment)
        } else if !isDigit(byte), (byte | 0x20) &- UInt8(ascii: "a") >= 26,
            !Words.inVariable.contains(byte)
        {
            context.flags.remove(.environment)
        }
    }

    private mutating func addHAProxy(_ byte: UInt8) {
        if byte == UInt8(ascii: "("), isSample, Words.textual.contains(context.word) { context.flags.insert(.textual) }
        if byte == UInt8(ascii: ","), isSample, !context.flags.contains(.expression) {
            context.flags.remove(.textual)
        }
        add(byte)
        followFormat(byte)
    }

    /// `%%`, `%[…]`, `%{…}` and parentheses.
    private mutating func followFormat(_ byte: UInt8) {
        let isPending = context.flags.remove(.pending) != nil
        switch byte {
        case UInt8(ascii: "%"):
            if !isPending { context.flags.insert(.pending) }
        case UInt8(ascii: "["):
            if isPending { context.flags.formUnion([.expression, .bracketed]) }
        case UInt8(ascii: "{"):
            if isPending { context.flags.insert(.expression) }
        case UInt8(ascii: "("): context.flags.insert(.expression)
        case UInt8(ascii: ")"):
            if !context.flags.contains(.bracketed) { context.flags.remove(.expression) }
        case UInt8(ascii: "}"):
            // `%{+Q}[…]` goes on.
            if !context.flags.contains(.bracketed), context.flags.remove(.expression) != nil {
                context.flags.insert(.pending)
            }
        case UInt8(ascii: "]"): context.flags.subtract([.expression, .bracketed])
        default: break
        }
    }

    /// Whether the current word is what an ACL asks for.
    private var isSample: Bool {
        if context.flags.contains(.condition) {
            return context.flags.contains(.braces) && !context.flags.contains(.values)
        }
        return context.directive == .acl && context.argument == 2
    }

    private mutating func classifyHAProxyWord() {
        let word = context.word
        if isSample, Words.textual.contains(word) { context.flags.insert(.textual) }
        if context.directive == .acl || context.flags.contains(.values) {
            if Words.textMethods.contains(word) { context.flags.insert(.textual) }
            if Words.numberMethods.contains(word) { context.flags.remove(.textual) }
        }
        let wasHeaderName = context.flags.isSuperset(of: [.format, .plainText])
        context.flags.subtract([.format, .plainText, .sample])
        if context.argument == 0 {
            context.directive = Directive.haproxy(word)
        } else if word.isUncertain {
            context.directive = .unknown
        } else if context.flags.contains(.condition) {
            classifyCondition(word)
        } else if word == Words.if || word == Words.unless, context.directive != .acl {
            context.flags.insert(.condition)
        } else if context.directive == .acl, word == Words.doubleDash {
            context.flags.insert(.flagsEnded)
        } else if context.directive == .rule, context.argument == 1 {
            context.directive = .rule(word)
        } else if context.directive == .ruleOther {
            if wasHeaderName || Words.beforeFormat.contains(word) {
                context.flags.insert(.format)
            } else if Words.beforeText.contains(word) {
                context.flags.insert(.plainText)
            } else if word == Words.hdr {
                // A name, and then a format.
                context.flags.formUnion([.format, .plainText])
            }
        } else if takesSample, Words.beforeSample.contains(word) {
            context.flags.insert(.sample)
        }
    }

    /// Whether the current word may say that a sample follows.
    private var takesSample: Bool {
        switch context.directive {
        case .sampling: true
        case .server: context.argument > 2
        case .serverTemplate: context.argument > 3
        default: false
        }
    }

    private mutating func classifyCondition(_ word: WordHash) {
        if word == Words.open {
            context.flags.insert(.braces)
            context.flags.subtract([.values, .flagsEnded, .textual])
        } else if word == Words.close {
            context.flags.subtract([.braces, .values, .flagsEnded, .textual])
        } else if context.flags.contains(.values), word == Words.doubleDash {
            context.flags.insert(.flagsEnded)
        } else if context.flags.contains(.braces) {
            context.flags.insert(.values)
        }
    }

    // MARK: nginx

    private mutating func nginx(_ byte: UInt8) {
        switch context.state {
        case .comment:
            if byte == 0x0A { endNginxComment() }
        case .doubleQuotes, .singleQuotes:
            let isDouble = context.state == .doubleQuotes
            switch byte {
            case UInt8(ascii: isDouble ? "\"" : "'"):
                context.state = .word
                context.flags.remove(.begins)
            case UInt8(ascii: "\\"): context.state = isDouble ? .escapeInDoubleQuotes : .escapeInSingleQuotes
            default: addNginx(byte)
            }
        case .escapeInDoubleQuotes, .escapeInSingleQuotes, .escape:
            switch context.state {
            case .escapeInDoubleQuotes: context.state = .doubleQuotes
            case .escapeInSingleQuotes: context.state = .singleQuotes
            default: context.state = .word
            }
            addNginx(byte)
        case .maybeComment:
            if byte == 0x0A {
                endNginxComment()
                context.flags.insert(.maybeDirective)
            } else if !Self.isBlank(byte) {
                isAmbiguous = true
            }
        case .foreign: foreign(byte)
        default: bareNginx(byte)
        }
    }

    private mutating func endNginxComment() {
        let isStart = context.argument == 0 && context.word.isEmpty
        context.state = isStart ? .start : .gap
    }

    private mutating func bareNginx(_ byte: UInt8) {
        let begins = context.state != .word
        switch byte {
        case 0x0A, 0x20, 0x09, 0x0D:
            if !begins { endWord() }
        case UInt8(ascii: ";"):
            if !begins { endWord() }
            boundaries += 1
            context.beginDirective()
        case UInt8(ascii: "{") where begins || !context.flags.contains(.pending):
            if !begins { endWord() }
            openBlock()
        case UInt8(ascii: "}") where begins:
            boundaries += 1
            if context.blocks == 1 { hasUnderflow = true } else { context.blocks >>= 2 }
            context.beginDirective()
        case UInt8(ascii: "#") where begins: context.state = .comment
        case UInt8(ascii: "\"") where begins: context.state = .doubleQuotes
        case UInt8(ascii: "'") where begins: context.state = .singleQuotes
        case UInt8(ascii: "\\"): context.state = .escape
        default:
            context.state = .word
            addNginx(byte)
        }
    }

    private mutating func addNginx(_ byte: UInt8) {
        if byte == UInt8(ascii: "~"), context.flags.contains(.begins) { context.flags.insert(.regex) }
        add(byte)
        if byte == UInt8(ascii: "$") {
            context.flags.formUnion([.expression, .pending])
            context.flags.remove(.bracketed)
            return
        }
        if byte == UInt8(ascii: "{"), context.flags.contains(.pending) { context.flags.insert(.bracketed) }
        context.flags.remove(.pending)
        if !isDigit(byte), (byte | 0x20) &- UInt8(ascii: "a") >= 26, byte != UInt8(ascii: "_"),
            byte != UInt8(ascii: "{")
        {
            context.flags.subtract([.expression, .bracketed])
        }
    }

    private mutating func openBlock() {
        boundaries += 1
        let directive = context.directive
        // Deeper blocks than fit are all alike.
        let kind: UInt64 = directive == .mapBlock ? 1 : directive == .geoBlock ? 2 : 0
        if context.blocks.leadingZeroBitCount > 3 { context.blocks = context.blocks << 2 | kind }
        context.beginDirective()
        if directive == .foreignBlock {
            context.state = .foreign
            context.lua = LuaReader()
        }
    }

    private mutating func foreign(_ byte: UInt8) {
        guard context.lua.advance(byte) else { return }
        boundaries += 1
        context.blocks >>= 2
        context.lua = LuaReader()
        context.beginDirective()
    }

    private mutating func classifyNginxWord() {
        let word = context.word
        context.flags.subtract([.regex, .maybeRegex])
        if context.argument == 0 {
            // The keys of maps are no directives.
            let isKey = context.blocks > 3 && context.blocks & 3 != 0
            context.directive = isKey && (word.isSpoiled || word.isUncertain) ? .other : Directive.nginx(word)
        } else if word.isUncertain {
            context.directive = .unknown
            context.flags.insert(.followsValue)
        }
        if Words.beforeRegex.contains(word) || (context.directive == .rewrite && context.argument == 0) {
            context.flags.insert(.regex)
        }
    }
}
