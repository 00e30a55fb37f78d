/// The arguments of one call. They stay valid until the function returns.
typealias Arguments = UnsafeBufferPointer<Value>

/// A function that templates can call.
struct Function: Sendable {
    enum Body: Sendable {
        /// Evaluates its operands one by one and stops at the first that is false (`and`) or true (`or`).
        case and, or
        case native(@Sendable (_ arguments: Arguments, _ memory: Memory) throws(RuntimeError) -> Value)
    }

    let name: String
    let parameters: ParameterCount
    let body: Body

    init(_ name: String, _ parameters: ParameterCount, body: Body) {
        self.name = name
        self.parameters = parameters
        self.body = body
    }

    init(
        _ name: String, _ parameters: ParameterCount,
        _ body: @escaping @Sendable (_ arguments: Arguments, _ memory: Memory) throws(RuntimeError) -> Value
    ) {
        self.init(name, parameters, body: .native(body))
    }
}

/// How many arguments a function takes.
struct ParameterCount: Sendable, Equatable {
    let minimum: Int
    /// Nil: any number.
    let maximum: Int?

    static func exactly(_ count: Int) -> ParameterCount { ParameterCount(minimum: count, maximum: count) }
    static func atLeast(_ count: Int) -> ParameterCount { ParameterCount(minimum: count, maximum: nil) }

    /// What would be right, in words, when `count` is wrong.
    func mismatch(count: Int) -> String? {
        guard count < minimum || maximum.map({ count > $0 }) == true else { return nil }
        let lead = maximum == nil ? "at least " : ""
        return "\(lead)\(minimum) argument\(minimum == 1 ? "" : "s")"
    }
}

/// The functions that a template may name.
struct FunctionLibrary: Sendable {
    private let functions: [String: Function]

    init(_ functions: [Function]) {
        self.functions = Dictionary(functions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    subscript(name: String) -> Function? { functions[name] }

    /// All names, sorted.
    var names: [String] { functions.keys.sorted() }

    /// Go's builtin functions. Go: text/template/funcs.go.
    static let standard = FunctionLibrary(Function.logic + Function.comparison + Function.sequences + Function.text)
}

extension Function {
    /// `and`, `or`, `not`, and `call`, which has nothing to call here: data holds no functions.
    static let logic: [Function] = [
        Function("and", .atLeast(1), body: .and),
        Function("or", .atLeast(1), body: .or),
        Function("not", .exactly(1)) { arguments, _ in .bool(!arguments[0].isTrue) },
        Function("call", .atLeast(1)) { (arguments, memory) throws(RuntimeError) in
            throw .notCallable(type: Formatter.typeName(of: arguments[0], memory))
        },
    ]

    /// Output and escaping.
    static let text: [Function] = [
        Function("print", .atLeast(0)) { arguments, memory in
            memory.makeString { Formatter.print(arguments, memory, into: &$0) }
        },
        Function("println", .atLeast(0)) { arguments, memory in
            memory.makeString { Formatter.println(arguments, memory, into: &$0) }
        },
        Function("printf", .atLeast(1)) { (arguments, memory) throws(RuntimeError) in
            guard arguments[0].kind == .string else {
                throw .wrongArgument(
                    1, expected: "a format string", given: Formatter.typeName(of: arguments[0], memory))
            }
            let format = memory.bytes(of: arguments[0])
            let rest = UnsafeBufferPointer(rebasing: arguments[1...])
            return memory.makeString { Formatter.printf(format, rest, memory, into: &$0) }
        },
        Function("html", .atLeast(0)) { arguments, memory in
            memory.makeString { Escaping.html(arguments, memory, into: &$0) }
        },
        Function("js", .atLeast(0)) { arguments, memory in
            memory.makeString { Escaping.js(arguments, memory, into: &$0) }
        },
        Function("urlquery", .atLeast(0)) { arguments, memory in
            memory.makeString { Escaping.urlquery(arguments, memory, into: &$0) }
        },
    ]
}
