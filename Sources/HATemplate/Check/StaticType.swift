/// What the checker knows of a value before there is one: its possible kinds, and what lists, maps and records hold.
struct StaticType: Hashable, Sendable {
    /// Whether the value may be the empty text, zero, or something else that is not true.
    enum Emptiness: Sendable {
        case unknown
        /// The data model says that it may be left out, and nothing on the way here has asked.
        case mayBeEmpty
        case never
    }

    /// A value that stands in the template itself.
    enum Constant: Hashable, Sendable {
        case bool(Bool)
        case int(Int)
        case float(Double)
        case string([UInt8])

        var isTrue: Bool {
            switch self {
            case .bool(let value): value
            case .int(let value): value != 0
            case .float(let value): value != 0
            case .string(let value): !value.isEmpty
            }
        }
    }

    /// None at all for what is never reached, such as the result of a template that never ends.
    var kinds: ValueType
    /// Nothing can be said, so nothing is reported.
    var isUnknown = false
    var emptiness = Emptiness.unknown
    /// Whether there may be no value, where the kinds do not say so: it was asked of a map of which nothing is known, or it is a
    /// text that such a value was printed into.
    var mayBeAbsent = false
    /// Of a list.
    var element = TypeID.unknown
    /// Nil for a map of which nothing is known.
    var map: MapID?
    var record: RecordID?
    var constant: Constant?
    /// The constant came through a variable: a switch that the template's author means to turn.
    var isSetting = false

    static let unknown = StaticType(kinds: .everything, isUnknown: true)
    static let never = StaticType(kinds: [])
    static let missing = StaticType(kinds: .missing)
    static let null = StaticType(kinds: .nil)
    static let bool = StaticType(kinds: .bool)
    static let int = StaticType(kinds: .int)
    static let float = StaticType(kinds: .float)
    static let string = StaticType(kinds: .string)

    static func constant(_ constant: Constant) -> StaticType {
        var type: StaticType =
            switch constant {
            case .bool: .bool
            case .int: .int
            case .float: .float
            case .string: .string
            }
        type.constant = constant
        if constant.isTrue { type.emptiness = .never }
        return type
    }

    /// What a function's table entry says of its result; of several kinds it is not known which it will be.
    static func result(_ kinds: ValueType) -> StaticType {
        kinds.members.count == 1 ? StaticType(kinds: kinds) : .unknown
    }

    /// Nothing reaches a value of this type.
    var isNever: Bool { kinds.isEmpty }

    /// Whether a condition on it is decided by the template alone.
    var truth: Bool? { isSetting ? nil : constant?.isTrue }

    /// The same type after a condition that holds.
    var whenTrue: StaticType {
        var type = self
        type.kinds.subtract(.anyNil)
        type.emptiness = .never
        type.mayBeAbsent = false
        return type
    }

    /// The same type after a condition that does not hold.
    var whenFalse: StaticType {
        var type = self
        type.kinds.subtract([.record, .time])
        return type
    }

    /// As when a value leaves a pipeline: a nil inside a list or map becomes the missing value.
    var leavingPipeline: StaticType {
        guard kinds.contains(.nil) else { return self }
        var type = self
        type.kinds.remove(.nil)
        type.kinds.insert(.missing)
        return type
    }

    /// Without what only the place knows where a literal stands.
    var withoutConstant: StaticType {
        guard constant != nil else { return self }
        var type = self
        type.constant = nil
        type.isSetting = false
        return type
    }

    func or(_ kinds: ValueType) -> StaticType {
        var type = self
        type.kinds.formUnion(kinds)
        return type
    }

    /// The same, or nil.
    var orNil: StaticType {
        var type = or(.nil)
        if isUnknown { type.mayBeAbsent = true }
        return type
    }

    /// Whether printing it may print that there is no value.
    var mayPrintNil: Bool { mayBeAbsent || (!isUnknown && !kinds.isDisjoint(with: .anyNil)) }
}

/// Names a type that stands inside another one.
struct TypeID: Hashable, Sendable {
    let index: Int32

    static let unknown = TypeID(index: 0)
}

/// Names what a map holds.
struct MapID: Hashable, Sendable {
    let index: Int32
}

/// Names the types of a record's fields.
struct RecordID: Hashable, Sendable {
    let index: Int32
}

/// What a map holds.
struct MapType: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var type: TypeID
        /// Whether every such map has the key.
        var isRequired: Bool
    }

    var entries: [[UInt8]: Entry] = [:]
    /// What stands under any other key; nil when there is no other key.
    var rest: TypeID?

    /// For "did you mean".
    var keys: [String] { entries.keys.map { String(decoding: $0, as: UTF8.self) }.sorted() }
}

/// A record's shape with the types of its members here, which conditions may have narrowed.
struct RecordType: Hashable, Sendable {
    /// Index in `TypeTable.shapes`.
    var shape: Int
    /// Of the fields, then of the methods.
    var members: [TypeID]
}

extension ValueType {
    /// Nothing is there: an absent map key, or a nil that went through a pipeline.
    static let missing = ValueType(rawValue: 1 << 15)
    static let anyNil: ValueType = [.nil, .missing]
    static let everything: ValueType = [.any, .missing]

    /// The single kinds of the set.
    var members: [ValueType] {
        var result: [ValueType] = []
        var rest = rawValue
        while rest != 0 {
            let lowest = rest & (~rest &+ 1)
            result.append(ValueType(rawValue: lowest))
            rest &= ~lowest
        }
        return result
    }

    /// As a function sees it, which knows one nil alone.
    var asArgument: ValueType {
        contains(.missing) ? subtracting(.missing).union(.nil) : self
    }
}
