/// The arguments of one call. They stay valid until the function returns.
typealias Arguments = UnsafeBufferPointer<Value>

/// A function that templates can call: what it is called, what it takes and gives, and what it does.
///
/// One entry serves the compiler, the checker, the error messages, `haproxy-gen functions` and `docs/functions.md`.
struct Function: Sendable {
    typealias Native = @Sendable (_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value

    enum Body: Sendable {
        /// Evaluates its operands one by one and stops at the first that is false (`and`) or true (`or`).
        case and, or
        /// Runs a template and gives what it returns, or what it printed.
        case partial
        /// Ends a partial with a value.
        case `return`
        /// Throws when the arguments are wrong; their number has been checked against the parameters.
        case native(Native)
    }

    /// What a result depends on beside the arguments.
    enum Purity: Sendable {
        case pure
        /// The time that the render is given (`RenderOptions.now`).
        case clock
        /// Variables and files that the render is given (`RenderOptions.environment`), or parameters.
        case environment
    }

    struct Parameter: Sendable {
        enum Requirement: Sendable {
            case required, optional
            /// Any number of arguments, none included; stands last.
            case variadic
        }

        let name: String
        let type: ValueType
        let requirement: Requirement
        /// Whether it is a regular expression; a constant one is compiled with the template.
        let isPattern: Bool
        let role: Role

        init(
            _ name: String, _ type: ValueType, _ requirement: Requirement = .required, isPattern: Bool = false,
            role: Role = .ordinary
        ) {
            self.name = name
            self.type = type
            self.requirement = requirement
            self.isPattern = isPattern
            self.role = role
        }

        /// What the function works on: mostly data, so that a literal in its place is probably an argument that
        /// another system has there.
        static func subject(_ name: String, _ type: ValueType, _ requirement: Requirement = .required) -> Parameter {
            Parameter(name, type, requirement, role: .subject)
        }

        /// The same, where a literal text makes sense (an alphabet to choose a letter from) and a number does not.
        static func textualSubject(
            _ name: String, _ type: ValueType, _ requirement: Requirement = .required
        ) -> Parameter {
            Parameter(name, type, requirement, role: .textualSubject)
        }
    }

    /// What a parameter is for the function.
    enum Role: Sendable {
        case ordinary, subject, textualSubject
    }

    /// The full name, with its namespace where it has one: `strings.ToUpper`.
    let name: String
    /// Further names, such as `upper`.
    let aliases: [String]
    let parameters: [Parameter]
    let result: ValueType
    /// What the checker knows of the result beyond `result`.
    let typed: ResultRule
    let together: ArgumentRule
    let cost: CallCost
    let purity: Purity
    /// One line, without full stop.
    let summary: String
    /// A template that shows it; what it prints is found by running it.
    let example: String
    let body: Body

    init(
        _ name: String, aliases: [String] = [], _ parameters: [Parameter], result: ValueType,
        typed: ResultRule = .kinds, together: ArgumentRule = .none, cost: CallCost = .linear, purity: Purity = .pure,
        summary: String, example: String, body: Body
    ) {
        self.name = name
        self.aliases = aliases
        self.parameters = parameters
        self.result = result
        self.typed = typed
        self.together = together
        self.cost = cost
        self.purity = purity
        self.summary = summary
        self.example = example
        self.body = body
    }

    init(
        _ name: String, aliases: [String] = [], _ parameters: [Parameter], result: ValueType,
        typed: ResultRule = .kinds, together: ArgumentRule = .none, cost: CallCost = .linear, purity: Purity = .pure,
        summary: String, example: String,
        _ body: @escaping Native
    ) {
        self.init(
            name, aliases: aliases, parameters, result: result, typed: typed, together: together, cost: cost,
            purity: purity, summary: summary, example: example, body: .native(body))
    }

    /// How many arguments would be right, in words, when `count` is wrong.
    func mismatch(count: Int) -> String? {
        let minimum = parameters.count { $0.requirement == .required }
        let isVariadic = parameters.last?.requirement == .variadic
        guard count < minimum || (!isVariadic && count > parameters.count) else { return nil }
        if isVariadic { return "at least \(Self.arguments(minimum))" }
        return parameters.count == minimum
            ? Self.arguments(minimum) : "\(minimum) to \(Self.arguments(parameters.count))"
    }

    private static func arguments(_ count: Int) -> String {
        count == 0 ? "no arguments" : "\(count) argument\(count == 1 ? "" : "s")"
    }
}
