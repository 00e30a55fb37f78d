/// Why a running template had to stop: data alone; the words stand in `RuntimeError+Message.swift`.
indirect enum RuntimeError: Error {
    // Members
    case unknownField(String, type: String, known: [String])
    case missingMapKey(String, known: [String])
    case memberOfNil(String)
    case memberOfMissing(String)
    case notAFunction(String)
    case methodTakesNoArguments(String)
    case wrongMethodArgumentCount(String, expected: Int, given: Int)

    // Statements
    case cannotRange(type: String)
    case rangeOverIntegerWithTwoVariables
    case deferred(DeferredFailure)

    // Functions
    case unknownParameter(String, known: [String])
    /// A parameter that is to be true or false, and a word for that which is a text.
    case noSwitch(String, String)
    case unknownTemplate(String, known: [String])
    case returnOutsidePartial
    case wrongArgument(Int, expected: String, given: String)
    case oddNumberOfArguments(Int)
    /// An argument that is not a regular expression, why, and the part of it that is wrong.
    case badPattern(Int, RegularExpression.Mistake.Reason, part: String)
    case notCallable(type: String)
    case missingComparisonArgument
    case incompatibleTypes(String, String)
    case notComparable(String)
    case noLength(String)
    case nilOperand
    case notIndexable(String)
    case indexOutOfRange(Int, count: Int)
    case tooManySliceBounds
    case threeBoundsOfString
    case sliceBoundsInverted(Int, Int)
    case unknownFunction(String, known: [String])
    case wrongNumberOfArguments(String, expected: String, given: Int)
    /// A function failed that another one called by its name.
    case applied(String, RuntimeError)
    case invalidBase64(offset: Int)
    case invalidJSON(argument: Int, line: Int, column: Int, reason: String)
    case invalidURL(argument: Int, URLReference.Mistake)
    case notInJSON(Double)
    /// What the template itself says by `errorf`.
    case template(String)

    // Safety
    /// A dialect runs no function that data has chosen.
    case functionNamedByData(String)
    /// `raw` by way of another function, where nobody finds it.
    case rawApplied
    case unsafeValue(UnsafeValue)

    // Numbers and times
    case integerOverflow
    case timeOutOfRange
    case noTimeGiven

    // RenderEnvironment
    case variableNotAllowed(String)
    case noFilesAllowed
    case pathNotAllowed(String, TemplatePath.Fault)
    case file(String, RenderEnvironment.Fault)

    // Limits
    case resultTooLarge(limit: Int)
    case tooManyElements(limit: Int)
    case tooDeep(limit: Int)
    case tooManySteps(limit: Int)
    case outputTooLarge(limit: Int)
    case memoryExhausted(limit: Int)
    case tooMuchWork(limit: Int)
    /// Nanoseconds.
    case tooMuchTime(limit: Int64)
}
