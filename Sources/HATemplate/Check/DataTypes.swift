/// Types from what is known before a template runs: declared types of records, and data itself.
extension TypeTable {
    /// The type of a value of a declared type.
    mutating func type(of declared: DataType) -> StaticType {
        switch declared {
        case .any: .unknown
        case .bool: .bool
        case .int: .int
        case .float: .float
        case .string: .string
        case .list(let element): list(of: type(of: element))
        case .map(let value): map(MapType(rest: id(of: type(of: value))))
        case .record(let shape): type(of: shape)
        }
    }

    private mutating func type(of shape: RecordShape) -> StaticType {
        var members: [TypeID] = []
        for field in shape.fields { members.append(memberType(field.type, mayBeEmpty: field.mayBeEmpty)) }
        for method in shape.methods { members.append(memberType(method.type, mayBeEmpty: method.mayBeEmpty)) }
        return record(RecordType(shape: addShape(shape), members: members))
    }

    private mutating func memberType(_ declared: DataType, mayBeEmpty: Bool) -> TypeID {
        var type = type(of: declared)
        if mayBeEmpty { type.emptiness = .mayBeEmpty }
        return id(of: type)
    }

    /// The type of a document's root: what holds for this very data.
    mutating func type(of document: Document) -> StaticType {
        Memory.with(constants: [], document: document) { memory in
            type(ofAll: [document.root], memory, depth: 0)
        }
    }

    /// Keys beyond which a map counts as one with any keys beside those that all have.
    private static let maximumKeys = 4_096

    /// The type that all of some values have. Each value of the data is looked at once.
    mutating func type(ofAll values: [Value], _ memory: Memory, depth: Int) -> StaticType {
        guard depth < Self.maximumDepth else { return .unknown }
        var kinds: ValueType = []
        var elements: [Value] = []
        var maps: [Value] = []
        var records: [Value] = []
        for value in values {
            switch value.kind {
            case .missing: kinds.insert(.missing)
            case .null: kinds.insert(.nil)
            case .bool: kinds.insert(.bool)
            case .int: kinds.insert(.int)
            case .time: kinds.insert(.time)
            case .float: kinds.insert(.float)
            case .string: kinds.insert(.string)
            case .list:
                kinds.insert(.list)
                elements += memory.elements(of: value)
            case .map:
                kinds.insert(.map)
                maps.append(value)
            case .record:
                kinds.insert(.record)
                records.append(value)
            }
        }
        var type = StaticType(kinds: kinds)
        if !elements.isEmpty { type.element = id(of: self.type(ofAll: elements, memory, depth: depth + 1)) }
        if !maps.isEmpty { type.map = map(ofAll: maps, memory, depth: depth).map }
        if let first = records.first {
            guard records.allSatisfy({ $0.type == first.type }), let shape = memory.shape(of: first) else {
                return .unknown
            }
            type.record = record(ofAll: records, shape, memory, depth: depth).record
        }
        return type
    }

    private mutating func map(ofAll maps: [Value], _ memory: Memory, depth: Int) -> StaticType {
        var groups: [[UInt8]: [Value]] = [:]
        var all: [Value] = []
        for map in maps {
            let entries = memory.elements(of: map)
            for index in stride(from: 0, to: entries.count, by: 2) {
                groups[Array(memory.bytes(of: entries[index])), default: []].append(entries[index + 1])
                all.append(entries[index + 1])
            }
        }
        var result = MapType()
        let isOpen = groups.count > Self.maximumKeys
        if isOpen { result.rest = id(of: type(ofAll: all, memory, depth: depth + 1)) }
        for (key, values) in groups
        where !isOpen || (values.count == maps.count && maps.count > 1 && result.entries.count < Self.maximumKeys) {
            result.entries[key] = .init(
                type: id(of: type(ofAll: values, memory, depth: depth + 1)), isRequired: values.count == maps.count)
        }
        return map(result)
    }

    private mutating func record(
        ofAll records: [Value], _ shape: RecordShape, _ memory: Memory, depth: Int
    ) -> StaticType {
        var members: [TypeID] = []
        for (slot, field) in shape.fields.enumerated() {
            if case .any = field.type {
                let values = records.compactMap { $0.count > slot ? memory.element(slot, of: $0) : nil }
                members.append(id(of: type(ofAll: values, memory, depth: depth + 1)))
            } else {
                members.append(memberType(field.type, mayBeEmpty: field.mayBeEmpty))
            }
        }
        for method in shape.methods { members.append(memberType(method.type, mayBeEmpty: method.mayBeEmpty)) }
        return record(RecordType(shape: addShape(shape), members: members))
    }
}
