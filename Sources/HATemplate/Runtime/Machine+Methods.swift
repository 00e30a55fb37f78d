/// Members that are called, and what calls leave.
extension Machine {
    // MARK: Methods

    /// Only methods of times and durations take arguments.
    mutating func memberWithArguments(
        _ name: Int, of value: Value, _ arguments: Arguments
    ) throws(RuntimeError) -> Value {
        switch value.kind {
        case .time, .int: return try callMethod(name, of: value, arguments)
        default: return try uncommonMember(name, of: value)
        }
    }

    /// What has no methods that take arguments fails before its arguments are evaluated, as in Go.
    mutating func expectMethod(_ name: Int, of value: Value) throws(RuntimeError) {
        switch value.kind {
        case .time, .int:
            let methods = ValueMethod.methods(of: value)
            guard methods.contains(where: { $0.name == program.names[name] }) else {
                throw unknownMethod(name, of: value, methods)
            }
        case .record:
            switch members.member(name, of: value.type) {
            case .method: throw .methodTakesNoArguments(program.names[name])
            case .field: throw .notAFunction(program.names[name])
            case nil: _ = try uncommonMember(name, of: value)
            }
        case .map: throw .notAFunction(program.names[name])
        default: _ = try uncommonMember(name, of: value)
        }
    }

    mutating func callMethod(_ name: Int, of value: Value, _ arguments: Arguments) throws(RuntimeError) -> Value {
        let methods = ValueMethod.methods(of: value)
        guard let method = methods.first(where: { $0.name == program.names[name] }) else {
            throw unknownMethod(name, of: value, methods)
        }
        guard arguments.count == method.argumentCount else {
            throw .wrongMethodArgumentCount(method.name, expected: method.argumentCount, given: arguments.count)
        }
        let result = try method.body(value, arguments, context)
        return result.origin == 0 ? result.withOrigin(value.origin) : result
    }

    private mutating func unknownMethod(_ name: Int, of value: Value, _ methods: [ValueMethod]) -> RuntimeError {
        .unknownField(program.names[name], type: context.typeName(value), known: methods.map(\.name))
    }

    // MARK: Warnings

    /// Gives the warnings of a call their place; the same one at the same place is kept once.
    mutating func takeWarnings(at pc: Int) {
        let location = program.location(at: pc)
        for (code, message) in context.warnings {
            let isKnown = warnings.contains {
                $0.code == code && $0.message == message && $0.location?.range.start == location?.range.start
            }
            guard !isKnown, warnings.count < 100 else { continue }
            warnings.append(Diagnostic(code, message, at: location, severity: .warning))
        }
        context.warnings.removeAll(keepingCapacity: true)
    }
}
