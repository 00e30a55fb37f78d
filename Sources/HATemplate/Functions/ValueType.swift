/// Kinds of values that a parameter takes or a function gives.
struct ValueType: OptionSet, Sendable, Hashable {
    let rawValue: UInt16

    static let `nil` = ValueType(rawValue: 1 << 0)
    static let bool = ValueType(rawValue: 1 << 1)
    static let int = ValueType(rawValue: 1 << 2)
    static let float = ValueType(rawValue: 1 << 3)
    static let string = ValueType(rawValue: 1 << 4)
    static let list = ValueType(rawValue: 1 << 5)
    static let map = ValueType(rawValue: 1 << 6)
    static let record = ValueType(rawValue: 1 << 7)
    /// Go's time.Time.
    static let time = ValueType(rawValue: 1 << 8)
    /// Go's time.Duration, which passes for an int.
    static let duration = ValueType(rawValue: 1 << 9)

    static let number: ValueType = [.int, .float]
    static let collection: ValueType = [.list, .map]
    static let any: ValueType = [.nil, .bool, .int, .float, .string, .list, .map, .record, .time, .duration]
    /// What casts to text, numbers and truth values: everything that is one thing.
    static let scalar: ValueType = [.bool, .int, .float, .string, .duration]

    /// In words, as signatures show it: `any`, `string`, `int or float`.
    var text: String {
        if self == .any { return "any" }
        let names: [(ValueType, String)] = [
            (.nil, "nil"), (.bool, "bool"), (.int, "int"), (.float, "float"), (.string, "string"), (.list, "list"),
            (.map, "map"), (.record, "record"), (.time, "time"), (.duration, "duration"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: " or ")
    }
}
