/// What a diagnostic is about. The raw value is what the user sees in brackets, and the heading in
/// `docs/diagnostics.md`, where each stands with an example and what to do.
public enum DiagnosticCode: String, CaseIterable, Sendable {
    // Input files
    case inputTooLarge = "input-too-large"
    case jsonSyntax = "json-syntax"
    case jsonUnexpectedEnd = "json-unexpected-end"
    case jsonTrailingText = "json-trailing-text"
    case jsonTooDeep = "json-too-deep"
    case jsonInvalidUTF8 = "json-invalid-utf8"
    case jsonLoneSurrogate = "json-lone-surrogate"
    case jsonNumberOutOfRange = "json-number-out-of-range"
    case duplicateKey = "duplicate-key"

    // Services
    case unknownKey = "unknown-key"
    case wrongType = "wrong-type"
    case missingId = "missing-id"
    case duplicateId = "duplicate-id"
    case portOutOfRange = "port-out-of-range"
    case numberOutOfRange = "number-out-of-range"
    case badAddress = "bad-address"
    case badValue = "bad-value"
    case nulCharacter = "nul-character"
    case portConflict = "port-conflict"
    case routeConflict = "route-conflict"
    case lostService = "lost-service"
    case unusedField = "unused-field"
    case tooManyMistakes = "too-many-mistakes"

    // Payloads and the state directory
    case payloadIncomplete = "payload-incomplete"
    case tableName = "table-name"
    case stateFormat = "state-format"
    case stateDigest = "state-digest"
    case stateDamaged = "state-damaged"

    // Template syntax
    case unclosedAction = "unclosed-action"
    case unclosedComment = "unclosed-comment"
    case unclosedString = "unclosed-string"
    case unclosedParenthesis = "unclosed-parenthesis"
    case badCharacter = "bad-character"
    case badNumber = "bad-number"
    case badString = "bad-string"
    case badPattern = "bad-pattern"
    case unexpectedToken = "unexpected-token"
    case unexpectedEnd = "unexpected-end"
    case missingEnd = "missing-end"
    case missingValue = "missing-value"
    case undefinedVariable = "undefined-variable"
    case undefinedFunction = "undefined-function"
    case duplicateTemplate = "duplicate-template"
    case outsideLoop = "outside-loop"
    case nestingTooDeep = "nesting-too-deep"

    // Safety
    case contextMismatch = "context-mismatch"
    case openBrace = "open-brace"
    case unsafeValue = "unsafe-value"
    case structureChanged = "structure-changed"

    // Running
    case unknownField = "unknown-field"
    case missingMapKey = "missing-key"
    case nilValue = "nil-value"
    case undefinedTemplate = "undefined-template"
    case unknownParameter = "unknown-parameter"
    case outsidePartial = "outside-partial"
    case wrongArgumentCount = "wrong-argument-count"
    case wrongArgument = "wrong-argument"
    case cannotCompare = "cannot-compare"
    case indexOutOfRange = "index-out-of-range"
    case cannotRange = "cannot-range"
    case notAFunction = "not-a-function"
    case limitExceeded = "limit-exceeded"
    case arithmetic = "arithmetic"
    /// Said by the template itself.
    case templateError = "template-error"
    case templateWarning = "template-warning"
    /// A file or variable, or the time, that the render was not given.
    case notAllowed = "not-allowed"
    case fileAccess = "file-access"
    /// A project file names what is not there.
    case missingFile = "missing-file"

    // The output
    case emptyBackend = "empty-backend"
    case unreachedBackend = "unreached-backend"
    case missingBackend = "missing-backend"
    case undefinedACL = "undefined-acl"
    case duplicateName = "duplicate-name"
    case duplicateBind = "duplicate-bind"
    case runsCode = "runs-code"
    case proxyError = "proxy-error"
    case proxyWarning = "proxy-warning"
    case proxyMissing = "proxy-missing"
    case staleOutput = "stale-output"

    // Checking
    case badSchema = "bad-schema"
    case endlessRecursion = "endless-recursion"
    case wrongVerb = "wrong-verb"
    case printfArguments = "printf-arguments"
    /// A literal stands where a function wants the text that it works on.
    case argumentOrder = "argument-order"
    case mayBeAbsent = "may-be-absent"
    case mayBeNil = "may-be-nil"
    case mayFail = "may-fail"
    case mayBeEmpty = "may-be-empty"
    case unusedVariable = "unused-variable"
    case unusedTemplate = "unused-template"
    case shadowedVariable = "shadowed-variable"
    case unreachableBranch = "unreachable-branch"
    case dependsOnClock = "depends-on-clock"
    case unusedIgnore = "unused-ignore"
    case checkIncomplete = "check-incomplete"
    case rawText = "raw-text"
}
