/// What the argument is for that a value is written into: it decides what the value may be.
enum Role: UInt8, CaseIterable, Sendable {
    /// Any text, which is quoted where that is needed.
    case argument
    /// The first word of a directive.
    case directive
    /// The name of a section, server, ACL or upstream.
    case name
    /// Host and port.
    case address
    /// The names in the condition after `if` or `unless`.
    case condition
    /// A sample, converter, or action: text that is read as a small language.
    case expression
    case aclValue
    /// A value in the braces of an anonymous ACL.
    case bracedValue
    /// The same after `--`.
    case bracedText
    case logFormat
    /// An argument that HAProxy reads as a log-format or a sample, or as it stands, depending on others.
    case maybeFormat
    /// An argument of a directive that is not known: as strict as the strictest.
    case unknown

    case location
    /// What is looked for in a `map`, `types` or `split_clients` block, and in a `geo` block.
    case mapKey, geoKey
    case regex
    /// nginx: after `$`.
    case variable
    /// HAProxy: after `$` in double quotes. Data must not choose a variable of the environment.
    case environment
    /// HAProxy: after `%` in a log-format. Data must not choose what is logged.
    case alias
    /// HAProxy: what a variable of the environment stands for, which later words may hold.
    case variableText
    case foreign
    /// The name of a file that the proxy reads or writes.
    case path
    /// A program, a library or a file of code. Data must not choose what runs.
    case program

    case comment
    /// No value can be written here.
    case nowhere

    /// For messages: "the value cannot stand in …".
    var text: String {
        switch self {
        case .argument: "an argument"
        case .directive: "the place of a directive"
        case .name: "a name"
        case .address: "an address"
        case .condition: "a condition"
        case .expression: "an expression"
        case .aclValue: "the value of an ACL"
        case .bracedValue, .bracedText: "the value of an anonymous ACL"
        case .logFormat: "a log-format"
        case .maybeFormat: "an argument that HAProxy may read as a log-format or an expression"
        case .unknown: "an argument of a directive that is not known"
        case .location: "the path of a location"
        case .mapKey: "the key of a map"
        case .geoKey: "the key of a geo block"
        case .regex: "a regular expression"
        case .variable: "the name of a variable"
        case .environment: "the name of a variable of the environment"
        case .alias: "the name of an alias"
        case .variableText: "the value of a variable of the environment"
        case .foreign: "code of another language"
        case .path: "the name of a file"
        case .program: "the name of code or of a library"
        case .comment: "a comment"
        case .nowhere: "this place: what it is depends on what follows, or on the branch that was taken"
        }
    }
}

extension LexicalContext {
    var role: Role {
        switch state {
        case .comment: return .comment
        case .foreign: return lua.isUndecided ? .nowhere : .foreign
        case .maybeComment, .escape, .escapeInDoubleQuotes, .escapeInSingleQuotes: return .nowhere
        case .start, .gap, .word, .doubleQuotes, .singleQuotes: break
        }
        switch dialect {
        case .haproxy: return haproxyRole
        case .nginx: return nginxRole
        case .plain: return .nowhere
        }
    }

