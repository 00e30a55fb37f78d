/// Where in a configuration a place is, as far as it matters for a value written there: the state of the lexer of the
/// dialect, and what the current argument is for.
///
/// Small and comparable. Go: html/template/context.go.
struct LexicalContext: Hashable, Sendable {
    typealias State = ByteState

    /// What is known of the argument besides.
    struct Flags: OptionSet, Hashable, Sendable {
        let rawValue: UInt32

        /// Nothing of the template's own text stands in this argument yet.
        static let begins = Flags(rawValue: 1)
        /// The argument may be the first word of a directive, depending on the branch taken or on a value.
        static let maybeDirective = Flags(rawValue: 2)
        /// HAProxy: after `if` or `unless`.
        static let condition = Flags(rawValue: 4)
        /// HAProxy: in the braces of an anonymous ACL.
        static let braces = Flags(rawValue: 8)
        /// HAProxy: in braces, after the sample that is asked for.
        static let values = Flags(rawValue: 16)
        /// HAProxy: after `--`, so that no value is read as a flag.
        static let flagsEnded = Flags(rawValue: 32)
        /// HAProxy: in `%[…]` or parentheses. nginx: in the name of a variable.
        static let expression = Flags(rawValue: 64)
        /// HAProxy: after a `%` that is not doubled. nginx: after a `$`.
        static let pending = Flags(rawValue: 128)
        /// The word before said that a format, or plain text, follows (HAProxy), or a regular expression (nginx).
        static let format = Flags(rawValue: 256)
        static let plainText = Flags(rawValue: 512)
        static let regex = Flags(rawValue: 1024)
        /// HAProxy: the ACL's sample is known to be compared as text, so that `gt` and the like are text too.
        static let textual = Flags(rawValue: 2048)
        /// HAProxy: in the name of a variable of the environment, in double quotes.
        static let environment = Flags(rawValue: 4096)
        /// A value stands in an earlier part of the directive: trusted text may have brought several words.
        static let followsValue = Flags(rawValue: 8192)
        /// nginx: on one of the ways to here the word is the directive's name: one that letters would make another.
        static let endsName = Flags(rawValue: 16384)
        /// HAProxy: in `%[…]`. nginx: in `${…}`.
        static let bracketed = Flags(rawValue: 32768)
        /// HAProxy: in the letters of a log-format's alias, such as `%ci`.
        static let alias = Flags(rawValue: 65536)
        /// HAProxy: the word before is a setting of a server that takes one value.
        static let setting = Flags(rawValue: 131072)
        /// The directive's name is one of a family that the grammar knows, such as `tune.`.
        static let family = Flags(rawValue: 262144)
        /// nginx: the same, of a family whose directives run code.
        static let codeFamily = Flags(rawValue: 1 << 25)
        /// HAProxy: the word before says that the name of a file follows.
        static let file = Flags(rawValue: 524288)
        /// The current argument ends in a backslash, as the proxy reads it, which is not itself escaped.
        static let backslash = Flags(rawValue: 1 << 24)
        /// nginx: the argument may be a regular expression, depending on the branch taken.
        static let maybeRegex = format
        /// HAProxy: the word before said that a sample follows.
        static let sample = regex

        /// What must hold on both ways to a place.
        static let certain: Flags = [.flagsEnded, .plainText, .textual]
    }

    let dialect: Dialect
    var state = State.start
    var directive = Directive.other
    /// Which argument of the directive is next or current; 0 is its name. Counted as far as it matters.
    var argument: UInt8 = 0
    var flags: Flags = [.begins]
    var word = WordHash()
    /// nginx: two bits a block around, the innermost lowest; a 1 above them all.
    var blocks: UInt64 = 1
    /// Where in a foreign block this is.
    var lua = LuaReader()

    init(_ dialect: Dialect) {
        self.dialect = dialect
    }

    /// Begins the next directive.
    mutating func beginDirective() {
        state = .start
        directive = .other
        argument = 0
        flags = [.begins]
        word = WordHash()
    }

    /// The context after an action's value, whatever it was.
    var afterValue: LexicalContext {
        // A comment is no part of any directive.
        if state == .comment { return self }
        var after = self
        switch state {
        case .start:
            switch dialect {
            case .haproxy:
                after.state = .word
                after.directive = .unknown
                after.argument = 1
                after.flags.insert(.maybeDirective)
            case .nginx, .plain:
                if role != .directive { after.state = .word }
            }
        case .gap: after.state = .word
        case .escape: after.state = .word
        case .escapeInDoubleQuotes: after.state = .doubleQuotes
        case .escapeInSingleQuotes: after.state = .singleQuotes
        default: break
        }
        if after.state != .start {
            after.word.spoil()
            after.flags.insert(.followsValue)
            after.outgrowName()
        }
        return after
    }

    /// Something joins the word that `endsName` is about.
    mutating func outgrowName() {
        if flags.remove(.endsName) != nil { directive = .unknown }
    }

