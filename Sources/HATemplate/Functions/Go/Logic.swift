/// `and`, `or`, `not`, and `call`, which has nothing to call here: data holds no functions.
extension Function {
    static let logic: [Function] = [
        Function(
            "and", [.init("value", .any), .init("values", .any, .variadic)], result: .any,
            summary: "The first value that is not true, else the last; what follows it is not evaluated",
            example: #"{{ and true "yes" }}"#, body: .and),
        Function(
            "or", [.init("value", .any), .init("values", .any, .variadic)], result: .any,
            summary: "The first value that is true, else the last; what follows it is not evaluated",
            example: #"{{ or "" "roundrobin" }}"#, body: .or),
        Function(
            "not", [.init("value", .any)], result: .bool, typed: .negation, cost: .constant,
            summary: "Whether a value is not true: false, 0, nil, or empty",
            example: #"{{ not "" }}"#
        ) { arguments, _ in .bool(!arguments[0].isTrue) },
        Function(
            "call", [.init("function", .any), .init("arguments", .any, .variadic)], result: .any, typed: .never,
            cost: .constant,
            summary: "Calls a function value; data holds none, so this always fails",
            example: #"{{/* {{ call .function }} */}}"#
        ) { (arguments, context) throws(RuntimeError) in
            throw .notCallable(type: context.typeName(arguments[0]))
        },
    ]
}
