/// The four operations with Hugo's rules: integers stay integers until a float joins them. Unlike there, a result that
/// does not fit is an error.
enum Arithmetic {
    enum Operation: Sendable {
        case add, subtract, multiply, divide
    }

    /// Applies an operation from the left on.
    static func fold(
        _ operation: Operation, _ arguments: Arguments, _ context: CallContext
    ) throws(RuntimeError) -> Value {
        if operation == .add, arguments.allSatisfy({ $0.kind == .string }) {
            return try concatenate(arguments, context)
        }
        var result = try number(arguments, 0, context)
        for index in 1..<max(arguments.count, 1) {
            let operand = try number(arguments, index, context)
            if operation == .divide, operand.asDouble == 0 {
                throw context.unreadable(index, expected: "a number other than 0", given: operand)
            }
            if result.kind == .int, operand.kind == .int {
                result = .int(try apply(operation, result.asInt, operand.asInt))
            } else {
                result = .float(apply(operation, result.asDouble, operand.asDouble))
            }
        }
        return result
    }

    private static func number(_ arguments: Arguments, _ index: Int, _ context: CallContext) throws(RuntimeError)
        -> Value
    {
        switch arguments[index].kind {
        case .int, .float: return arguments[index]
        case .string: throw context.unreadable(index, expected: "a number", given: arguments[index])
        default: throw context.wrongArgument(index, expected: "a number", given: arguments[index])
        }
    }

    private static func concatenate(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        context.memory.makeText { text in
            for argument in arguments where !context.memory.isFull(text.output) {
                text.output.append(context.memory.bytes(of: argument))
                text.mark(argument, context.memory)
            }
        }
    }

    private static func apply(_ operation: Operation, _ left: Int, _ right: Int) throws(RuntimeError) -> Int {
        let (result, overflow) =
            switch operation {
            case .add: left.addingReportingOverflow(right)
            case .subtract: left.subtractingReportingOverflow(right)
            case .multiply: left.multipliedReportingOverflow(by: right)
            case .divide: left.dividedReportingOverflow(by: right)
            }
        guard !overflow else { throw .integerOverflow }
        return result
    }

    private static func apply(_ operation: Operation, _ left: Double, _ right: Double) -> Double {
        switch operation {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        }
    }

    /// What an integer division of the first argument by the second leaves.
    static func remainder(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Int {
        let number = try context.integer(arguments, 0)
        let divisor = try context.integer(arguments, 1)
        guard divisor != 0 else {
            throw context.unreadable(1, expected: "an integer other than 0", given: .int(0))
        }
        return number.remainderReportingOverflow(dividingBy: divisor).partialValue
    }

    /// Combines the numbers and the elements of the lists; 0 when there are none.
    static func aggregate(
        _ arguments: Arguments, _ context: CallContext, _ combine: (Double, Double) -> Double
    ) throws(RuntimeError) -> Double {
        var result: Double?
        for (index, argument) in arguments.enumerated() {
            guard argument.kind == .list else {
                let number = try context.float(arguments, index)
                result = result.map { combine($0, number) } ?? number
                continue
            }
            for position in 0..<argument.count {
                let element = context.memory.element(position, of: argument)
                guard let number = Casting.float(element, context.memory) else {
                    throw context.wrongElement(index, expected: "a list of numbers", element: element)
                }
                result = result.map { combine($0, number) } ?? number
            }
        }
        return result ?? 0
    }
}

extension Value {
    /// The payload of an int or a float.
    fileprivate var asDouble: Double { kind == .int ? Double(asInt) : asFloat }
}

extension Double {
    /// The larger one; not a number when one is none. Go: math.Max.
    static func maximum(_ left: Double, _ right: Double, nanWins: Bool) -> Double {
        if left.isNaN || right.isNaN { return nanWins ? .nan : (left.isNaN ? right : left) }
        if left == 0, right == 0 { return left.sign == .minus ? right : left }
        return left > right ? left : right
    }
}

extension CallContext {
    /// The error for a list with an element that it must not have.
    func wrongElement(_ index: Int, expected: String, element: Value) -> RuntimeError {
        guard case .wrongArgument(let position, _, let given) = unreadable(index, expected: expected, given: element)
        else { return wrongArgument(index, expected: expected, given: element) }
        return .wrongArgument(position, expected: expected, given: "list with \(Self.article(given))")
    }

    private static func article(_ text: String) -> String {
        if text == "<nil>" { return "nil" }
        return ("aeiou".unicodeScalars.contains(text.unicodeScalars.first ?? " ") ? "an " : "a ") + text
    }
}
