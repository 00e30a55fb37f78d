/// Cuts a template into tokens. Go: text/template/parse/lex.go.
///
/// Text outside actions is one token for each range, trimmed where a trim marker asks for it; comments leave only
/// their place in `comments`. Inside an action white space is a token, since it separates operands.
struct Lexer {
    /// What the user may choose instead of `{{` and `}}`.
    struct Delimiters: Equatable {
        var left: [UInt8] = Array("{{".utf8)
        var right: [UInt8] = Array("}}".utf8)
    }

    let source: [UInt8]
    private let delimiters: Delimiters
    private var position = 0
    private var isInsideAction = false
    private var parenthesisDepth = 0

    /// Why the last token is an `.error`.
    private(set) var mistake: (code: DiagnosticCode, message: String)?
    /// The comments passed so far, from `/*` to `*/`.
    private(set) var comments: [SourceRange] = []

    init(_ source: [UInt8], delimiters: Delimiters = Delimiters()) {
        self.source = source
        self.delimiters = delimiters
    }

    /// The next token. After `.error` the caller decides: `skipAction` goes on after the broken action.
    mutating func next() -> Token {
        isInsideAction ? nextInAction() : nextInText()
    }

    /// Goes to the end of the current action, so that reading can continue after a mistake in it.
    mutating func skipAction() {
        guard isInsideAction else { return }
        isInsideAction = false
        parenthesisDepth = 0
        position = find(delimiters.right, from: position).map { $0 + delimiters.right.count } ?? source.count
    }

    /// Whether an action begins at this offset: inside an action that means the outer one was not closed.
    func isLeftDelimiter(at offset: UInt32) -> Bool {
        hasPrefix(delimiters.left, at: Int(offset))
    }

    /// Where another action begins inside the one whose content starts at `offset`: then that one was not closed.
    func actionInside(from offset: UInt32) -> SourceRange? {
        var ahead = self
        ahead.position = Int(offset)
        ahead.isInsideAction = true
        ahead.parenthesisDepth = 0
        while true {
            let token = ahead.next()
            switch token.kind {
            case .rightDelimiter, .endOfFile: return nil
            case .other where isLeftDelimiter(at: token.range.start): return token.range
            case .error where ahead.mistake?.code == .unclosedParenthesis, .error where ahead.position >= source.count:
                return nil
            case .error: ahead.position = max(ahead.position, Int(token.range.end))
            default: continue
            }
        }
    }

    // MARK: Text

    private mutating func nextInText() -> Token {
        while true {
            let start = position
            guard let delimiter = find(delimiters.left, from: start) else {
                position = source.count
                return token(start < source.count ? .text : .endOfFile, from: start)
            }
            let afterDelimiter = delimiter + delimiters.left.count
            let trims = isTrimMarkerAfterLeft(afterDelimiter)
            var textEnd = delimiter
            if trims {
                while textEnd > start, isSpace(source[textEnd - 1]) { textEnd -= 1 }
            }
            position = delimiter
            if textEnd > start { return Token(kind: .text, range: SourceRange(start, textEnd)) }
            let content = afterDelimiter + (trims ? 2 : 0)
            guard hasPrefix(Self.commentStart, at: content) else {
                position = content
                isInsideAction = true
                parenthesisDepth = 0
                return Token(kind: .leftDelimiter, range: SourceRange(delimiter, afterDelimiter))
            }
            if let failure = skipComment(openedAt: delimiter, commentStart: content) { return failure }
        }
    }

    private static let commentStart = Array("/*".utf8)
    private static let commentEnd = Array("*/".utf8)

    /// Passes a comment and the white space that its marker trims. Returns an error token when it is not closed well.
    private mutating func skipComment(openedAt delimiter: Int, commentStart: Int) -> Token? {
        guard let end = find(Self.commentEnd, from: commentStart + 2) else {
            position = source.count
            return failure(.unclosedComment, "this comment is not closed; it needs */", delimiter..<(commentStart + 2))
        }
        position = end + 2
        guard let closing = rightDelimiter(at: position) else {
            let place = position..<min(position + 1, source.count)
            position = find(delimiters.right, from: position).map { $0 + delimiters.right.count } ?? source.count
            let right = String(decoding: delimiters.right, as: UTF8.self)
            return failure(
                .unclosedComment, "a comment must touch the end of its action: */\(right) or */ -\(right)", place)
        }
        comments.append(SourceRange(commentStart, position))
        passRightDelimiter(trims: closing.trims)
        return nil
    }

    // MARK: Actions

