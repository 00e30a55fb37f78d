/// Go's comparison functions: strict about kinds. Go: text/template/funcs.go, eq and lt.
extension Function {
    static let comparison: [Function] = [
        Function(
            "eq", [.init("value", .any), .init("others", .any, .variadic)], result: .bool,
            typed: .equality(isNegated: false),
            summary: "Whether a value equals one of the others",
            example: #"{{ eq "http" "tcp" "http" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            guard arguments.count > 1 else { throw .missingComparisonArgument }
            for index in 1..<arguments.count
            where try Comparison.areEqual(arguments[0], arguments[index], context.memory) {
                return .bool(true)
            }
            return .bool(false)
        },
        Function(
            "ne", [.init("left", .any), .init("right", .any)], result: .bool, typed: .equality(isNegated: true),
            summary: "Whether two values differ",
            example: #"{{ ne 80 443 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            .bool(!(try Comparison.areEqual(arguments[0], arguments[1], context.memory)))
        },
        Function(
            "lt", [.init("left", .any), .init("right", .any)], result: .bool, typed: .order(.less),
            summary: "Whether the first value is less than the second",
            example: #"{{ lt 80 443 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            .bool(try Comparison.isLess(arguments[0], arguments[1], context.memory))
        },
        Function(
            "le", [.init("left", .any), .init("right", .any)], result: .bool, typed: .order(.lessOrEqual),
            summary: "Whether the first value is less than or equal to the second",
            example: #"{{ le 80 80 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            .bool(try Comparison.isLessOrEqual(arguments[0], arguments[1], context.memory))
        },
        Function(
            "gt", [.init("left", .any), .init("right", .any)], result: .bool, typed: .order(.greater),
            summary: "Whether the first value is greater than the second",
            example: #"{{ gt 80 443 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            .bool(!(try Comparison.isLessOrEqual(arguments[0], arguments[1], context.memory)))
        },
        Function(
            "ge", [.init("left", .any), .init("right", .any)], result: .bool, typed: .order(.greaterOrEqual),
            summary: "Whether the first value is greater than or equal to the second",
            example: #"{{ ge 80 80 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            .bool(!(try Comparison.isLess(arguments[0], arguments[1], context.memory)))
        },
    ]
}

enum Comparison {
    /// Values of one basic kind compare; nil compares with anything; a list or map compares with nil alone.
    static func areEqual(_ left: Value, _ right: Value, _ memory: Memory) throws(RuntimeError) -> Bool {
        if left.isNil || right.isNil {
            return (left.isNil || left.isAbsent) && (right.isNil || right.isAbsent)
        }
        guard left.basicKind == right.basicKind else { throw incompatible(left, right, memory) }
        switch left.kind {
        case .bool, .int: return left.payload == right.payload
        case .float: return left.asFloat == right.asFloat
        case .string: return equalBytes(memory.bytes(of: left), memory.bytes(of: right))
        case .record where left.kind == right.kind: return try areEqualRecords(left, right, memory)
        case .time where left.kind == right.kind: return left.payload == right.payload && left.type == right.type
        default:
            // Go compares the kinds here, then finds that neither can be compared.
            throw .notComparable(Formatter.typeName(of: right, memory))
        }
    }

    /// Go compares structs of one type field by field, when no field is a list or map.
    private static func areEqualRecords(_ left: Value, _ right: Value, _ memory: Memory) throws(RuntimeError) -> Bool {
        let leftFields = memory.elements(of: left)
        let rightFields = memory.elements(of: right)
        guard !rightFields.contains(where: { $0.kind == .list || $0.kind == .map || $0.kind == .record }) else {
            throw .notComparable(Formatter.typeName(of: right, memory))
        }
        guard left.type == right.type else { return false }
        for index in leftFields.indices where !(try areEqual(leftFields[index], rightFields[index], memory)) {
            return false
        }
        return true
    }

    static func isLess(_ left: Value, _ right: Value, _ memory: Memory) throws(RuntimeError) -> Bool {
        guard left.basicKind != .other else { throw .notComparable(Formatter.typeName(of: left, memory)) }
        guard right.basicKind != .other else { throw .notComparable(Formatter.typeName(of: right, memory)) }
        guard left.basicKind == right.basicKind else { throw incompatible(left, right, memory) }
        switch left.kind {
        case .int: return left.asInt < right.asInt
        case .float: return left.asFloat < right.asFloat
        case .string: return compareBytes(memory.bytes(of: left), memory.bytes(of: right)) < 0
        default: throw .notComparable(Formatter.typeName(of: left, memory))
        }
    }

    static func isLessOrEqual(_ left: Value, _ right: Value, _ memory: Memory) throws(RuntimeError) -> Bool {
        if try isLess(left, right, memory) { return true }
        return try areEqual(left, right, memory)
    }

    private static func incompatible(_ left: Value, _ right: Value, _ memory: Memory) -> RuntimeError {
        .incompatibleTypes(Formatter.typeName(of: left, memory), Formatter.typeName(of: right, memory))
    }
}

extension Value {
    fileprivate enum BasicKind {
        case bool, int, float, string, other
    }

    fileprivate var basicKind: BasicKind {
        switch kind {
        case .bool: .bool
        case .int: .int
        case .float: .float
        case .string: .string
        case .missing, .null, .list, .map, .record, .time: .other
        }
    }

    /// Go's truth: not the zero value of its kind. Go: exec.go, isTrue.
    var isTrue: Bool {
        switch kind {
        case .missing, .null: false
        case .bool, .int: payload != 0
        case .float: asFloat != 0
        case .string, .list, .map: count > 0
        case .record, .time: true
        }
    }
}
