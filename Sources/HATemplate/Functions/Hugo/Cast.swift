/// Hugo's `cast`, and what its neighbors read numbers and truth with.
extension Function {
    static let cast: [Function] = [
        Function(
            "cast.ToInt", aliases: ["int", "toInt"], [.init("value", [.scalar, .nil])], result: .int,
            summary: "A value as an integer: decimals are dropped, text is read as Go writes integers",
            example: #"{{ int "3.7" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            .int(try context.integer(arguments, 0)).withOrigin(arguments[0].origin)
        },
        Function(
            "cast.ToFloat", aliases: ["float", "toFloat"], [.init("value", [.scalar, .nil])], result: .float,
            summary: "A value as a float",
            example: #"{{ float "2.50" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            .float(try context.float(arguments, 0)).withOrigin(arguments[0].origin)
        },
        Function(
            "cast.ToString", aliases: ["string", "toString"], [.init("value", [.scalar, .time, .nil])], result: .string,
            summary: "A value as text; a float never has an exponent",
            example: #"{{ string 1000000.0 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try context.text(arguments, 0)
        },
        Function(
            "parseBool", [.init("text", [.string, .bool])], result: .bool,
            summary: "The truth value that a text such as true, false, 1, 0, t or F stands for",
            example: #"{{ parseBool "true" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            guard arguments[0].kind == .string || arguments[0].kind == .bool else {
                throw context.wrongArgument(0, expected: "true or false", given: arguments[0])
            }
            return .bool(try context.truth(arguments, 0))
        },
        Function(
            "parseInt", aliases: ["atoi"], [.init("text", [.string, .int])], result: .int,
            summary: "The integer that a text stands for, in decimal digits alone: leading zeros do not make it octal",
            example: #"{{ parseInt "012" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            if arguments[0].kind == .int { return arguments[0] }
            let text = context.memory.bytes(of: arguments[0])
            guard arguments[0].kind == .string, let number = Int(String(decoding: text, as: UTF8.self)) else {
                throw context.unreadable(0, expected: "an integer in decimal digits", given: arguments[0])
            }
            return .int(number).withOrigin(arguments[0].origin)
        },
    ]
}