    private mutating func nextInAction() -> Token {
        let start = position
        if let closing = rightDelimiter(at: start) {
            guard parenthesisDepth == 0 else {
                return failure(.unclosedParenthesis, "a parenthesis is not closed in this action", start..<(start + 1))
            }
            passRightDelimiter(trims: closing.trims)
            isInsideAction = false
            let delimiterStart = start + (closing.trims ? 2 : 0)
            return Token(
                kind: .rightDelimiter,
                range: SourceRange(delimiterStart, delimiterStart + delimiters.right.count))
        }
        guard start < source.count else {
            return failure(.unclosedAction, "this action is not closed", start..<start)
        }
        let byte = source[start]
        position += 1
        switch byte {
        case 0x20, 0x09, 0x0D, 0x0A: return spaces(from: start)
        case UInt8(ascii: "="): return token(.assign, from: start)
        case UInt8(ascii: "|"): return token(.pipe, from: start)
        case UInt8(ascii: ":"): return declaration(from: start)
        case UInt8(ascii: "\""): return quoted(.string, closing: byte, from: start)
        case UInt8(ascii: "'"): return quoted(.character, closing: byte, from: start)
        case UInt8(ascii: "`"): return rawString(from: start)
        case UInt8(ascii: "$"): return name(.variable, alone: .variable, from: start)
        case UInt8(ascii: "("), UInt8(ascii: ")"): return parenthesis(byte, from: start)
        case UInt8(ascii: "."):
            let digitFollows = position < source.count && isDigit(source[position])
            return digitFollows ? number(from: start) : name(.field, alone: .dot, from: start)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return number(from: start)
        default:
            return identifierOrOther(byte, from: start)
        }
    }

    /// A run of white space; the last of it stays for a trim marker.
    private mutating func spaces(from start: Int) -> Token {
        while position < source.count, isSpace(source[position]) { position += 1 }
        if position - start > 1, rightDelimiter(at: position - 1)?.trims == true { position -= 1 }
        return token(.space, from: start)
    }

    private mutating func declaration(from start: Int) -> Token {
        guard position < source.count, source[position] == UInt8(ascii: "=") else {
            return failure(.badCharacter, "expected := here", start..<position)
        }
        position += 1
        return token(.declare, from: start)
    }

    private mutating func parenthesis(_ byte: UInt8, from start: Int) -> Token {
        if byte == UInt8(ascii: "(") {
            parenthesisDepth += 1
            return token(.leftParenthesis, from: start)
        }
        guard parenthesisDepth > 0 else {
            return failure(.unexpectedToken, "this parenthesis closes none", start..<position)
        }
        parenthesisDepth -= 1
        return token(.rightParenthesis, from: start)
    }

    private mutating func quoted(_ kind: Token.Kind, closing: UInt8, from start: Int) -> Token {
        while position < source.count, source[position] != 0x0A {
            let byte = source[position]
            position += 1
            if byte == closing { return token(kind, from: start) }
            if byte == UInt8(ascii: "\\"), position < source.count, source[position] != 0x0A {
                position += 1
            }
        }
        let what = kind == .string ? "string" : "character constant"
        let opening = failure(.unclosedString, "this \(what) is not closed on its line", start..<position)
        position = start
        return opening
    }

    private mutating func rawString(from start: Int) -> Token {
        guard let end = source[position...].firstIndex(of: UInt8(ascii: "`")) else {
            position = start
            return failure(.unclosedString, "this raw string is not closed", start..<(start + 1))
        }
        position = end + 1
        return token(.rawString, from: start)
    }

    /// `.Name`, `$name`, or the dot or dollar alone.
    private mutating func name(_ kind: Token.Kind, alone: Token.Kind, from start: Int) -> Token {
        if isTerminator(at: position) { return token(alone, from: start) }
        skipAlphanumerics()
        guard isTerminator(at: position) else { return badCharacter(from: start) }
        return token(kind, from: start)
    }

    private mutating func identifierOrOther(_ byte: UInt8, from start: Int) -> Token {
        position = start
        skipAlphanumerics()
        if position > start {
            guard isTerminator(at: position) else { return badCharacter(from: start) }
            return token(wordKind(source[start..<position]), from: start)
        }
        if (0x21...0x7E).contains(byte) {
            position = start + 1
            return token(.other, from: start)
        }
        return badCharacter(from: start)
    }

    private func wordKind(_ word: ArraySlice<UInt8>) -> Token.Kind {
        let text = String(decoding: word, as: UTF8.self)
        if let keyword = Token.Keyword(rawValue: text) { return .keyword(keyword) }
        return text == "true" || text == "false" ? .bool : .identifier
    }

    private mutating func badCharacter(from start: Int) -> Token {
        guard position < source.count else {
            return failure(.unclosedAction, "this action is not closed", start..<start)
        }
        let decoded = scalar(at: position)
        let shown = decoded.isValid ? "'\(decoded.scalar)'" : "a byte that is not UTF-8"
        return failure(.badCharacter, "\(shown) is not allowed here", position..<(position + decoded.length))
    }

