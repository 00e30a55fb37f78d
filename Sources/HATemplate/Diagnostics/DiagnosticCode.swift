/// What a diagnostic is about. The raw value is what the user sees in brackets, and the heading in
/// `docs/diagnostics.md`, where each stands with an example and what to do.
///
/// The engine has the codes of this file. Whoever uses it adds those of what it reads and checks.
public struct DiagnosticCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    /// - Parameter rawValue: lower-case words with hyphens between them.
    public init(_ rawValue: String) { self.init(rawValue: rawValue) }
}

extension DiagnosticCode {
    // Input files
    public static let inputTooLarge = Self("input-too-large")
    public static let jsonSyntax = Self("json-syntax")
    public static let jsonUnexpectedEnd = Self("json-unexpected-end")
    public static let jsonTrailingText = Self("json-trailing-text")
    public static let jsonTooDeep = Self("json-too-deep")
    public static let jsonInvalidUTF8 = Self("json-invalid-utf8")
    public static let jsonLoneSurrogate = Self("json-lone-surrogate")
    public static let jsonNumberOutOfRange = Self("json-number-out-of-range")
    public static let duplicateKey = Self("duplicate-key")

    // Services
    public static let wrongType = Self("wrong-type")
    public static let tooManyMistakes = Self("too-many-mistakes")

    // Template syntax
    public static let unclosedAction = Self("unclosed-action")
    public static let unclosedComment = Self("unclosed-comment")
    public static let unclosedString = Self("unclosed-string")
    public static let unclosedParenthesis = Self("unclosed-parenthesis")
    public static let badCharacter = Self("bad-character")
    public static let badNumber = Self("bad-number")
    public static let badString = Self("bad-string")
    public static let badPattern = Self("bad-pattern")
    public static let unexpectedToken = Self("unexpected-token")
    public static let unexpectedEnd = Self("unexpected-end")
    public static let missingEnd = Self("missing-end")
    public static let missingValue = Self("missing-value")
    public static let undefinedVariable = Self("undefined-variable")
    public static let undefinedFunction = Self("undefined-function")
    public static let duplicateTemplate = Self("duplicate-template")
    public static let outsideLoop = Self("outside-loop")
    public static let nestingTooDeep = Self("nesting-too-deep")

    // Safety
    public static let contextMismatch = Self("context-mismatch")
    public static let openBrace = Self("open-brace")
    public static let unsafeValue = Self("unsafe-value")
    public static let structureChanged = Self("structure-changed")

    // Running
    public static let unknownField = Self("unknown-field")
    public static let missingMapKey = Self("missing-key")
    public static let nilValue = Self("nil-value")
    public static let undefinedTemplate = Self("undefined-template")
    public static let unknownParameter = Self("unknown-parameter")
    public static let outsidePartial = Self("outside-partial")
    public static let wrongArgumentCount = Self("wrong-argument-count")
    public static let wrongArgument = Self("wrong-argument")
    public static let cannotCompare = Self("cannot-compare")
    public static let indexOutOfRange = Self("index-out-of-range")
    public static let cannotRange = Self("cannot-range")
    public static let notAFunction = Self("not-a-function")
    public static let limitExceeded = Self("limit-exceeded")
    public static let arithmetic = Self("arithmetic")
    /// Said by the template itself.
    public static let templateError = Self("template-error")
    public static let templateWarning = Self("template-warning")
    /// A file or variable, or the time, that the render was not given.
    public static let notAllowed = Self("not-allowed")
    public static let fileAccess = Self("file-access")

    // Checking
    public static let badSchema = Self("bad-schema")
    public static let endlessRecursion = Self("endless-recursion")
    public static let wrongVerb = Self("wrong-verb")
    public static let printfArguments = Self("printf-arguments")
    /// A literal stands where a function wants the text that it works on.
    public static let argumentOrder = Self("argument-order")
    public static let mayBeAbsent = Self("may-be-absent")
    public static let mayBeNil = Self("may-be-nil")
    public static let mayFail = Self("may-fail")
    public static let mayBeEmpty = Self("may-be-empty")
    public static let unusedVariable = Self("unused-variable")
    public static let unusedTemplate = Self("unused-template")
    public static let shadowedVariable = Self("shadowed-variable")
    public static let unreachableBranch = Self("unreachable-branch")
    public static let dependsOnClock = Self("depends-on-clock")
    public static let unusedIgnore = Self("unused-ignore")
    public static let checkIncomplete = Self("check-incomplete")
    public static let rawText = Self("raw-text")

    /// The codes of the engine, in the order of the documents.
    public static let engineCodes: [Self] = [
        .inputTooLarge, .jsonSyntax, .jsonUnexpectedEnd, .jsonTrailingText, .jsonTooDeep, .jsonInvalidUTF8,
        .jsonLoneSurrogate, .jsonNumberOutOfRange, .duplicateKey, .wrongType, .tooManyMistakes, .unclosedAction,
        .unclosedComment, .unclosedString, .unclosedParenthesis, .badCharacter, .badNumber, .badString, .badPattern,
        .unexpectedToken, .unexpectedEnd, .missingEnd, .missingValue, .undefinedVariable, .undefinedFunction,
        .duplicateTemplate, .outsideLoop, .nestingTooDeep, .contextMismatch, .openBrace, .unsafeValue,
        .structureChanged, .unknownField, .missingMapKey, .nilValue, .undefinedTemplate, .unknownParameter,
        .outsidePartial, .wrongArgumentCount, .wrongArgument, .cannotCompare, .indexOutOfRange, .cannotRange,
        .notAFunction, .limitExceeded, .arithmetic, .templateError, .templateWarning, .notAllowed, .fileAccess,
        .badSchema, .endlessRecursion, .wrongVerb, .printfArguments, .argumentOrder, .mayBeAbsent, .mayBeNil,
        .mayFail, .mayBeEmpty, .unusedVariable, .unusedTemplate, .shadowedVariable, .unreachableBranch,
        .dependsOnClock, .unusedIgnore, .checkIncomplete, .rawText,
    ]
}
