/// Hugo's `math`.
extension Function {
    static let math: [Function] = arithmetic + aggregation + rounding

    private static let arithmetic: [Function] = [
        operation(
            "Add", alias: "add", "The sum of the numbers, or the texts one after the other", "{{ add 40 2 }}", .add),
        operation("Sub", alias: "sub", "The first number less the others", "{{ sub 50 8 }}", .subtract),
        operation("Mul", alias: "mul", "The product of the numbers", "{{ mul 6 7 }}", .multiply),
        operation(
            "Div", alias: "div", "The first number divided by the others; integers drop the rest", "{{ div 7 2 }}",
            .divide),
        Function(
            "math.Mod", aliases: ["mod"], [.init("number", .scalar), .init("divisor", .scalar)], result: .int,
            summary: "What is left of an integer division; its sign is the number's",
            example: "{{ mod 17 5 }}"
        ) { (arguments, context) throws(RuntimeError) in
            .int(try Arithmetic.remainder(arguments, context))
        },
        Function(
            "math.ModBool", aliases: ["modBool"], [.init("number", .scalar), .init("divisor", .scalar)], result: .bool,
            summary: "Whether an integer division leaves nothing",
            example: "{{ modBool 15 5 }}"
        ) { (arguments, context) throws(RuntimeError) in
            .bool(try Arithmetic.remainder(arguments, context) == 0)
        },
        Function(
            "math.Pow", aliases: ["pow"], [.init("base", .scalar), .init("exponent", .scalar)], result: .float,
            summary: "The base raised to the power of the exponent, as a float",
            example: "{{ pow 2 10 }}"
        ) { (arguments, context) throws(RuntimeError) in
            .float(RealFunctions.power(try context.float(arguments, 0), try context.float(arguments, 1)))
        },
    ]

    private static let aggregation: [Function] = [
        aggregate("Sum", "The sum of the numbers and of the lists' elements, as a float", "{{ math.Sum 1 2 3 }}") {
            $0 + $1
        },
        aggregate(
            "Product", "The product of the numbers and of the lists' elements, as a float", "{{ math.Product 2 3 7 }}"
        ) {
            $0 * $1
        },
        aggregate("Max", "The largest of the numbers and of the lists' elements, as a float", "{{ math.Max 80 443 }}") {
            Double.maximum($0, $1, nanWins: true)
        },
        aggregate("Min", "The smallest of the numbers and of the lists' elements, as a float", "{{ math.Min 80 443 }}")
        {
            -Double.maximum(-$0, -$1, nanWins: true)
        },
    ]

    private static let rounding: [Function] = [
        real("Abs", "The number without its sign, as a float", "{{ math.Abs -3 }}") { $0.magnitude },
        real("Ceil", "The nearest whole number that is not less", "{{ math.Ceil 2.1 }}") { $0.rounded(.up) },
        real("Floor", "The nearest whole number that is not greater", "{{ math.Floor 2.9 }}") { $0.rounded(.down) },
        real("Round", "The nearest whole number; halves go away from zero", "{{ math.Round 2.5 }}") {
            $0.rounded(.toNearestOrAwayFromZero)
        },
        real("Sqrt", "The square root; NaN of a negative number", "{{ math.Sqrt 81 }}") { $0.squareRoot() },
        real("Log", "The natural logarithm", "{{ math.Log 1 }}") { RealFunctions.logarithm($0) },
    ]

    private static func operation(
        _ name: String, alias: String, _ summary: String, _ example: String, _ operation: Arithmetic.Operation
    ) -> Function {
        let kinds: ValueType = operation == .add ? [.number, .duration, .string] : [.number, .duration]
        return Function(
            "math.\(name)", aliases: [alias],
            [.init("first", kinds), .init("second", kinds), .init("others", kinds, .variadic)], result: kinds,
            typed: .arithmetic, together: operation == .add ? .sum : .none, summary: summary, example: example
        ) { (arguments, context) throws(RuntimeError) in
            try Arithmetic.fold(operation, arguments, context)
        }
    }

    private static func aggregate(
        _ name: String, _ summary: String, _ example: String, _ combine: @escaping @Sendable (Double, Double) -> Double
    ) -> Function {
        let kinds: ValueType = [.scalar, .list]
        return Function(
            "math.\(name)", [.init("number", kinds), .init("others", kinds, .variadic)], result: .float,
            summary: summary, example: example
        ) { (arguments, context) throws(RuntimeError) in
            .float(try Arithmetic.aggregate(arguments, context, combine))
        }
    }

    private static func real(
        _ name: String, _ summary: String, _ example: String, _ body: @escaping @Sendable (Double) -> Double
    ) -> Function {
        Function(
            "math.\(name)", [.init("number", .scalar)], result: .float, summary: summary, example: example
        ) { (arguments, context) throws(RuntimeError) in
            .float(body(try context.float(arguments, 0)))
        }
    }
}
