/// Hugo's comparison functions, which compare across kinds; Go's strict ones have the plain names. Hugo: tpl/compare.
extension Function {
    static let looseComparison: [Function] = [
        Function(
            "compare.Eq", several, result: .bool,
            summary: "Whether a value equals one of the others; 1 equals 1.0, lists and maps are equal by content",
            example: #"{{ compare.Eq 80 443 80.0 }}"#
        ) { arguments, context in
            .bool(arguments.dropFirst().contains { Identity.areEqual(arguments[0], $0, context.memory) })
        },
        Function(
            "compare.Ne", several, result: .bool,
            summary: "Whether a value equals none of the others",
            example: #"{{ compare.Ne "http" "tcp" "udp" }}"#
        ) { arguments, context in
            .bool(!arguments.dropFirst().contains { Identity.areEqual(arguments[0], $0, context.memory) })
        },
        ordering("compare.Lt", "less than", example: #"{{ compare.Lt 80 80.5 }}"#) { $0 == .less },
        ordering("compare.Le", "less than or equal to", example: #"{{ compare.Le "80" 80 }}"#) {
            $0 == .less || $0 == .equal
        },
        ordering("compare.Gt", "greater than", example: #"{{ compare.Gt 443 80 }}"#) { $0 == .greater },
        ordering("compare.Ge", "greater than or equal to", example: #"{{ compare.Ge 80 80.0 }}"#) {
            $0 == .greater || $0 == .equal
        },
        Function(
            "compare.Conditional", aliases: ["cond"],
            [.init("condition", .any), .init("value", .any), .init("otherwise", .any)], result: .any,
            typed: .oneOf(1, 2), cost: .constant,
            summary: "The second value when the first is true, else the third; both are evaluated",
            example: #"{{ cond (gt 443 80) "yes" "no" }}"#
        ) { arguments, _ in arguments[0].isTrue ? arguments[1] : arguments[2] },
        Function(
            "compare.Default", aliases: ["default"], [.init("default", .any), .subject("value", .any, .optional)],
            result: .any, typed: .nonEmpty(1, else: 0), cost: .constant,
            summary: "The value, or the default when it is nil, 0 or empty; false is a value",
            example: #"{{ "" | default "roundrobin" }}"#
        ) { arguments, _ in
            guard arguments.count > 1, arguments[1].kind == .bool || arguments[1].isTrue else { return arguments[0] }
            return arguments[1]
        },
    ]

    private static let several: [Parameter] = [
        .init("value", .any), .init("other", .any), .init("others", .any, .variadic),
    ]

    private static func ordering(
        _ name: String, _ relation: String, example: String, holds: @escaping @Sendable (LooseOrder) -> Bool
    ) -> Function {
        Function(
            name, several, result: .bool,
            summary: "Whether a value is \(relation) all others; numbers, text, bools and lengths compare",
            example: example
        ) { arguments, context in
            .bool(arguments.dropFirst().allSatisfy { holds(LooseOrder(arguments[0], $0, context.memory)) })
        }
    }
}

/// How two values of any kinds lie to each other, as Hugo compares. Hugo: tpl/compare, compareGet.
enum LooseOrder {
    case less, equal, greater
    /// One is not a number.
    case none

    /// Text compares with text by bytes, or as a dictionary orders it; anything else by its number: lists and maps by
    /// their length, times by their seconds, text by the number that it holds, what has none by 0.
    init(_ left: Value, _ right: Value, _ memory: Memory, collated: Bool = false) {
        switch (left.kind, right.kind) {
        case (.string, .string):
            let (one, other) = (memory.bytes(ofString: left), memory.bytes(ofString: right))
            let order = collated ? Collation.compare(one, other) : compareBytes(one, other)
            self = order == 0 ? .equal : order < 0 ? .less : .greater
        case (.int, .int), (.int, .float), (.float, .int), (.float, .float):
            self = Self.number(left, right)
        case (.time, .time):
            self = Self.number(.int(left.asInt), .int(right.asInt))
        default:
            self = Self.floats(Self.magnitude(left, memory), Self.magnitude(right, memory))
        }
    }

    /// Two numbers, exactly, whatever their size.
    static func number(_ left: Value, _ right: Value) -> LooseOrder {
        switch (left.kind, right.kind) {
        case (.int, .int):
            left.asInt == right.asInt ? .equal : left.asInt < right.asInt ? .less : .greater
        case (.int, _): mixed(left.asInt, right.asFloat)
        case (_, .int): mixed(right.asInt, left.asFloat).reversed
        default: floats(left.asFloat, right.asFloat)
        }
    }

    var reversed: LooseOrder {
        switch self {
        case .less: .greater
        case .greater: .less
        case .equal, .none: self
        }
    }

    private static func floats(_ left: Double, _ right: Double) -> LooseOrder {
        left == right ? .equal : left < right ? .less : left > right ? .greater : .none
    }

    private static func mixed(_ integer: Int, _ float: Double) -> LooseOrder {
        guard !float.isNaN else { return .none }
        if let whole = Int(exactly: float.rounded(.down)) {
            if integer != whole { return integer < whole ? .less : .greater }
            return Double(whole) < float ? .less : .equal
        }
        return float < 0 ? .greater : .less
    }

    private static func magnitude(_ value: Value, _ memory: Memory) -> Double {
        switch value.kind {
        case .bool: value.asBool ? 1 : 0
        case .int: Double(value.asInt)
        case .float: value.asFloat
        case .string: Casting.float(text: memory.bytes(of: value)) ?? 0
        case .list, .map: Double(value.count)
        case .time: (Double(value.asInt) / 1_000_000_000).rounded(.down)
        default: 0
        }
    }
}
