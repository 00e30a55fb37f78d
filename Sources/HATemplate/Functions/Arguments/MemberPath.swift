/// A path such as `Attributes.zone` into the elements of a list: keys of maps, fields and methods of records.
struct MemberPath {
    /// What it does where a path leads nowhere.
    enum Absence {
        /// There is no value, whatever the reason.
        case allowed
        /// There is no value in a map, but a record must have the member.
        case inMaps
        /// There may be no value at the end of the path only.
        case atEnd
    }

    private struct Step {
        let name: [UInt8]
        /// The record type that was seen last, and its member: the elements of a list mostly have one type.
        var type = TypeTag.any
        var member: RecordShape.Member?
    }

    private var steps: [Step]
    private let absence: Absence

    /// Dots around the path do not count. Hugo: tpl/collections, where and sort.
    init(_ path: some Collection<UInt8>, absence: Absence) {
        let dot = UInt8(ascii: ".")
        var rest = Array(path)[...]
        while rest.first == dot { rest.removeFirst() }
        while rest.last == dot { rest.removeLast() }
        steps = rest.split(separator: dot, omittingEmptySubsequences: false).map { Step(name: Array($0)) }
        self.absence = absence
    }

    /// The value that the path leads to from `item`; the missing value when there is none.
    ///
    /// Throws `unknownField`, `memberOfNil` or `memberOfMissing` as `absence` says.
    mutating func value(in item: Value, _ memory: Memory) throws(RuntimeError) -> Value {
        var value = item
        for index in steps.indices {
            try memory.meter.spend(2 &* WorkMeter.element)
            switch value.kind {
            case .map:
                value = steps[index].name.withUnsafeBufferPointer { memory.lookup($0, in: value) } ?? .missing
            case .record:
                value = try member(index, of: value, memory)
            case .missing, .null:
                guard absence == .atEnd else { return .missing }
                let name = String(decoding: steps[index].name, as: UTF8.self)
                throw value.kind == .null ? .memberOfNil(name) : .memberOfMissing(name)
            default:
                guard absence == .atEnd else { return .missing }
                throw .unknownField(
                    String(decoding: steps[index].name, as: UTF8.self), type: Formatter.typeName(of: value, memory),
                    known: [])
            }
        }
        return value
    }

    private mutating func member(_ index: Int, of record: Value, _ memory: Memory) throws(RuntimeError) -> Value {
        guard let shape = memory.shape(of: record) else { return .missing }
        if steps[index].type != record.type {
            steps[index].type = record.type
            steps[index].member = shape.member(named: String(decoding: steps[index].name, as: UTF8.self))
        }
        switch steps[index].member {
        case .field(let slot): return memory.element(slot, of: record)
        case .method(let method):
            return shape.methods[method].body(memory.elements(of: record), memory).withOrigin(record.origin)
        case nil:
            guard absence != .allowed else { return .missing }
            throw .unknownField(
                String(decoding: steps[index].name, as: UTF8.self), type: shape.name, known: shape.memberNames)
        }
    }
}