    private var haproxyRole: Role {
        if argument == 0 || flags.contains(.maybeDirective) { return .directive }
        if flags.contains(.environment) { return .environment }
        if isAlias { return .alias }
        if !flags.isDisjoint(with: [.expression, .pending, .sample]) { return .expression }
        if directive == .file || flags.contains(.file) { return .path }
        if flags.contains(.condition), directive != .unknown {
            guard flags.contains(.braces) else { return .condition }
            guard flags.contains(.values) else { return .expression }
            return flags.contains(.flagsEnded) ? .bracedText : .bracedValue
        }
        switch (directive, argument) {
        case (.unknown, _): return .unknown
        case (.program, _): return .program
        case (.environment, 1): return .environment
        case (.environment, _): return .variableText
        case (.section, 1), (.server, 1), (.secondAddress, 1), (.acl, 1), (.backendName, 1): return .name
        case (.backendName, 2): return .condition
        case (.serverTemplate, 1): return .name
        case (.server, 2), (.secondAddress, 2), (.address, 1), (.serverTemplate, 3): return .address
        case (.acl, 2), (.rule, _), (.variable, _): return .expression
        case (.acl, _): return flags.contains(.flagsEnded) ? .argument : .aclValue
        case (.ruleNameFormat, 3), (.ruleFormat, 2), (.ruleRegexFormat, 3), (.ruleNameRegexFormat, 4): return .logFormat
        case (.ruleNameFormat, 2), (.ruleRegexFormat, 2), (.ruleNameRegexFormat, 2), (.ruleNameRegexFormat, 3):
            return .argument
        case (.ruleOther, _) where flags.contains(.format): return .logFormat
        case (.ruleOther, _) where flags.contains(.plainText): return .argument
        case (.ruleNameFormat, _), (.ruleFormat, _), (.ruleRegexFormat, _), (.ruleNameRegexFormat, _), (.ruleOther, _):
            return .maybeFormat
        case (.logFormat, _): return .logFormat
        default: return .argument
        }
    }

    private var nginxRole: Role {
        if flags.contains(.maybeDirective) || flags.contains(.endsName) { return .directive }
        if flags.contains(.maybeRegex) { return .nowhere }
        if argument == 0 { return nginxKeyRole }
        if flags.contains(.expression) { return .variable }
        if flags.contains(.regex) { return .regex }
        switch (directive, argument) {
        case (.location, _), (.unknown, _): return .location
        case (.upstream, 1): return .name
        case (.listen, 1): return .address
        case (.foreignText, _): return .foreign
        case (.program, _): return .program
        case (.file, _), (.page, _), (.key, _): return .path
        default: return .argument
        }
    }

    /// The first word of a directive, which is a key in some blocks.
    private var nginxKeyRole: Role {
        guard blocks > 3 else { return .directive }
        switch blocks & 3 {
        case 1: return flags.contains(.regex) ? .regex : .mapKey
        case 2: return .geoKey
        default: return .directive
        }
    }

    /// HAProxy: whether it is the regular expression of `replace-header` and its kin.
    private var isPatternOfRule: Bool {
        (directive == .ruleRegexFormat && argument == 2) || (directive == .ruleNameRegexFormat && argument == 3)
    }

    /// HAProxy: whether the name of an alias is to come, after `%` or `%{+Q}`.
    private var isAlias: Bool {
        guard flags.contains(.pending), flags.isDisjoint(with: [.expression, .sample]) else { return false }
        var outside = self
        outside.flags.remove(.pending)
        return outside.role == .logFormat
    }

    /// Which row of the tables says what is safe here.
    var rule: SafetyRule {
        var rule = SafetyRule(dialect: dialect, role: role, quoting: quoting, isFirst: flags.contains(.begins))
        rule.isAlone = state != .word && (quoting == .none || word.isEmpty)
        rule.takesComparison = takesComparison(rule.role)
        rule.mayFollowCondition = mayFollowCondition(rule.role)
        rule.isReplacement =
            rule.role == .logFormat && (directive == .ruleRegexFormat || directive == .ruleNameRegexFormat)
        rule.isText = dialect.hasKeywords && rule.role == .argument && flags.contains(.plainText)
        if rule.role == .variable, flags.isDisjoint(with: [.pending, .bracketed]) {
            var after = self
            after.flags.remove(.expression)
            rule.roleAfterVariable = after.role
        }
        rule.isPage = directive == .page
        rule.isURL = directive == .url && argument == 1
        rule.isKey = rule.role == .path && directive == .key
        rule.mayFollowModifier = rule.role == .location && flags.contains(.followsValue)
        rule.isInForeignBlock = state == .foreign
        rule.isPath = rule.role == .location && directive == .location && !rule.mayFollowModifier
        rule.followsAlias = rule.role == .logFormat && flags.contains(.alias)
        rule.followsBackslash =
            flags.contains(.backslash)
            && (rule.isReplacement || rule.role == .regex || isPatternOfRule || mayBePattern(rule.role))
        rule.completesWord = completesWord(rule.role)
        rule.mayBeCondition =
            (isKeywordPlace && directive == .ruleOther) || (directive == .backendName && argument == 2)
            || rule.role == .maybeFormat
        return rule
    }