    /// Forgets the letters of an unfinished argument, so that templates that call each other meet few contexts.
    var atCall: LexicalContext {
        guard !word.isEmpty, !word.isDecisive(dialect) else { return self }
        var copy = self
        switch dialect {
        case .haproxy:
            if argument == 0, ![.other, .unknown].contains(Directive.haproxy(word)) { return self }
        case .nginx:
            guard argument == 0, state == .word, blocks & 3 == 0 || blocks == 1, !word.isSpoiled else { break }
            copy.directive = Directive.nginx(word)
            if ![.other, .unknown, .pair, .location].contains(copy.directive) { return self }
            copy.argument = 1
            copy.flags.insert(.endsName)
        case .plain:
            break
        }
        copy.word.spoil()
        return copy
    }

    /// The context that stands for both: what is safe there is safe in either. Nil when there is none.
    func joined(with other: LexicalContext) -> LexicalContext? {
        if self == other { return self }
        var result = self
        result.flags = flags.union(other.flags).subtracting(.certain)
        result.flags.formUnion(flags.intersection(other.flags).intersection(.certain))
        if word != other.word { result.word = word.joined(with: other.word, dialect) }
        if dialect.hasModifiers, flags.contains(.regex) != other.flags.contains(.regex) {
            result.flags.remove(.regex)
            result.flags.insert(.maybeRegex)
        }
        guard let blocks = joinedBlocks(other), lua == other.lua else { return nil }
        result.blocks = blocks
        if let shared = sharedDirective(with: other) {
            result.directive = shared
            result.argument = 1
            if argument == 0 || other.argument == 0 { result.flags.insert(.endsName) }
        } else if directive != other.directive || argument != other.argument
            || (flags.symmetricDifference(other.flags).intersection([.condition, .braces, .values]) != [])
        {
            result.directive = .unknown
            result.argument = 1
        }
        if state != other.state {
            guard let state = joinedState(other) else { return nil }
            result.state = state
        }
        if state.isBare, other.state.isBare, state == .start || other.state == .start, result.state != .start {
            result.flags.formUnion([.maybeDirective, .begins])
        }
        return result
    }

    /// The directive of both, where one is further in it than the other and its arguments are all alike: only where a sign
    /// ends the directive, and not the line, can they be so.
    private func sharedDirective(with other: LexicalContext) -> Directive? {
        guard dialect.endsDirectivesBySigns, argument != other.argument || (argument == 0 && word != other.word) else {
            return nil
        }
        let shared = directiveIfEnded
        let isKnown = [.other, .pair, .location, .listen].contains(shared)
        return isKnown && shared == other.directiveIfEnded ? shared : nil
    }

    /// The directive, should its name end here. Nil where none has begun.
    private var directiveIfEnded: Directive? {
        guard argument == 0 else { return directive }
        return state == .word ? Directive.nginx(word) : nil
    }

    private func joinedState(_ other: LexicalContext) -> State? {
        if state.isBare, other.state.isBare { return .word }
        let pair: Set<State> = [state, other.state]
        let may = pair.allSatisfy { $0.isBare || $0 == .comment || $0 == .maybeComment }
        return may ? .maybeComment : nil
    }

    /// Both must stand in as many blocks; a block of unlike kinds counts as an ordinary one.
    private func joinedBlocks(_ other: LexicalContext) -> UInt64? {
        guard blocks.leadingZeroBitCount == other.blocks.leadingZeroBitCount else { return nil }
        var result = blocks
        var shift: UInt64 = 0
        while shift < 62 {
            let mask: UInt64 = 3 << shift
            if blocks & mask != other.blocks & mask, blocks >> shift > 3 { result &= ~mask }
            shift += 2
        }
        return result
    }
}

/// The letters of the current word, as far as needed to recognise it. Equal words are equal; a word with a value in it
/// equals none that is known.
struct WordHash: Hashable, Sendable {
    private(set) var hash: UInt64 = WordHash.offset
    private static let offset: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let spoiled: UInt64 = 0
    private static let uncertain: UInt64 = 1

    init() {}

    init(_ word: StaticString) {
        word.withUTF8Buffer { for byte in $0 { add(byte) } }
    }

    init(_ word: String) {
        for byte in word.utf8 { add(byte) }
    }

    var isEmpty: Bool { hash == Self.offset }

    /// FNV-1a.
    mutating func add(_ byte: UInt8) {
        if hash > Self.uncertain { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }

    /// It is not known which letters the word has.
    var isSpoiled: Bool { hash == Self.spoiled }

    /// It may be a word that decides what the next one is, depending on the branch taken.
    var isUncertain: Bool { hash == Self.uncertain }

    /// Something that is not known belongs to the word.
    mutating func spoil() {
        if !isUncertain { hash = Self.spoiled }
    }

    /// The word where two ways meet.
    func joined(with other: WordHash, _ dialect: Dialect) -> WordHash {
        var result = self
        if dialect.hasKeywords, Words.conditions.contains(self), Words.conditions.contains(other) {
            result = Words.if
        } else if isUncertain || other.isUncertain || isDecisive(dialect) || other.isDecisive(dialect) {
            result.hash = Self.uncertain
        } else {
            result.hash = Self.spoiled
        }
        return result
    }

    /// Whether the word decides what the next one is.
    func isDecisive(_ dialect: Dialect) -> Bool {
        switch dialect {
        case .haproxy: Words.decisive.contains(self)
        case .nginx: Words.modifiers.contains(self)
        case .plain: false
        }
    }
}
