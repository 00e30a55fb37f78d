// Loops.
extension Machine {
    /// For how many turns of a loop memory is read ahead.
    private static var turnsAhead: Int { 16 }

    mutating func isEmptyRange(_ collection: Value, variables: Int) throws(RuntimeError) -> Bool {
        switch collection.kind {
        case .list, .map: return collection.count == 0
        case .missing, .null: return true
        case .int:
            guard variables < 2 else { throw .rangeOverIntegerWithTwoVariables }
            return collection.asInt <= 0
        default: throw .cannotRange(type: Formatter.typeName(of: collection, memory))
        }
    }

    /// Moves a loop's state (collection, cursor, element, index) on; false at the end.
    @inline(__always)
    mutating func nextElement(_ state: UnsafeMutablePointer<Value>) -> Bool {
        let collection = state[0]
        let cursor = state[1].asInt
        switch collection.kind {
        case .list:
            guard cursor < collection.count else { return false }
            if cursor % Self.turnsAhead == 0 {
                memory.readAhead(in: collection, from: cursor, count: Self.turnsAhead)
            }
            state[2] = memory.element(cursor, of: collection)
            state[3] = .int(cursor)
        case .map:
            guard cursor < collection.count else { return false }
            let entries = memory.elements(of: collection)
            state[2] = entries[2 &* cursor &+ 1]
            state[3] = entries[2 &* cursor]
        default:
            guard cursor < collection.asInt else { return false }
            state[2] = .int(cursor)
            state[3] = .missing
        }
        state[1] = .int(cursor &+ 1)
        return true
    }

    /// Between two turns of a loop every value in use stands in a slot of the stack.
    @inline(never)
    mutating func collect(frameEnd: Int) {
        memory.collect(roots: UnsafeMutableBufferPointer(start: stack.base, count: frameEnd))
        stack.clear(from: frameEnd)
    }
}
