/// Reads the text of a configuration byte by byte and knows its context.
///
/// The bytes' own rules stand in `HAProxyBytes` and `NginxBytes`, which the reader of statements follows too.
struct DialectLexer {
    var context: LexicalContext
    /// Ends of arguments, lines, directives and blocks so far.
    private(set) var boundaries = 0
    /// The text after two branches means something else in each of them.
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
        switch context.dialect {
        case .haproxy: haproxy(byte)
        case .nginx: nginx(byte)
        case .plain: break
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// A byte of the template's own text joins the current argument.
    private mutating func add(_ byte: UInt8) {
        // HAProxy: `!{` opens braces too.
        let isNegation = byte == UInt8(ascii: "!") && context.word.isEmpty && context.flags.contains(.condition)
        if !isNegation || context.flags.contains(.values) { context.word.add(byte) }
        context.flags.remove(.begins)
        if context.flags.remove(.backslash) == nil, byte == UInt8(ascii: "\\") { context.flags.insert(.backslash) }
        context.outgrowName()
        // The names of families end in one of these.
        guard context.argument == 0, (".-_" as StaticString).contains(byte) else { return }
        if Directive.isFamily(context.word, context.dialect) { context.flags.insert(.family) }
        if Directive.isCodeFamily(context.word, context.dialect) { context.flags.insert(.codeFamily) }
    }

    /// Ends the current argument.
    private mutating func endWord() {
        boundaries += 1
        if !context.flags.contains(.begins) { context.flags.remove(.maybeDirective) }
        switch context.dialect {
        case .haproxy: classifyHAProxyWord()
        case .nginx: classifyNginxWord()
        case .plain: break
        }
        context.argument = min(context.argument + 1, context.directive.lastArgument)
        context.flags.insert(.begins)
        context.flags.subtract([.expression, .bracketed, .pending, .alias, .environment, .endsName, .backslash])
        context.word = WordHash()
        context.state = .gap
    }

    // MARK: HAProxy

    private mutating func haproxy(_ byte: UInt8) {
        let state = context.state
        if state == .maybeComment, byte != 0x0A {
            if !Self.isBlank(byte) { isAmbiguous = true }
            return
        }
        if state == .doubleQuotes {
            followEnvironment(byte)
            // What the word is depends on the environment.
            if byte == UInt8(ascii: "$") { context.word.spoil() }
        }
        let isEscape = state == .escape || state == .escapeInDoubleQuotes
        if isEscape, byte == UInt8(ascii: "x") { context.word.spoil() }
        let step = HAProxyBytes.step(state, byte)
        if step.endsWord { endWord() }
        context.state = step.state
        switch step.effect {
        case .text: addHAProxy(byte)
        case .endLine: endLine()
        case .nothing, .mark, .endComment, .endDirective, .openBlock, .closeBlock: break
        }
    }

    private mutating func endLine() {
        boundaries += 1
        context.beginDirective()
    }

    /// `$NAME`, `${NAME}`; what stands after a `-` in the braces counts as the name.
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
        if byte == UInt8(ascii: "("), context.directive == .rule, context.word == Words.setVarFormat {
            context.directive = .ruleFormat
        }
        if byte == UInt8(ascii: ","), isSample, !context.flags.contains(.expression) {
            context.flags.remove(.textual)
        }
        if byte == UInt8(ascii: "("), Words.environmentSamples.contains(context.word) {
            context.flags.insert(.environment)
        } else if byte == UInt8(ascii: ")") {
            context.flags.remove(.environment)
        }
        add(byte)
        followFormat(byte)
    }

