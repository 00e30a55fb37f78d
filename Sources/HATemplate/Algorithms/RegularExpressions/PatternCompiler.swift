/// Turns a pattern's tree into a program, working through a list of tasks as the template compiler does.
/// Go: regexp/syntax, simplify.go and compile.go; the order of the choices is what decides between matches.
struct PatternCompiler {
    typealias Instruction = PatternProgram.Instruction
    private typealias NodeIndex = PatternTree.NodeIndex

    private enum Task {
        case node(NodeIndex)
        case emit(Instruction)
        /// The label is at the next instruction.
        case place(UInt32)
    }

    /// Slots that all threads of a search may take together.
    private static let maximumSlots = 1 << 24

    private let tree: PatternTree
    private var tasks: [Task] = []
    private var program = PatternProgram()
    private var labels: [UInt32] = []
    private var tableIndices: [ScalarSet: UInt32] = [:]

    static func compile(_ tree: PatternTree) throws(RegularExpression.Mistake) -> PatternProgram {
        var compiler = PatternCompiler(tree: tree)
        compiler.compile()
        let slots = 2 * tree.groupNames.count
        guard compiler.program.instructions.count <= maximumSlots / slots else {
            throw RegularExpression.Mistake(.tooLarge, 0..<0)
        }
        compiler.program.findStart()
        return compiler.program
    }

    private init(tree: PatternTree) {
        self.tree = tree
    }

    private mutating func compile() {
        tasks = [.emit(Instruction(operation: .match)), .node(tree.root)]
        while let task = tasks.popLast() {
            switch task {
            case .node(let node): compile(node)
            case .emit(let instruction): emit(instruction)
            case .place(let label): labels[Int(label)] = UInt32(truncatingIfNeeded: program.instructions.count)
            }
        }
        resolveLabels()
        program.numberJoins()
    }

    // MARK: Nodes

    private mutating func compile(_ node: NodeIndex) {
        switch tree[node] {
        case .empty: break
        case .literal(let range, let ignoresCase):
            for scalar in tree.scalars[range] { emit(scalar, ignoresCase: ignoresCase) }
        case .set(let set):
            emit(tree.sets[set])
        case .assertion(let assertion):
            emit(Instruction(operation: .assert, argument: assertion.rawValue))
        case .capture(let inner, let group):
            let slot = 2 * UInt32(truncatingIfNeeded: group)
            emit(Instruction(operation: .save, argument: slot))
            schedule([.node(inner), .emit(Instruction(operation: .save, argument: slot + 1))])
        case .repetition(let inner, let repetition, let isGreedy):
            compile(repetition, of: inner, isGreedy: isGreedy)
        case .concatenation(let parts):
            schedule(parts.map { .node($0) })
        case .alternation(let parts):
            compile(alternatives: parts)
        }
    }

    private mutating func compile(alternatives: [NodeIndex]) {
        let end = makeLabel()
        var sequence: [Task] = []
        for (index, alternative) in alternatives.enumerated() {
            guard index < alternatives.count - 1 else {
                sequence.append(.node(alternative))
                break
            }
            let this = makeLabel()
            let other = makeLabel()
            sequence += [
                .emit(Instruction(operation: .split, argument: other, next: this)), .place(this), .node(alternative),
                .emit(Instruction(operation: .jump, next: end)), .place(other),
            ]
        }
        schedule(sequence + [.place(end)])
    }