    // MARK: Numbers

    /// Not a perfect scanner: what it lets through the parser's `NumberLiteral` refuses.
    private mutating func number(from start: Int) -> Token {
        position = start
        guard passNumber() else { return badNumber(from: start) }
        if position < source.count, source[position] == UInt8(ascii: "+") || source[position] == UInt8(ascii: "-") {
            guard passNumber(), source[position - 1] == UInt8(ascii: "i") else { return badNumber(from: start) }
            return token(.complexNumber, from: start)
        }
        return token(.number, from: start)
    }

    private mutating func badNumber(from start: Int) -> Token {
        failure(.badNumber, "this is not a number", start..<max(position, start + 1))
    }

    private mutating func passNumber() -> Bool {
        accept("+-")
        var digits: StaticString = "0123456789_"
        var exponent: StaticString? = "eE"
        if accept("0") {
            if accept("xX") {
                digits = "0123456789abcdefABCDEF_"
                exponent = "pP"
            } else if accept("oO") {
                digits = "01234567_"
                exponent = nil
            } else if accept("bB") {
                digits = "01_"
                exponent = nil
            }
        }
        while accept(digits) {}
        if accept(".") {
            while accept(digits) {}
        }
        if let exponent, accept(exponent) {
            accept("+-")
            while accept("0123456789_") {}
        }
        accept("i")
        guard position < source.count else { return true }
        let following = scalar(at: position)
        guard isAlphanumeric(following.scalar) else { return true }
        position += following.length
        return false
    }

    @discardableResult
    private mutating func accept(_ set: StaticString) -> Bool {
        guard position < source.count else { return false }
        let bytes = UnsafeBufferPointer(start: set.utf8Start, count: set.utf8CodeUnitCount)
        guard bytes.contains(source[position]) else { return false }
        position += 1
        return true
    }

    // MARK: Characters

    private mutating func skipAlphanumerics() {
        while position < source.count {
            let decoded = scalar(at: position)
            guard decoded.isValid, isAlphanumeric(decoded.scalar) else { return }
            position += decoded.length
        }
    }

    /// Whether a name may end here.
    private func isTerminator(at offset: Int) -> Bool {
        guard offset < source.count else { return true }
        switch source[offset] {
        case 0x20, 0x09, 0x0D, 0x0A, UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "|"), UInt8(ascii: ":"),
            UInt8(ascii: ")"), UInt8(ascii: "("):
            return true
        default:
            return hasPrefix(delimiters.right, at: offset)
        }
    }

    private func scalar(at offset: Int) -> DecodedScalar {
        source.withUnsafeBufferPointer { DecodedScalar.decode($0, at: offset) }
    }

    // MARK: Delimiters

    private func rightDelimiter(at offset: Int) -> (trims: Bool, Void)? {
        if offset + 1 < source.count, isSpace(source[offset]), source[offset + 1] == UInt8(ascii: "-"),
            hasPrefix(delimiters.right, at: offset + 2)
        {
            return (true, ())
        }
        return hasPrefix(delimiters.right, at: offset) ? (false, ()) : nil
    }

    private mutating func passRightDelimiter(trims: Bool) {
        position += (trims ? 2 : 0) + delimiters.right.count
        guard trims else { return }
        while position < source.count, isSpace(source[position]) { position += 1 }
    }

    private func isTrimMarkerAfterLeft(_ offset: Int) -> Bool {
        offset + 1 < source.count && source[offset] == UInt8(ascii: "-") && isSpace(source[offset + 1])
    }

    private func hasPrefix(_ prefix: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, offset + prefix.count <= source.count else { return false }
        for index in prefix.indices where source[offset + index] != prefix[index] { return false }
        return true
    }

    private func find(_ pattern: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first else { return nil }
        var offset = start
        while offset < source.count, let candidate = source[offset...].firstIndex(of: first) {
            if hasPrefix(pattern, at: candidate) { return candidate }
            offset = candidate + 1
        }
        return nil
    }

    // MARK: Tokens

    private func token(_ kind: Token.Kind, from start: Int) -> Token {
        Token(kind: kind, range: SourceRange(start, position))
    }

    private mutating func failure(_ code: DiagnosticCode, _ message: String, _ range: Range<Int>) -> Token {
        mistake = (code, message)
        return Token(kind: .error, range: SourceRange(range.lowerBound, range.upperBound))
    }
}

/// Go's white space inside templates: space, tab, CR, LF and nothing else.
func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
}

func isDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte)
}

/// A letter, a decimal digit or an underscore: what names are made of.
func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        return isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
        return true
    default:
        return false
    }
}
