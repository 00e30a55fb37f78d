/// What the bytes of a value from data must be to be written as they are.
struct SafetyRule: Hashable, Sendable {
    enum Quoting: UInt8, Sendable {
        case none, double, single
    }

    let dialect: Dialect
    var role: Role
    let quoting: Quoting
    /// Whether nothing of the template's stands before the value in its argument.
    let isFirst: Bool
    /// Whether neither text nor a value stands before it in its argument.
    var isAlone = true
    /// nginx: what a value is that does not go on with the name of a variable before it.
    var roleAfterVariable: Role?
    /// HAProxy: whether a keyword before it says that any text follows, also none.
    var isText = false
    /// HAProxy: whether `gt` and the like may be a comparison here.
    var takesComparison = false
    /// HAProxy: whether an `if` may stand before, so that `or` and braces would count.
    var mayFollowCondition = false
    /// nginx: whether a `~` may stand before, so that the value would be a regular expression.
    var mayFollowModifier = false

    /// HAProxy: whether `\` begins a reference or the digits of a byte (`\1`, `\x0a`) for the reader of the argument.
    var isReplacement = false

    /// Whether it stands in a block of another language, where nothing is an argument.
    var isInForeignBlock = false
    /// nginx: whether it is the path of a location, which holds no variables.
    var isPath = false
    /// nginx: whether it is a path below the root of a site, which begins with a slash or not.
    var isPage = false
    /// nginx: whether it says where requests go, which data must not lead to a socket of the machine.
    var isURL = false
    /// nginx: whether it is a private key, which a library may hold.
    var isKey = false
    /// HAProxy: whether the letters of a log-format's alias stand before it, which letters of a value would go on with.
    var followsAlias = false
    /// Whether a backslash of a regular expression or a replacement stands before it, which would escape its first sign.
    var followsBackslash = false
    /// Whether letters of the template stand before it that may become a word that means something.
    var completesWord = false
    /// Whether the value may be a whole path, since a person typed it.
    var namesAnyFile = false
    /// HAProxy: whether an `if` here would begin a condition.
    var mayBeCondition = false

    init(dialect: Dialect, role: Role, quoting: Quoting, isFirst: Bool) {
        self.dialect = dialect
        self.role = role
        self.quoting = quoting
        self.isFirst = isFirst
    }

    /// One byte's place in the table of a rule.
    enum Class {
        static let safe: UInt8 = 0
        /// Needs quotes or is refused.
        static let unsafe: UInt8 = 1
        /// The same, as the first byte of an argument.
        static let unsafeFirst: UInt8 = 2
    }

    /// 256 classes, by the byte.
    var table: [UInt8] {
        (0...255).map { number in
            let byte = UInt8(truncatingIfNeeded: number)
            if isControl(byte) || isUnsafe(byte) { return Class.unsafe }
            if followsBackslash { return Class.unsafe }
            if followsAlias, isLetter(byte) { return Class.unsafeFirst }
            guard isFirst else { return Class.safe }
            return refusesFirst(byte) || needsQuotesFirst(byte) || beginsWord(byte) ? Class.unsafeFirst : Class.safe
        }
    }

    /// Whether letters, digits and `-._` are harmless after the first byte.
    var allowsWords: Bool {
        let table = table
        return (UInt8.min...UInt8.max).allSatisfy { byte in
            let isWord = isAlphanumeric(byte) || ("-._" as StaticString).contains(byte)
            return !isWord || table[Int(byte)] != Class.unsafe
        }
    }

    /// Shorter values need a closer look: empty ones, and the words of conditions.
    var shortest: Int {
        if isURL { return Int(Int32.max) }
        if mayBeCondition || role == .variableText { return 7 }
        if takesComparison || mayFollowCondition { return 3 }
        return switch role {
        case .directive, .comment, .nowhere: 0
        case .foreign: isInForeignBlock ? 0 : 1
        case .condition, .unknown: 3
        case .expression, .variable, .program, .environment: 1
        case .regex: isFirst ? 1 : 0
        default: isFirst && (quoting == .none || dialect.endsAtEmptyArgument) ? 1 : 0
        }
    }

    /// Roles whose values are refused when a byte is not safe, because quotes would not help.
    var isStrict: Bool { allowed != nil }

    func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

    /// What a strict role allows beside letters and digits.
    private var allowed: StaticString? {
        switch role {
        case .directive, .program, .nowhere, .environment, .alias: ""
        case .name, .condition: dialect.signsOfNames
        case .address: "_-.:*[]"
        case .expression, .geoKey, .variableText: "_-.:/"
        case .variable, .foreign: "_"
        default: nil
        }
    }

    private func isUnsafe(_ byte: UInt8) -> Bool {
        if role == .comment { return false }
        if takesNothing { return true }
        if let allowed { return isSignOfPath(byte) || (!isAlphanumeric(byte) && !allowed.contains(byte)) }
        return changesLexing(byte) || refuses(byte) || isEscaped(byte) || isDollarOfPath(byte) || isSignOfPath(byte)
    }

    /// Bytes of paths that lead out of a folder: two dots, and a slash at the beginning of what may name a file.
    func isSignOfPath(_ byte: UInt8) -> Bool {
        switch role {
        case .path: byte == UInt8(ascii: ".")
        case .expression, .variableText: byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
        default: false
        }
    }

    /// Whether no value from data can stand there, save an empty one.
    var takesNothing: Bool {
        role == .directive || role == .program || role == .nowhere || role == .environment || role == .alias
    }

