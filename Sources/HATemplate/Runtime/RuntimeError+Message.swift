extension RuntimeError {
    var code: DiagnosticCode {
        switch self {
        case .unknownField: .unknownField
        case .missingMapKey: .missingMapKey
        case .memberOfNil, .memberOfMissing, .nilOperand: .nilValue
        case .notAFunction, .notCallable: .notAFunction
        case .methodTakesNoArguments, .wrongMethodArgumentCount, .missingComparisonArgument, .tooManySliceBounds,
            .oddNumberOfArguments, .wrongNumberOfArguments:
            .wrongArgumentCount
        case .unknownFunction: .undefinedFunction
        case .applied(_, let failure): failure.code
        case .cannotRange, .rangeOverIntegerWithTwoVariables: .cannotRange
        case .deferred(let failure): failure.code
        case .wrongArgument, .noSwitch, .noLength, .notIndexable, .threeBoundsOfString, .invalidBase64, .invalidJSON,
            .invalidURL, .notInJSON:
            .wrongArgument
        case .incompatibleTypes, .notComparable: .cannotCompare
        case .indexOutOfRange, .sliceBoundsInverted: .indexOutOfRange
        case .unknownParameter: .unknownParameter
        case .unknownTemplate: .undefinedTemplate
        case .returnOutsidePartial: .outsidePartial
        case .template: .templateError
        case .unsafeValue, .functionNamedByData, .rawApplied: .unsafeValue
        case .integerOverflow, .timeOutOfRange: .arithmetic
        case .noTimeGiven, .variableNotAllowed, .noFilesAllowed, .pathNotAllowed: .notAllowed
        case .file: .fileAccess
        case .tooDeep, .tooManySteps, .outputTooLarge, .memoryExhausted, .resultTooLarge, .tooManyElements,
            .tooMuchWork, .tooMuchTime:
            .limitExceeded
        case .badPattern: .badPattern
        }
    }

    /// One sentence, without full stop.
    var message: String {
        switch self {
        case .unknownField(let name, let type, let known):
            "\(Self.plain(type) ?? type) has no field or method \(name)" + suggestion(name, known)
        case .missingMapKey(let key, let known):
            "the map has no key \"\(key)\"" + suggestion(key, known)
        case .memberOfNil(let name), .memberOfMissing(let name):
            "there is no value to take .\(name) of"
        case .notAFunction(let name):
            ".\(name) is a field and takes no arguments"
        case .methodTakesNoArguments(let name):
            "the method .\(name) takes no arguments"
        case .wrongMethodArgumentCount(let name, let expected, let given):
            "the method .\(name) takes \(expected == 0 ? "no" : "\(expected)") argument\(expected == 1 ? "" : "s"), "
                + "not \(given == 0 ? "none" : "\(given)")"
        case .cannotRange(let type):
            "cannot range over \(Self.value(type))"
        case .rangeOverIntegerWithTwoVariables:
            "a range over an integer has one variable"
        case .deferred(let failure):
            failure.message
        case .unknownParameter(let name, let known):
            "there is no parameter \"\(name)\"" + suggestion(name, known)
        case .noSwitch(let name, let text):
            "the parameter \"\(name)\" must be true or false, not the text \"\(text)\""
        case .unknownTemplate(let name, let known):
            "there is no template \"\(name)\"" + suggestion(name, known)
        case .returnOutsidePartial:
            "'return' stands outside a partial"
        case .wrongArgument(let position, let expected, let given):
            "argument \(position) must be \(expected), not \(Self.article(given))"
        case .oddNumberOfArguments(let count):
            "keys and values come in pairs, but there are \(count) of them together"
        case .unknownFunction(let name, let known):
            "there is no function \"\(name)\"" + suggestion(name, known)
        case .wrongNumberOfArguments(let name, let expected, let given):
            "\(name) takes \(expected), not \(given == 0 ? "none" : String(given))"
        case .applied(let name, let failure):
            "\(name): \(failure.message)"
        case .badPattern(let position, let reason, let part):
            "argument \(position) is not a regular expression: \(reason.rawValue)" + (part.isEmpty ? "" : ": \(part)")
        case .notCallable(let type):
            "\(Self.value(type)) cannot be called"
        case .missingComparisonArgument:
            "there is nothing to compare with"
        case .incompatibleTypes(let left, let right):
            "cannot compare \(Self.article(left)) with \(Self.article(right))"
        case .notComparable(let type):
            Self.plain(type).map { "\($0) cannot be compared" } ?? "values of type \(type) cannot be compared"
        case .noLength(let type):
            "\(Self.value(type)) has no length"
        case .nilOperand:
            "there is no value to look into"
        case .notIndexable(let type):
            "\(Self.value(type)) has no elements to index"
        case .indexOutOfRange(let index, let count):
            "the index \(index) is out of range: there \(count == 1 ? "is 1 element" : "are \(count) elements")"
        case .tooManySliceBounds:
            "slice takes at most three bounds"
        case .threeBoundsOfString:
            "a string is sliced with one or two bounds"
        case .sliceBoundsInverted(let low, let high):
            "the bounds of the slice are the wrong way round: \(low) > \(high)"
        case .invalidBase64(let offset):
            "argument 1 is not Base64: byte \(offset + 1) does not belong there"
        case .invalidJSON(let position, let line, let column, let reason):
            "argument \(position) is not JSON: \(reason) (line \(line), column \(column))"
        case .invalidURL(let position, let mistake):
            "argument \(position) is not a URL: \(mistake.reason)"
        case .notInJSON(let number):
            "JSON has no way to write the number \(number.isNaN ? "NaN" : number < 0 ? "-Inf" : "+Inf")"
        case .resultTooLarge(let limit):
            "the result is larger than \(limit) bytes"
        case .template(let text):
            text
        case .unsafeValue(let value):
            value.message
        case .functionNamedByData(let name):
            "data cannot choose the function that apply calls (\"\(name)\")"
        case .rawApplied:
            "apply cannot call raw, since no check would see that the text is trusted"
        case .integerOverflow:
            "the result does not fit in an integer of 64 bits"
        case .timeOutOfRange:
            "the time lies outside the years 1678 to 2261"
        case .noTimeGiven:
            "the time of this render is not known"
        case .variableNotAllowed(let name):
            "the environment variable \(name.isEmpty ? "\"\"" : name) is not allowed here"
        case .noFilesAllowed:
            "files cannot be read here"
        case .pathNotAllowed(let path, let fault):
            "the path \"\(path)\" \(fault.predicate)"
        case .file(let path, let fault):
            "cannot read \"\(path)\": \(fault.reason)"
        case .tooManyElements(let limit):
            "the result has more than \(limit) elements"
        case .tooDeep(let limit):
            "templates call each other more than \(limit) levels deep"
        case .tooManySteps(let limit):
            "the template needs more than \(limit) loop steps and calls"
        case .outputTooLarge(let limit):
            "the output is larger than \(limit) bytes"
        case .memoryExhausted(let limit):
            "the values made while rendering take more than \(limit) bytes"
        case .tooMuchWork(let limit):
            "rendering looks at more than \(limit) bytes and elements"
        case .tooMuchTime(let limit):
            "rendering takes more than \(Double(limit) / 1_000_000_000) seconds of processor time"
        }
    }

    /// The argument (from 1) that is to blame.
    var argument: Int? {
        switch self {
        case .wrongArgument(let position, _, _), .invalidJSON(let position, _, _, _), .invalidURL(let position, _),
            .badPattern(let position, _, _):
            position
        case .invalidBase64: 1
        default: nil
        }
    }

    /// What would help, as a note.
    var advice: Diagnostic.Note? { remedy.map { .init($0) } ?? advisedWords.map { .init($0) } }

    private var remedy: Remedy? {
        switch self {
        case .unknownParameter: .parameter
        case .noTimeGiven: .time
        case .variableNotAllowed(let name): .variable(name)
        case .unsafeValue(let value) where value.asksForDirective: .trustedConfig
        case .applied(_, let failure): failure.remedy
        default: nil
        }
    }

    private var advisedWords: String? {
        switch self {
        case .unsafeValue(let value):
            value.advice
        case .functionNamedByData:
            "write the name in the template; where data chooses, use if and else"
        case .rawApplied:
            "write {{ range LIST }}{{ raw . }}{{ end }}; check lists each raw"
        case .missingMapKey:
            "for a key that may be absent write {{with index . \"key\"}}, or {{index . \"key\" | default \"…\"}}"
        case .unknownField(_, let type, _) where type.hasPrefix("[]"):
            "this is a list: range goes through its elements, index takes one"
        case .noSwitch:
            "any text but the empty one counts as true"
        case .applied(_, let failure):
            failure.advisedWords
        case .wrongArgument(_, expected: "a list", given: "string"):
            "collections.Slice makes a list of one text; slice gives the text itself, as in Go"
        case .cannotRange(type: "string"):
            "a list is written [\"a\", \"b\"], and split makes one of a text"
        case .incompatibleTypes:
            "both sides of a comparison must have one type"
        case .memberOfNil, .memberOfMissing:
            "guard it with {{with}} or {{if}}"
        case .tooDeep:
            "a template that calls itself needs an end"
        case .tooMuchWork, .tooMuchTime:
            "move out of loops what does not change from turn to turn"
        case .noFilesAllowed:
            "a template read from a file may read the files in its folder and below"
        case .pathNotAllowed:
            "only files in the template's folder and below can be read, by paths relative to it"
        case .file(_, .notFound):
            "ask fileExists first where a file may be absent"
        default: nil
        }
    }

    private func suggestion(_ name: String, _ known: [String]) -> String {
        nearest(to: name, in: known).map { " (did you mean \($0)?)" } ?? ""
    }

    /// Records and lists of them in plain words: `a list of services` for `[]types.Service`. Nil for anything else.
    static func plain(_ type: String) -> String? {
        let element = type.drop { "[]".contains($0) }
        let isList = type.hasPrefix("[]")
        guard element.hasPrefix("types."), let name = element.split(separator: ".").last, name != "KeyValues" else {
            return nil
        }
        let word = name.lowercased()
        return isList ? "a list of \(word)s" : "a \(word)"
    }

    private static func value(_ type: String) -> String { plain(type) ?? "a value of type \(type)" }

    private static func article(_ type: String) -> String {
        if let plain = plain(type) { return plain }
        if type == "<nil>" { return "nil" }
        let first = type.unicodeScalars.first ?? " "
        return ("aeiou".unicodeScalars.contains(first) ? "an " : "a ") + type
    }
}

