/// What a function may use beside its arguments: the render's memory, and its environment as far as it was allowed.
final class CallContext {
    let memory: Memory
    let library: FunctionLibrary
    let patterns: PatternCache
    /// The map that `param` looks into.
    let parameters: Value
    /// Nanoseconds since 1970, if the render was given a time.
    let now: Int64?
    let environment: RenderEnvironment
    /// Warnings of the running call; the machine takes them and adds their place.
    @exclusivity(unchecked) var warnings: [(code: DiagnosticCode, message: String)] = []

    init(
        memory: Memory, library: FunctionLibrary, patterns: [[UInt8]: RegularExpression], options: RenderOptions
    ) {
        self.memory = memory
        self.library = library
        self.patterns = PatternCache(patterns, memory.meter)
        parameters = memory.adoptParameters(options.parameters)
        now = options.now
        environment = options.environment
    }

    /// The names that `param` knows, for "did you mean".
    var parameterNames: [String] {
        let entries = memory.elements(of: parameters)
        return stride(from: 0, to: entries.count, by: 2).map { memory.text(of: entries[$0]) }
    }

    /// Calls a function that is no construct of the language, and counts its work.
    func call(
        _ function: Function, _ body: Function.Native, _ arguments: Arguments
    ) throws(RuntimeError) -> Value {
        try memory.meter.spend(function.work(arguments))
        if let growth = function.growth(arguments), growth > Self.largestGrowth {
            throw .resultTooLarge(limit: memory.textLimit)
        }
        let before = memory.scratchSize
        let result = settle(try body(arguments, self), of: function, arguments)
        memory.meter.add(memory.scratchSize &- before)
        return result
    }

    /// Bytes that a function may write before its result is found too large.
    private static let largestGrowth = 3 * ResultLimit.bytes

    /// A function's result with its origin: what a function makes of the template's own words alone is the template's.
    @inline(__always)
    func settle(_ result: Value, of function: Function, _ arguments: Arguments) -> Value {
        guard memory.tracksTrust, result.kind == .string, !result.isTrusted, !result.hasPieces else { return result }
        return settleText(result, of: function, arguments)
    }

    @inline(never)
    private func settleText(_ result: Value, of function: Function, _ arguments: Arguments) -> Value {
        if function.purity == .environment { return result }
        if arguments.allSatisfy(\.makesTrustedText) { return result.trusted }
        // The function did not keep apart what it put together.
        let isBlend = arguments.contains { argument in
            guard argument.kind == .string, argument.isTrusted || argument.hasPieces else { return false }
            return memory.pieces(of: argument).contains { piece in
                guard piece.isTrusted else { return false }
                let part = argument.range(start: Int(piece.start), count: Int(piece.count))
                return memory.bytes(of: part).contains(UInt8(ascii: " "))
            }
        }
        return isBlend ? result.blended : result
    }

    /// What Go calls the type of a value, for error messages.
    func typeName(_ value: Value) -> String { Formatter.typeName(of: value, memory) }

    /// The error for argument `index` (from 0) of a call.
    func wrongArgument(_ index: Int, expected: String, given: Value) -> RuntimeError {
        .wrongArgument(index + 1, expected: expected, given: typeName(given))
    }
}
