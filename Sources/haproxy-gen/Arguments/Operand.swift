/// An operand of a command (a word that is not an option), declared once like an option.
struct Operand<Result: Sendable>: DeclaredOperand {
    let declaration: OperandDeclaration
    private let combine: @Sendable ([any ParsedValue]) -> Result

    /// What the command gets for the words that were given, in their order.
    func result(of given: [any ParsedValue]) -> Result { combine(given) }
}

extension Operand {
    /// An operand that must be there.
    init<Value>(_ type: ValueType<Value>, help: String) where Result == Value? {
        self.init(type, .one, help)
    }

    init<Value>(optional type: ValueType<Value>, help: String) where Result == Value? {
        self.init(type, .optional, help)
    }

    /// An operand that may be left out.
    init(optional type: ValueType<Result>, default fallback: Result, help: String) {
        declaration = OperandDeclaration(value: type.declaration, count: .optional, help: help)
        combine = { ($0.last as? ParsedValueBox<Result>)?.value ?? fallback }
    }

    /// Any number of words, also none.
    init<Value>(each type: ValueType<Value>, help: String) where Result == [Value] {
        declaration = OperandDeclaration(value: type.declaration, count: .many, help: help)
        combine = { $0.compactMap { ($0 as? ParsedValueBox<Value>)?.value } }
    }

    private init<Value>(_ type: ValueType<Value>, _ count: OperandCount, _ help: String) where Result == Value? {
        declaration = OperandDeclaration(value: type.declaration, count: count, help: help)
        combine = { ($0.last as? ParsedValueBox<Value>)?.value }
    }
}

/// An operand of any type, for lists.
protocol DeclaredOperand: Sendable {
    var declaration: OperandDeclaration { get }
}

/// The operands of this program; each stands in the file of the commands that have it.
enum Operands {}

/// How many operands of one kind a command takes.
enum OperandCount: Sendable {
    case one
    case optional
    case many
}

/// An operand without its type: what the parser, help and the completion scripts need of it.
struct OperandDeclaration: Sendable {
    let value: ValueDeclaration
    let count: OperandCount
    let help: String

    var name: String { value.name }
    var kind: ValueKind { value.kind }

    var usage: String {
        switch count {
        case .one: name
        case .optional: "[\(name)]"
        case .many: "[\(name)…]"
        }
    }
}