extension RenderEnvironment.Fault {
    /// After "cannot read …:".
    fileprivate var reason: String {
        switch self {
        case .notFound: "there is no such file in the template's folder"
        case .outside: "a symbolic link leads out of the template's folder"
        case .isFolder: "it is a folder"
        case .notFolder: "it is not a folder"
        case .tooLarge(let limit): "it is larger than \(limit) bytes"
        case .unreadable(let reason): reason
        }
    }
}

extension TemplatePath.Fault {
    /// After "the path …".
    fileprivate var predicate: String {
        switch self {
        case .empty: "is empty"
        case .absolute: "is absolute"
        case .outside: "leads out of the template's folder"
        case .nul: "has a NUL character"
        case .notUTF8: "is not UTF-8"
        }
    }
}

extension URLReference.Mistake {
    /// What is wrong with the text.
    var reason: String {
        switch self {
        case .controlCharacter: "it holds a control character"
        case .missingScheme: "the scheme before the colon is missing"
        case .colonInFirstSegment: "the first segment of a relative path must not hold a colon"
        case .invalidUserInfo: "the user or password holds a character that must be escaped"
        case .bracketInHost: "an address in brackets must be the whole host"
        case .bracketNotClosed: "the ']' of the host is missing"
        case .noIPv6Address: "the host in brackets is not an IPv6 address"
        case .invalidPort(let port): "\(port) is not a port"
        case .invalidEscape(let text): "\(text) is not an escape"
        case .invalidHostCharacter(let text): "the host holds the character '\(text)'"
        }
    }
}
