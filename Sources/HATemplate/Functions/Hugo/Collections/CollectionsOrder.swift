/// Sorting lists and maps. Hugo: tpl/collections/sort.go.
extension Function {
    static let collectionOrder: [Function] = [
        Function(
            "collections.Sort", aliases: ["sort"],
            [
                .init("collection", [.list, .map]), .init("key", .any, .optional), .init("order", .any, .optional),
                .init("unused", .any, .variadic),
            ], result: .list, typed: .selection(of: 0),
            summary: "The elements in order, by a key or path, or by \"value\"; the order is \"asc\" or \"desc\"",
            example: #"{{ sort (slice "b" "a" "B" "A") }} {{ sort (slice 80 443) "value" "desc" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Sorting.sort(arguments, context)
        }
    ]
}

enum Sorting {
    static func sort(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let memory = context.memory
        let collection = arguments[0]
        guard collection.kind == .list || collection.kind == .map else {
            throw context.wrongArgument(0, expected: "a list or a map", given: collection)
        }
        let key = arguments.count > 1 ? Casting.text(arguments[1], memory) : nil
        let direction = arguments.count > 2 ? Casting.text(arguments[2], memory) : nil
        let path = key.map { Array(memory.bytes(of: $0)) } ?? []
        let isDescending = direction.map { memory.text(of: $0) } == "desc"

        var (keys, elements) = split(collection, memory)
        let byValue = path == Array("value".utf8)
        if collection.kind == .list || byValue { keys = elements }
        if !path.isEmpty, !byValue {
            var path = MemberPath(path, absence: .atEnd)
            keys = []
            for element in elements { keys.append(try path.value(in: element, memory)) }
        }
        let sorted = order(elements.count, memory.meter) { one, other in
            let (one, other) = isDescending ? (other, one) : (one, other)
            memory.meter.add(min(keys[one].textSize, keys[other].textSize))
            return LooseOrder(keys[one], keys[other], memory, collated: true) == .less
        }
        let type: TypeTag = collection.type == .keyValues ? .any : collection.type
        return memory.makeList(sorted.map { elements[$0] }, type: type, origin: collection.origin)
    }

    /// The keys and the values of a map; of a list its elements.
    private static func split(_ collection: Value, _ memory: Memory) -> (keys: [Value], elements: [Value]) {
        let entries = Array(memory.elements(of: collection))
        guard collection.kind == .map else { return ([], entries) }
        return (
            stride(from: 0, to: entries.count, by: 2).map { entries[$0] },
            stride(from: 1, to: entries.count, by: 2).map { entries[$0] }
        )
    }

    /// The positions from 0 to before `count` in order; equal ones stay as they stand.
    ///
    /// Blocks by insertion, then merged, as Go's sort.Stable does it: where values of different kinds have no
    /// consistent order, a short list still comes out as from Hugo.
    static func order(
        _ count: Int, _ meter: WorkMeter, _ isLess: (_ one: Int, _ other: Int) -> Bool
    ) -> [Int] {
        var positions = Array(0..<count)
        var width = 20
        for start in stride(from: 0, to: count, by: width) {
            let end = min(start + width, count)
            meter.add((end - start) * 4 * WorkMeter.element)
            for index in start..<end {
                var current = index
                while current > start, isLess(positions[current], positions[current - 1]) {
                    positions.swapAt(current, current - 1)
                    current -= 1
                }
            }
        }
        var merged = positions
        while width < count {
            for start in stride(from: 0, to: count, by: 2 * width) where !meter.isSpent {
                let middle = min(start + width, count)
                let end = min(start + 2 * width, count)
                meter.add((end - start) * 2 * WorkMeter.element)
                var (left, right) = (start, middle)
                for index in start..<end {
                    let takesRight = right < end && (left >= middle || isLess(positions[right], positions[left]))
                    merged[index] = positions[takesRight ? right : left]
                    if takesRight { right += 1 } else { left += 1 }
                }
            }
            swap(&positions, &merged)
            width *= 2
        }
        return positions
    }
}

extension Value {
    /// Bytes of a text; what else there is compares at once.
    var textSize: Int { kind == .string ? count : 0 }
}