    /// Whether a byte ends the argument or the quotes, or begins an escape.
    private func changesLexing(_ byte: UInt8) -> Bool {
        switch (dialect, quoting) {
        case (.haproxy, .none): (" \"'\\#" as StaticString).contains(byte)
        case (.haproxy, .double): ("\"\\$" as StaticString).contains(byte)
        case (.nginx, .none): (" ;{\\" as StaticString).contains(byte)
        case (.nginx, .double): ("\"\\" as StaticString).contains(byte)
        case (.haproxy, .single): byte == UInt8(ascii: "'")
        case (.nginx, .single): ("'\\" as StaticString).contains(byte)
        case (.plain, _): false
        }
    }

    /// Bytes that mean something to the reader of the argument, which no quoting takes from them.
    func refuses(_ byte: UInt8) -> Bool {
        switch (dialect, role) {
        case (.nginx, .regex): false
        case (.nginx, .location) where isPath: false
        case (.nginx, .location) where mayFollowModifier: ("$.^*+?()[]{}|\\" as StaticString).contains(byte)
        case (.nginx, _): byte == UInt8(ascii: "$")
        case (.haproxy, .maybeFormat):
            ("%(" as StaticString).contains(byte) || (quoting == .none && changesLexing(byte))
        case (.haproxy, .unknown): ("%(}|" as StaticString).contains(byte)
        case (.haproxy, _), (.plain, _): false
        }
    }

    /// nginx: text in the path of a location, but for one before a block's brace.
    func isDollarOfPath(_ byte: UInt8) -> Bool { isPath && byte == UInt8(ascii: "$") }

    /// Bytes that have an escape of the argument's own language.
    func isEscaped(_ byte: UInt8) -> Bool {
        switch role {
        case .logFormat: byte == UInt8(ascii: "%") || (isReplacement && byte == UInt8(ascii: "\\"))
        case .regex: (".^$*+?()[]{}|\\\"'#;~ " as StaticString).contains(byte)
        case .bracedValue, .bracedText: byte == UInt8(ascii: "}")
        default: false
        }
    }

    /// Bytes that an argument from data must not begin with.
    func refusesFirst(_ byte: UInt8) -> Bool {
        switch role {
        case _ where takesFlags: byte == UInt8(ascii: "-")
        case .location where dialect.hasModifiers: ("~=^@" as StaticString).contains(byte)
        case .mapKey, .geoKey: ("~\\" as StaticString).contains(byte)
        case .argument where dialect.hasModifiers: byte == UInt8(ascii: "~")
        case .path: byte == UInt8(ascii: "/") && !namesAnyFile && !isPage
        case .variableText: byte == UInt8(ascii: "-")
        default: false
        }
    }

    /// HAProxy: whether a `-` begins a flag.
    var takesFlags: Bool { role == .aclValue || role == .bracedValue || role == .unknown }

    /// Whether the letters after a value may become a word that means something with it.
    func mayMakeWord(with following: Following) -> Bool {
        guard !following.tails.isEmpty else { return false }
        if takesFlags || role == .directive || isKey { return true }
        return !reservedWords.isEmpty && following.tails.contains { $0.letters.first != UInt8(ascii: "-") }
    }

    /// Whether a byte is text inside an argument, but not at its beginning.
    func needsQuotesFirst(_ byte: UInt8) -> Bool {
        quoting == .none && role != .comment && role != .foreign && dialect.signsOfBeginnings.contains(byte)
    }

    /// First letters of `reservedWords`.
    private func beginsWord(_ byte: UInt8) -> Bool {
        if isKey { return ("esp" as StaticString).contains(byte | 0x20) }
        return switch role {
        case .mapKey: ("dhiv" as StaticString).contains(byte)
        case .geoKey: ("dipr" as StaticString).contains(byte)
        case .argument where dialect.hasModifiers: byte == UInt8(ascii: "!")
        default: false
        }
    }

    /// Values that are read as something else than a value.
    var reservedWords: [StaticString] {
        var words: [StaticString] =
            switch role {
            case .condition: Self.disjunctions
            case .variableText: Self.disjunctions + Self.comparisons + ["if", "unless"]
            case .unknown: Self.disjunctions + Self.comparisons + ["||", "{", "}", "!"]
            case .bracedValue, .bracedText: ["}"]
            case .mapKey: ["default", "hostnames", "include", "volatile"]
            case .geoKey: ["default", "delete", "include", "proxy", "proxy_recursive", "ranges"]
            case .argument where dialect.hasModifiers: ["!~", "!~*"]
            default: []
            }
        if role == .location, completesWord { words += ["^~"] }
        if mayBeCondition { words += ["if", "unless"] }
        if takesComparison { words += Self.comparisons }
        if mayFollowCondition { words += Self.disjunctions + ["||", "{", "}"] }
        return words
    }

    /// What the name of a key begins with that OpenSSL asks a library for, in any case.
    static let libraries: [StaticString] = ["engine:", "store:", "pkcs11:", "provider:"]

    /// HAProxy does not look at the case of this one.
    private static let disjunctions: [StaticString] = ["or", "OR", "Or", "oR"]
    private static let comparisons: [StaticString] = ["eq", "ne", "ge", "gt", "le", "lt"]
}

func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

package func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

extension StaticString {
    func contains(_ byte: UInt8) -> Bool { withUTF8Buffer { $0.contains(byte) } }

    func equals(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { withUTF8Buffer { equalBytes($0, bytes) } }

    func begins(with bytes: UnsafeBufferPointer<UInt8>) -> Bool { withUTF8Buffer { $0.starts(with: bytes) } }
}
