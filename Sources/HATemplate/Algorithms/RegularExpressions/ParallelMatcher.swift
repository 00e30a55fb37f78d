/// Follows all choices side by side, in the order in which the pattern prefers them: memory for the program alone,
/// however long the text. Go: regexp/exec.go.
struct ParallelMatcher: ~Copyable {
    /// Instructions that are reached at one position, the preferred first, each with its slots.
    private struct Threads {
        /// Where an instruction stands in `order`, if it does.
        var places: [UInt32]
        var order: [UInt32] = []
        var slots: [UInt32] = []

        func contains(_ instruction: UInt32) -> Bool {
            let place = Int(places[Int(instruction)])
            return place < order.count && order[place] == instruction
        }

        mutating func append(_ instruction: UInt32) {
            places[Int(instruction)] = UInt32(truncatingIfNeeded: order.count)
            order.append(instruction)
        }

        mutating func removeAll() {
            order.removeAll(keepingCapacity: true)
            slots.removeAll(keepingCapacity: true)
        }
    }

    private struct Entry {
        let target: UInt32
        /// What the slot held; nil when `target` is an instruction.
        let slot: UInt32?
    }

    private let view: PatternProgram.View
    private let text: UnsafeBufferPointer<UInt8>
    private let slotCount: Int
    private var current: Threads
    private var following: Threads
    private var entries: [Entry] = []
    private var scratch: [UInt32]
    private(set) var steps = 0
    private let meter: WorkMeter

    init(
        _ view: PatternProgram.View, _ text: UnsafeBufferPointer<UInt8>, slotCount: Int,
        _ meter: WorkMeter = WorkMeter()
    ) {
        self.meter = meter
        self.view = view
        self.text = text
        self.slotCount = slotCount
        current = Threads(places: [])
        following = current
        scratch = Array(repeating: PatternProgram.unset, count: slotCount)
    }

    /// Finds the leftmost match from `start` on.
    mutating func run(from start: Int, _ slots: inout [UInt32]) -> Bool {
        var position = start
        var isMatched = false
        prepare()
        while true {
            meter.add(current.order.count &* (slotCount &+ WorkMeter.element))
            guard !meter.isSpent else { return false }
            if current.order.isEmpty {
                if isMatched { return true }
                guard let candidate = view.candidate(in: text, from: position) else { return false }
                position = candidate
            }
            if !isMatched, view.canStart(at: position, of: text) {
                for slot in scratch.indices { scratch[slot] = PatternProgram.unset }
                scratch[0] = UInt32(truncatingIfNeeded: position)
                // A thread that begins here is the least preferred of those that are here.
                swap(&current, &following)
                add(view.start, at: position)
                swap(&current, &following)
            }
            let isAtEnd = position >= text.count
            let decoded = isAtEnd ? nil : DecodedScalar.decode(text, at: position)
            let next = position + (decoded?.length ?? 0)
            following.removeAll()
            if advance(over: decoded?.scalar.value, from: position, to: next, &slots) { isMatched = true }
            swap(&current, &following)
            if isAtEnd { return isMatched }
            position = next
        }
    }

    private mutating func prepare() {
        if current.places.isEmpty {
            current.places = Array(repeating: 0, count: view.instructions.count)
            following.places = current.places
        }
        current.removeAll()
        following.removeAll()
    }

    /// Moves every thread over a scalar, up to the first that is at a match; true when one is.
    private mutating func advance(
        over scalar: UInt32?, from position: Int, to next: Int, _ slots: inout [UInt32]
    ) -> Bool {
        for index in current.order.indices {
            steps &+= 1
            let instruction = view.instructions[Int(current.order[index])]
            let own = (index * slotCount)..<((index + 1) * slotCount)
            if instruction.operation == .match {
                slots.replaceSubrange(slots.indices, with: current.slots[own])
                slots[1] = UInt32(truncatingIfNeeded: position)
                return true
            }
            guard let scalar, view.takes(scalar, instruction) else { continue }
            scratch.replaceSubrange(scratch.indices, with: current.slots[own])
            add(instruction.next, at: next)
        }
        return false
    }

    /// Adds an instruction and what it leads to without reading to `following`, with the slots in `scratch`.
    private mutating func add(_ first: UInt32, at position: Int) {
        entries.append(Entry(target: first, slot: nil))
        while let entry = entries.popLast() {
            if let held = entry.slot {
                scratch[Int(entry.target)] = held
                continue
            }
            var index: UInt32? = entry.target
            while let this = index, !following.contains(this) {
                steps &+= 1
                following.append(this)
                following.slots += scratch
                index = pass(view.instructions[Int(this)], at: position)
            }
        }
    }

    /// Where an instruction leads that reads nothing; nil when it reads, or when an assertion does not hold.
    private mutating func pass(_ instruction: PatternProgram.Instruction, at position: Int) -> UInt32? {
        switch instruction.operation {
        case .scalar, .set, .any, .match: return nil
        case .assert: return view.holds(instruction.argument, at: position, of: text) ? instruction.next : nil
        case .split: entries.append(Entry(target: instruction.argument, slot: nil))
        case .save:
            let slot = Int(instruction.argument)
            if slot < slotCount {
                entries.append(Entry(target: instruction.argument, slot: scratch[slot]))
                scratch[slot] = UInt32(truncatingIfNeeded: position)
            }
        case .jump: break
        }
        return instruction.next
    }
}
