/// The types of one check, each once: equal types have equal names, so that comparing and remembering them is cheap.
///
/// Types are trees of bounded depth; what lies deeper is unknown.
struct TypeTable: Sendable {
    /// How deeply lists, maps and records may hold each other before the checker stops to distinguish them.
    static let maximumDepth = 16

    private var types: [StaticType] = [.unknown]
    private var depths = [0]
    private var ids: [StaticType: TypeID] = [.unknown: .unknown]
    private var maps: [MapType] = []
    private var mapIDs: [MapType: MapID] = [:]
    private var mapDepths: [Int] = []
    private var mapValues: [MapID: StaticType] = [:]
    private var records: [RecordType] = []
    private var recordIDs: [RecordType: RecordID] = [:]
    private var recordDepths: [Int] = []
    private(set) var shapes: [RecordShape] = []
    private var joins: [Pair: TypeID] = [:]
    /// Steps taken so far, for the checker's bound.
    var work = 0

    private struct Pair: Hashable {
        let left: TypeID
        let right: TypeID
    }

    // MARK: Names

    subscript(id: TypeID) -> StaticType { types[Int(id.index)] }
    subscript(id: MapID) -> MapType { maps[Int(id.index)] }
    subscript(id: RecordID) -> RecordType { records[Int(id.index)] }

    mutating func id(of type: StaticType) -> TypeID {
        work += 1
        if let known = ids[type] { return known }
        let depth = 1 + depth(inside: type)
        guard depth <= Self.maximumDepth else { return .unknown }
        let id = TypeID(index: Int32(truncatingIfNeeded: types.count))
        types.append(type)
        depths.append(depth)
        ids[type] = id
        return id
    }

    private func depth(inside type: StaticType) -> Int {
        var depth = depths[Int(type.element.index)]
        if let map = type.map { depth = max(depth, mapDepths[Int(map.index)]) }
        if let record = type.record { depth = max(depth, recordDepths[Int(record.index)]) }
        return depth
    }

    // MARK: Making

    mutating func list(of element: StaticType) -> StaticType {
        var type = StaticType(kinds: .list)
        type.element = id(of: element.withoutConstant)
        return type
    }

    mutating func map(_ map: MapType) -> StaticType {
        var type = StaticType(kinds: .map)
        type.map = id(of: map)
        return type
    }

    private mutating func id(of map: MapType) -> MapID {
        work += 1 + map.entries.count
        if let known = mapIDs[map] { return known }
        var depth = map.rest.map { depths[Int($0.index)] } ?? 0
        for entry in map.entries.values { depth = max(depth, depths[Int(entry.type.index)]) }
        let id = MapID(index: Int32(truncatingIfNeeded: maps.count))
        maps.append(map)
        mapDepths.append(depth)
        mapIDs[map] = id
        return id
    }

    mutating func addShape(_ shape: RecordShape) -> Int {
        if let known = shapes.firstIndex(where: { $0.name == shape.name && $0.memberNames == shape.memberNames }) {
            return known
        }
        shapes.append(shape)
        return shapes.count - 1
    }

    mutating func record(_ record: RecordType) -> StaticType {
        work += 1 + record.members.count
        var type = StaticType(kinds: .record)
        if let known = recordIDs[record] {
            type.record = known
            return type
        }
        let id = RecordID(index: Int32(truncatingIfNeeded: records.count))
        records.append(record)
        recordDepths.append(record.members.reduce(0) { max($0, depths[Int($1.index)]) })
        recordIDs[record] = id
        type.record = id
        return type
    }

    /// What stands under some key of a map.
    mutating func values(of id: MapID?) -> StaticType {
        guard let id else { return .unknown }
        if let known = mapValues[id] { return known }
        let map = self[id]
        var values = map.rest.map { self[$0] } ?? .never
        for entry in map.entries.values { values = join(values, self[entry.type]) }
        mapValues[id] = values
        return values
    }

    // MARK: Joining

