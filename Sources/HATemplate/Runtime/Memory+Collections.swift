/// Lists and maps that functions make, and parts of them.
extension Memory {
    func makeList(_ elements: [Value], type: TypeTag = .any, origin: UInt32 = 0) -> Value {
        let start = scratchValues.count
        scratchValues.append(elements)
        return Value(.list, start: start, count: elements.count, type: type, pool: .scratch, origin: origin)
    }

    /// A list of what `write` appends, which must not make other lists or maps meanwhile.
    func makeList(
        type: TypeTag = .any, origin: UInt32 = 0, _ write: ((Value) -> Void) -> Void
    ) -> Value {
        let start = scratchValues.count
        write { scratchValues.append($0) }
        return Value(
            .list, start: start, count: scratchValues.count - start, type: type, pool: .scratch, origin: origin)
    }

    /// A map from entries in any order; of equal keys the last counts.
    func makeMap(_ entries: [(key: Value, value: Value)], type: TypeTag = .any, origin: UInt32 = 0) -> Value {
        meter.add(entries.count &* 4 &* WorkMeter.element)
        var ordered: [(key: Value, value: Value)] = []
        ordered.reserveCapacity(entries.count)
        let indexed = entries.indices.sorted { left, right in
            let order = compareBytes(bytes(of: entries[left].key), bytes(of: entries[right].key))
            return order == 0 ? left < right : order < 0
        }
        for index in indexed {
            if let last = ordered.last, compareBytes(bytes(of: last.key), bytes(of: entries[index].key)) == 0 {
                ordered.removeLast()
            }
            ordered.append(entries[index])
        }
        let start = scratchValues.count
        for entry in ordered {
            scratchValues.append(entry.key)
            scratchValues.append(entry.value)
        }
        return Value(.map, start: start, count: ordered.count, type: type, pool: .scratch, origin: origin)
    }

    /// A part of a list or of a string, sharing its storage. The bounds must lie inside the value.
    func slice(_ value: Value, _ bounds: Range<Int>) -> Value {
        value.range(start: value.start + bounds.lowerBound, count: bounds.count)
    }
}