    private mutating func compile(_ repetition: PatternTree.Repetition, of inner: NodeIndex, isGreedy: Bool) {
        switch repetition {
        case .optional:
            let end = makeLabel()
            schedule(optional([.node(inner)], end: end, isGreedy: isGreedy) + [.place(end)])
        case .plus:
            schedule(plus(inner, isGreedy: isGreedy))
        case .star:
            // Where the operand can be empty, only this order of choices is right. Go: issue 46123.
            if tree.canBeEmpty(inner) {
                let end = makeLabel()
                return schedule(
                    optional(plus(inner, isGreedy: isGreedy), end: end, isGreedy: isGreedy) + [.place(end)])
            }
            let again = makeLabel()
            let end = makeLabel()
            schedule(
                [.place(again)] + optional([.node(inner)], end: end, isGreedy: isGreedy)
                    + [.emit(Instruction(operation: .jump, next: again)), .place(end)])
        case .counted(let minimum, nil):
            guard minimum > 0 else { return compile(.star, of: inner, isGreedy: isGreedy) }
            schedule(
                Array(repeating: .node(inner), count: minimum - 1) + plus(inner, isGreedy: isGreedy))
        case .counted(let minimum, let maximum?):
            let end = makeLabel()
            var sequence: [Task] = Array(repeating: .node(inner), count: minimum)
            for _ in minimum..<max(minimum, maximum) {
                sequence += optional([.node(inner)], end: end, isGreedy: isGreedy)
            }
            schedule(sequence + [.place(end)])
        }
    }

    private mutating func plus(_ inner: NodeIndex, isGreedy: Bool) -> [Task] {
        let again = makeLabel()
        let end = makeLabel()
        return [.place(again), .node(inner), .emit(split(again, or: end, isGreedy: isGreedy)), .place(end)]
    }

    private mutating func optional(_ content: [Task], end: UInt32, isGreedy: Bool) -> [Task] {
        let inside = makeLabel()
        return [.emit(split(inside, or: end, isGreedy: isGreedy)), .place(inside)] + content
    }

    private func split(_ inside: UInt32, or outside: UInt32, isGreedy: Bool) -> Instruction {
        isGreedy
            ? Instruction(operation: .split, argument: outside, next: inside)
            : Instruction(operation: .split, argument: inside, next: outside)
    }

    // MARK: Instructions

    private mutating func schedule(_ sequence: [Task]) {
        tasks.append(contentsOf: sequence.reversed())
    }

    private mutating func makeLabel() -> UInt32 {
        labels.append(0)
        return UInt32(truncatingIfNeeded: labels.count - 1)
    }

    private mutating func emit(_ instruction: Instruction) {
        var instruction = instruction
        if instruction.operation != .split, instruction.operation != .jump {
            instruction.next = UInt32(truncatingIfNeeded: program.instructions.count + 1)
        }
        program.instructions.append(instruction)
    }

    private mutating func emit(_ scalar: UInt32, ignoresCase: Bool) {
        guard ignoresCase, CaseFolding.next(after: scalar) != scalar else {
            return emit(Instruction(operation: .scalar, argument: scalar))
        }
        emit(ScalarSet([scalar...scalar]).folded)
    }

    private mutating func emit(_ set: ScalarSet) {
        guard set != .any else { return emit(Instruction(operation: .any)) }
        if let known = tableIndices[set] { return emit(Instruction(operation: .set, argument: known)) }
        var table = PatternProgram.Table(start: UInt32(truncatingIfNeeded: program.ranges.count))
        for range in set.ranges {
            for code in range.clamped(to: 0...0x7F) where range.contains(code) {
                if code < 64 { table.low |= 1 << UInt64(code) } else { table.high |= 1 << UInt64(code - 64) }
            }
            guard range.upperBound > 0x7F else { continue }
            program.ranges += [max(range.lowerBound, 0x80), range.upperBound]
            table.count += 1
        }
        let index = UInt32(truncatingIfNeeded: program.tables.count)
        program.tables.append(table)
        tableIndices[set] = index
        emit(Instruction(operation: .set, argument: index))
    }

    /// Labels become indices; what leads to a jump leads to where it goes.
    private mutating func resolveLabels() {
        for index in program.instructions.indices {
            switch program.instructions[index].operation {
            case .split:
                program.instructions[index].argument = labels[Int(program.instructions[index].argument)]
                program.instructions[index].next = labels[Int(program.instructions[index].next)]
            case .jump:
                program.instructions[index].next = labels[Int(program.instructions[index].next)]
            default: break
            }
        }
        for index in program.instructions.indices.reversed() {
            let instruction = program.instructions[index]
            guard instruction.operation != .match else { continue }
            program.instructions[index].next = program.target(of: instruction.next)
            if instruction.operation == .split {
                program.instructions[index].argument = program.target(of: instruction.argument)
            }
        }
        program.start = program.target(of: 0)
    }
}

