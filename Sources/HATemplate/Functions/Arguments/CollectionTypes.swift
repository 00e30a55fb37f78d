/// Element types beyond Go's basic ones, as `%T` prints them: Hugo's functions give lists the type of their elements.
extension TypeTag {
    static let map = TypeTag(rawValue: 16)
    static let listOfAny = TypeTag(rawValue: 17)
    static let listOfStrings = TypeTag(rawValue: 18)
    static let listOfInts = TypeTag(rawValue: 19)
    static let listOfFloats = TypeTag(rawValue: 20)
    static let listOfBools = TypeTag(rawValue: 21)
    static let listOfMaps = TypeTag(rawValue: 22)
    /// What `keyVals` gives: a map with `Key` and `Values` that prints as `key: [values]`. Hugo: types.KeyValues.
    static let keyValues = TypeTag(rawValue: 23)

    /// Whether elements of this type cannot be distinguished by Go's `==`.
    var isUncomparable: Bool { (Self.map.rawValue...Self.listOfMaps.rawValue).contains(rawValue) }

    var isNumber: Bool { self == .int || self == .float || self == .uint8 }

    /// What a list of these is as an element of another list; nil when no tag names it.
    private var list: TypeTag? {
        switch self {
        case .any: .listOfAny
        case .string: .listOfStrings
        case .int: .listOfInts
        case .float: .listOfFloats
        case .bool: .listOfBools
        case .map: .listOfMaps
        default: nil
        }
    }

    /// The type of a value as an element; nil for nil, and for what no tag names.
    static func element(_ value: Value) -> TypeTag? {
        switch value.kind {
        case .bool: .bool
        case .int: value.type == .any ? .int : value.type
        case .float: .float
        case .string: .string
        case .record: value.type
        case .map: value.type == .any ? .map : value.type == .keyValues ? .keyValues : nil
        case .list: value.type.list
        default: nil
        }
    }

    /// The type that all values have; `any` when they differ, or when there are none. Hugo: collections.Slice.
    static func common(_ values: some Collection<Value>) -> TypeTag {
        guard let first = values.first, let type = element(first) else { return .any }
        return values.allSatisfy { element($0) == type } ? type : .any
    }
}

extension Memory {
    /// A list with the type of its elements.
    func makeTypedList(_ elements: [Value]) -> Value {
        makeList(elements, type: .common(elements))
    }
}

extension CallContext {
    /// The elements of argument `index`, which must be a list. They stay valid when values are made.
    func elements(_ arguments: Arguments, _ index: Int) throws(RuntimeError) -> [Value] {
        guard arguments[index].kind == .list else {
            throw wrongArgument(index, expected: "a list", given: arguments[index])
        }
        return Array(memory.elements(of: arguments[index]))
    }

    /// Argument `index` as a size: 0 or more.
    func size(_ arguments: Arguments, _ index: Int) throws(RuntimeError) -> Int {
        guard !arguments[index].isNil else {
            throw wrongArgument(index, expected: "a count", given: arguments[index])
        }
        let size = try integer(arguments, index)
        guard size >= 0 else {
            throw unreadable(index, expected: "a count of 0 or more", given: arguments[index])
        }
        return size
    }
}

/// Bounds of what one call may make.
enum ResultLimit {
    static let bytes = 64 << 20
    static let elements = bytes / MemoryLayout<Value>.stride

    static func check(bytes count: Int) throws(RuntimeError) {
        if count > bytes { throw .resultTooLarge(limit: bytes) }
    }
}
