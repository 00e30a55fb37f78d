extension Machine {
    // MARK: Members

    @inline(__always)
    mutating func member(_ name: Int, of value: Value) throws(RuntimeError) -> Value {
        if value.kind == .record, let slot = members.slot(name, of: value.type) {
            return memory.element(slot, of: value)
        }
        return try uncommonMember(name, of: value)
    }

    /// Go: exec.go, evalField.
    @inline(never)
    mutating func uncommonMember(_ name: Int, of value: Value) throws(RuntimeError) -> Value {
        switch value.kind {
        case .map:
            if let found = memory.lookup(memory.bytes(of: program.nameValues[name]), in: value) { return found }
            switch options.missingKey {
            case .default: return .missing
            case .zero: return .null
            case .error: throw .missingMapKey(program.names[name], known: keys(of: value))
            }
        case .missing:
            guard options.missingKey == .error else { return .missing }
            throw .memberOfMissing(program.names[name])
        case .null:
            throw .memberOfNil(program.names[name])
        case .record:
            guard let shape = memory.shape(of: value) else { break }
            guard case .method(let index) = members.member(name, of: value.type) else {
                throw .unknownField(program.names[name], type: shape.name, known: shape.memberNames)
            }
            return shape.methods[index].body(memory.elements(of: value), memory).withOrigin(value.origin)
        case .time, .int:
            return try callMethod(name, of: value, UnsafeBufferPointer(start: nil, count: 0))
        default:
            break
        }
        throw .unknownField(program.names[name], type: Formatter.typeName(of: value, memory), known: [])
    }

    private mutating func keys(of map: Value) -> [String] {
        let entries = memory.elements(of: map)
        return stride(from: 0, to: min(entries.count, 2_000), by: 2).map { memory.text(of: entries[$0]) }
    }
}
