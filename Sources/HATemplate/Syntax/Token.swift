/// A piece of a template as the lexer sees it.
struct Token: Equatable {
    var kind: Kind
    var range: SourceRange

    enum Kind: Equatable {
        case text
        case leftDelimiter, rightDelimiter
        /// A run of white space inside an action; it separates operands.
        case space
        case identifier
        /// `.Name`
        case field
        /// `$` or `$name`
        case variable
        case dot
        case number
        /// `1+2i`, which the language has and this engine does not.
        case complexNumber
        /// `'x'`
        case character
        case string, rawString
        case bool
        case assign, declare, pipe
        case leftParenthesis, rightParenthesis
        /// Any other printable ASCII character; the parser knows the comma.
        case other
        case keyword(Keyword)
        case endOfFile
        /// The text cannot be read here; `Lexer.mistake` says why.
        case error
    }

    enum Keyword: String {
        case block, `break`, `continue`, define, `else`, end, `if`, `nil`, range, template, with
    }
}
