/// What a function may use beside its arguments: the render's memory, and its surroundings as far as they were allowed.
final class CallContext {
    let memory: Memory
    let library: FunctionLibrary

    init(memory: Memory, library: FunctionLibrary) {
        self.memory = memory
        self.library = library
    }

    /// What Go calls the type of a value, for error messages.
    func typeName(_ value: Value) -> String { Formatter.typeName(of: value, memory) }

    /// The error for argument `index` (from 0) of a call.
    func wrongArgument(_ index: Int, expected: String, given: Value) -> RuntimeError {
        .wrongArgument(index + 1, expected: expected, given: typeName(given))
    }
}