    /// HAProxy: whether the argument is a regular expression, depending on words that are not looked at.
    private func mayBePattern(_ role: Role) -> Bool {
        guard dialect.hasKeywords else { return false }
        return [.aclValue, .bracedValue, .bracedText, .expression].contains(role)
            || (directive == .acl && role == .argument)
    }

    /// Whether the template's own letters before a value may become a word that means something with it.
    private func completesWord(_ role: Role) -> Bool {
        guard !word.isEmpty, !word.isSpoiled, !word.isUncertain, Words.beginnings.contains(word) else { return false }
        switch role {
        case .variableText: return true
        case .condition, .unknown, .aclValue, .bracedValue, .bracedText, .mapKey, .geoKey, .location, .maybeFormat:
            return true
        case .argument, .logFormat: return dialect.hasModifiers || mayFollowCondition(role) || takesComparison(role)
        case .directive, .name, .address, .expression, .regex, .variable, .environment, .alias, .foreign, .path,
            .program,
            .comment, .nowhere:
            return false
        }
    }

    /// Whether the word in which a value stands may be a keyword that decides what the next words are.
    var isKeywordPlace: Bool {
        guard dialect.hasKeywords, argument > 0, flags.isDisjoint(with: [.condition, .expression, .pending]) else {
            return false
        }
        switch directive {
        case .rule: return argument == 1
        case .ruleOther: return flags.isDisjoint(with: [.format, .plainText])
        case .server: return argument > 2 && flags.isDisjoint(with: [.setting, .sample])
        case .serverTemplate: return argument > 3 && flags.isDisjoint(with: [.setting, .sample])
        case .sampling: return flags.isDisjoint(with: [.setting, .sample, .file])
        case .address: return argument > 1 && !flags.contains(.file)
        default: return false
        }
    }

    /// nginx: whether the place is in a regular expression without quotes.
    var isRegularExpression: Bool {
        dialect.hasModifiers && state == .word && argument > 0 && flags.contains(.regex) && !flags.contains(.pending)
    }

    /// HAProxy: whether parentheses in the current argument are text like any other.
    var hasPlainParentheses: Bool {
        guard !flags.contains(.bracketed) else { return false }
        var outside = self
        outside.flags.subtract([.expression, .pending, .environment])
        return outside.role == .logFormat || outside.isPlainText
    }

    /// HAProxy: whether the current argument is text in which not even `%` means anything.
    var isPlainText: Bool {
        if flags.contains(.condition) { return flags.contains(.values) }
        return (directive == .acl && argument > 2)
            || (directive == .ruleOther && flags.contains(.plainText)
                && !flags.contains(.format))
    }

    /// HAProxy reads `gt` and the like as a comparison where a sample is a number, after `--` too.
    private func takesComparison(_ role: Role) -> Bool {
        guard dialect.hasKeywords, !flags.contains(.textual) else { return false }
        return [.aclValue, .bracedValue, .bracedText].contains(role) || (directive == .acl && role == .argument)
    }

    /// Whether a value before this one may have been trusted text with an `if`.
    private func mayFollowCondition(_ role: Role) -> Bool {
        guard dialect.hasKeywords, flags.contains(.followsValue) else { return false }
        guard role == .argument || role == .logFormat || role == .maybeFormat else { return false }
        switch directive {
        case .acl, .section, .server, .serverTemplate, .address, .secondAddress, .logFormat, .environment: return false
        default: return true
        }
    }

    var quoting: SafetyRule.Quoting {
        switch state {
        case .doubleQuotes, .escapeInDoubleQuotes: .double
        case .singleQuotes, .escapeInSingleQuotes: .single
        default: .none
        }
    }
}
