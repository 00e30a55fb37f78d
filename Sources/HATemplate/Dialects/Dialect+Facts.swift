/// What contexts and rules need to know of a dialect. Nothing asks which dialect it is: a new one is a compile error here
/// until each fact is decided.
extension Dialect {
    /// Whether words among the arguments decide what the next ones are, as HAProxy's `if` and `hdr` do, and whether a
    /// condition may stand after them.
    var hasKeywords: Bool {
        switch self {
        case .haproxy: true
        case .nginx, .plain: false
        }
    }

    /// Whether a `~` before an argument, or at its beginning, makes a regular expression of it.
    var hasModifiers: Bool {
        switch self {
        case .nginx: true
        case .haproxy, .plain: false
        }
    }

    /// Whether `$` begins a variable in any argument, with or without quotes.
    var hasVariables: Bool {
        switch self {
        case .nginx: true
        case .haproxy, .plain: false
        }
    }

    /// Whether an empty argument is read as the end of the directive.
    var endsAtEmptyArgument: Bool {
        switch self {
        case .haproxy: true
        case .nginx, .plain: false
        }
    }

    /// Whether an argument ends where its quotes do.
    var endsArgumentsWithQuotes: Bool {
        switch self {
        case .nginx: true
        case .haproxy, .plain: false
        }
    }

    /// How an argument without bytes is written.
    var emptyArgument: StaticString {
        switch self {
        case .haproxy: "''"
        case .nginx: "\"\""
        case .plain: ""
        }
    }

    /// What a name may hold beside letters and digits.
    var signsOfNames: StaticString {
        switch self {
        case .haproxy: "_-.:"
        case .nginx: "_-."
        case .plain: ""
        }
    }

    /// Bytes that are text inside an argument without quotes, but not at its beginning.
    var signsOfBeginnings: StaticString {
        switch self {
        case .nginx: "\"'#}"
        case .haproxy, .plain: ""
        }
    }
}