    /// The type of a value that has one type or the other.
    mutating func join(_ left: StaticType, _ right: StaticType) -> StaticType {
        work += 1
        if left == right || right.isNever { return left }
        if left.isNever { return right }
        let mayBeAbsent = left.mayBeAbsent || right.mayBeAbsent
        if left.isUnknown || right.isUnknown {
            var type = StaticType.unknown
            type.mayBeAbsent = mayBeAbsent
            return type
        }
        var type = StaticType(kinds: left.kinds.union(right.kinds))
        type.mayBeAbsent = mayBeAbsent
        type.emptiness = joined(left.emptiness, right.emptiness)
        if left.constant == right.constant {
            type.constant = left.constant
            type.isSetting = left.isSetting || right.isSetting
        }
        switch (left.kinds.contains(.list), right.kinds.contains(.list)) {
        case (true, true): type.element = join(left.element, right.element)
        case (true, false): type.element = left.element
        case (false, _): type.element = right.element
        }
        switch (left.kinds.contains(.map), right.kinds.contains(.map)) {
        case (true, true): type.map = join(left.map, right.map)
        case (true, false): type.map = left.map
        case (false, _): type.map = right.map
        }
        if let first = left.record, let second = right.record, first != second {
            guard let record = join(self[first], self[second]) else { return .unknown }
            type.record = record
        } else {
            type.record = left.record ?? right.record
        }
        return type
    }

    private func joined(_ left: StaticType.Emptiness, _ right: StaticType.Emptiness) -> StaticType.Emptiness {
        if left == right { return left }
        return left == .mayBeEmpty || right == .mayBeEmpty ? .mayBeEmpty : .unknown
    }

    private mutating func join(_ left: TypeID, _ right: TypeID) -> TypeID {
        if left == right { return left }
        let pair = Pair(left: left, right: right)
        if let known = joins[pair] { return known }
        let joined = id(of: join(self[left], self[right]).withoutConstant)
        joins[pair] = joined
        return joined
    }

    /// A key that only one of two maps has need not be there.
    private mutating func join(_ left: MapID?, _ right: MapID?) -> MapID? {
        guard let left, let right else { return nil }
        if left == right { return left }
        let (first, second) = (self[left], self[right])
        var result = MapType()
        for (key, entry) in first.entries {
            if let other = second.entries[key] {
                result.entries[key] = .init(
                    type: join(entry.type, other.type), isRequired: entry.isRequired && other.isRequired)
            } else {
                let type = second.rest.map { join(entry.type, $0) } ?? entry.type
                result.entries[key] = .init(type: type, isRequired: false)
            }
        }
        for (key, entry) in second.entries where first.entries[key] == nil {
            let type = first.rest.map { join(entry.type, $0) } ?? entry.type
            result.entries[key] = .init(type: type, isRequired: false)
        }
        if let one = first.rest, let other = second.rest {
            result.rest = join(one, other)
        } else {
            result.rest = first.rest ?? second.rest
        }
        return id(of: result)
    }

    /// Nil for records of different shapes.
    private mutating func join(_ left: RecordType, _ right: RecordType) -> RecordID? {
        guard left.shape == right.shape, left.members.count == right.members.count else { return nil }
        var result = left
        for index in result.members.indices {
            result.members[index] = join(left.members[index], right.members[index])
        }
        return record(result).record
    }

    // MARK: Words

    /// What Go calls the type; of several the first.
    func name(of type: StaticType) -> String {
        let kind = type.kinds.members.first { $0 != .nil && $0 != .missing }
        switch kind {
        case ValueType.bool: return "bool"
        case ValueType.int: return "int"
        case ValueType.float: return "float64"
        case ValueType.string: return "string"
        case ValueType.time: return "time.Time"
        case ValueType.duration: return "time.Duration"
        case ValueType.list: return "[]" + elementName(self[type.element])
        case ValueType.map: return "map[string]interface {}"
        case ValueType.record: return type.record.map { shapes[self[$0].shape].name } ?? "record"
        default: return "<nil>"
        }
    }

    private func elementName(_ type: StaticType) -> String {
        switch type.kinds {
        case ValueType.string: "string"
        case ValueType.record: name(of: type)
        default: "interface {}"
        }
    }
}