    /// `%%`, `%[…]`, `%{…}` and parentheses.
    private mutating func followFormat(_ byte: UInt8) {
        let isPending = context.flags.remove(.pending) != nil
        if (byte | 0x20) &- UInt8(ascii: "a") >= 26 {
            context.flags.remove(.alias)
        } else if isPending {
            context.flags.insert(.alias)
        }
        switch byte {
        case UInt8(ascii: "%"):
            if !isPending, !context.isPlainText { context.flags.insert(.pending) }
        case UInt8(ascii: "["):
            if isPending { context.flags.formUnion([.expression, .bracketed]) }
        case UInt8(ascii: "{"):
            if isPending { context.flags.insert(.expression) }
        case UInt8(ascii: "("):
            if !context.hasPlainParentheses { context.flags.insert(.expression) }
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
        let wasSetting = context.flags.contains(.setting)
        context.flags.subtract([.format, .plainText, .sample, .setting, .file])
        if context.argument == 0 {
            context.directive = Directive.haproxy(word)
            if context.flags.remove(.family) != nil, context.directive == .unknown, !word.isSpoiled {
                context.directive = .other
            }
        } else if word.isUncertain {
            context.directive = .unknown
        } else if namesFile(after: word, wasSetting: wasSetting) {
            context.flags.insert(.file)
        } else if context.flags.contains(.condition) {
            classifyCondition(word)
        } else if word == Words.if || word == Words.unless, context.directive != .acl {
            context.flags.insert(.condition)
        } else if context.directive == .acl, word == Words.doubleDash {
            context.flags.insert(.flagsEnded)
        } else if context.directive == .rule, context.argument == 1 {
            context.directive = word == Words.useService ? .program : .rule(word)
            if context.directive == .ruleOther { classifyRuleWord(word, wasHeaderName: false) }
        } else if context.directive == .ruleOther {
            classifyRuleWord(word, wasHeaderName: wasHeaderName)
        } else if takesSample, Words.beforeSample.contains(word) {
            context.flags.insert(.sample)
        } else if takesSample, !wasSetting, Words.serverSettings.contains(word) {
            context.flags.insert(.setting)
        }
    }

    /// A word of `http-request return` and its kin may say that text or a format follows.
    private mutating func classifyRuleWord(_ word: WordHash, wasHeaderName: Bool) {
        // `http-check expect hdr name NAME value TEXT`
        if word == Words.headerName, wasHeaderName {
            context.flags.insert(.plainText)
        } else if wasHeaderName || Words.beforeFormat.contains(word) {
            context.flags.insert(.format)
        } else if Words.beforeFile.contains(word) {
            context.flags.formUnion([.plainText, .file])
        } else if Words.beforeText.contains(word) {
            context.flags.insert(.plainText)
        } else if word == Words.hdr {
            // A name, and then a format.
            context.flags.formUnion([.format, .plainText])
        }
    }

    /// Whether the name of a file follows a word: `crt` of a bind or server, `-f` of an ACL.
    private func namesFile(after word: WordHash, wasSetting: Bool) -> Bool {
        if context.directive == .acl || context.flags.contains(.values) {
            return word == Words.fileFlag && !context.flags.contains(.flagsEnded)
        }
        guard takesSample || context.directive == .address, !wasSetting else { return false }
        return Words.fileSettings.contains(word)
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
        let state = context.state
        if state == .foreign { return foreign(byte) }
        if state == .maybeComment, byte != 0x0A {
            if !Self.isBlank(byte) { isAmbiguous = true }
            return
        }
        let step = NginxBytes.step(state, byte, isVariable: context.flags.contains(.pending))
        if step.endsWord { endWord() }
        switch step.effect {
        case .endComment: endNginxComment(isCertain: state == .comment)
        case .endDirective:
            boundaries += 1
            context.beginDirective()
        case .openBlock: openBlock()
        case .closeBlock: closeBlock()
        case .mark:
            context.state = step.state
            // Quotes end here.
            if step.state == .word { context.flags.remove(.begins) }
        case .text:
            context.state = step.state
            addNginx(byte)
            // An escaped sign begins no variable.
            if state == .escape || state == .escapeInDoubleQuotes || state == .escapeInSingleQuotes {
                context.flags.remove(.pending)
            }
        case .nothing, .endLine: context.state = step.state
        }
    }

    private mutating func endNginxComment(isCertain: Bool) {
        let isStart = context.argument == 0 && context.word.isEmpty
        context.state = isStart ? .start : .gap
        if !isCertain { context.flags.insert(.maybeDirective) }
    }

    private mutating func closeBlock() {
        boundaries += 1
        if context.blocks == 1 { hasUnderflow = true } else { context.blocks >>= 2 }
        context.beginDirective()
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
            context.directive = Directive.nginx(word)
            let isFamily = context.flags.remove(.family) != nil && !word.isSpoiled
            let runsCode = context.flags.remove(.codeFamily) != nil && !isKey
            if runsCode, context.directive == .unknown { context.directive = .program }
            if isKey || isFamily, context.directive == .unknown { context.directive = .other }
        } else if word.isUncertain {
            context.directive = .unknown
            context.flags.insert(.followsValue)
        }
        if Words.beforeRegex.contains(word) || (context.directive == .rewrite && context.argument == 0) {
            context.flags.insert(.regex)
        }
    }
}