extension PatternProgram {
    /// Where an index leads when jumps are followed. Jumps never form a circle: every loop has a split.
    fileprivate func target(of index: UInt32) -> UInt32 {
        var index = index
        while instructions[Int(index)].operation == .jump { index = instructions[Int(index)].next }
        return index
    }

    /// Numbers the instructions that more than one way leads to.
    fileprivate mutating func numberJoins() {
        var ways = [UInt8](repeating: 0, count: instructions.count)
        func count(_ index: UInt32) { ways[Int(index)] = min(ways[Int(index)] + 1, 2) }
        count(start)
        for instruction in instructions {
            switch instruction.operation {
            case .match, .jump: break
            case .split:
                count(instruction.next)
                count(instruction.argument)
            default: count(instruction.next)
            }
        }
        for index in instructions.indices where ways[index] > 1 {
            instructions[index].join = UInt32(truncatingIfNeeded: joinCount)
            joinCount += 1
        }
    }

    /// Finds out how matches begin: prefix, anchor, first bytes.
    fileprivate mutating func findStart() {
        var index = start
        while instructions[Int(index)].operation == .save { index = instructions[Int(index)].next }
        let first = instructions[Int(index)]
        isAnchored = first.operation == .assert && first.argument == Assertion.textStart.rawValue
        findPrefix(from: index)
        findFirstBytes()
    }

    private mutating func findPrefix(from index: UInt32) {
        var instruction = instructions[Int(index)]
        // Broken bytes match U+FFFD too.
        while instruction.operation == .scalar, instruction.argument != 0xFFFD,
            let scalar = Unicode.Scalar(instruction.argument), prefix.count < 256
        {
            prefix += UTF8.encode(scalar).map(Array.init) ?? []
            instruction = instructions[Int(instruction.next)]
        }
    }

    /// Follows everything that can happen before a byte is read.
    private mutating func findFirstBytes() {
        var bytes = [Bool](repeating: false, count: 256)
        var seen = Set<UInt32>()
        var rest = [start]
        while let index = rest.popLast() {
            guard seen.insert(index).inserted else { continue }
            let instruction = instructions[Int(index)]
            switch instruction.operation {
            case .match, .any: return
            case .scalar: Self.mark(instruction.argument...instruction.argument, in: &bytes)
            case .set:
                let table = tables[Int(instruction.argument)]
                for code in 0..<64 {
                    if table.low >> code & 1 != 0 { bytes[code] = true }
                    if table.high >> code & 1 != 0 { bytes[64 + code] = true }
                }
                for index in stride(from: Int(table.start), to: Int(table.start + 2 * table.count), by: 2) {
                    Self.mark(ranges[index]...ranges[index + 1], in: &bytes)
                }
            case .split: rest += [instruction.argument, instruction.next]
            case .save, .assert, .jump: rest.append(instruction.next)
            }
        }
        firstBytes = bytes
    }

    /// Marks the bytes that code points of a range may begin with.
    private static func mark(_ range: ClosedRange<UInt32>, in bytes: inout [Bool]) {
        if range.contains(0xFFFD) {
            for byte in 0x80...0xFF { bytes[byte] = true }
        }
        for byte in leadingByte(range.lowerBound)...leadingByte(range.upperBound) { bytes[byte] = true }
    }

    private static func leadingByte(_ code: UInt32) -> Int {
        switch code {
        case ..<0x80: Int(code)
        case ..<0x800: 0xC0 | Int(code >> 6)
        case ..<0x10000: 0xE0 | Int(code >> 12)
        default: 0xF0 | Int(code >> 18)
        }
    }
}
