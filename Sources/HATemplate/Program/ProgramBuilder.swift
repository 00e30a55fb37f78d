/// Collects code and pools; equal constants and names stand once.
struct ProgramBuilder {
    /// A place in the code that jumps can name before it is known.
    struct Label {
        fileprivate let index: Int
    }

    private(set) var program = Program()
    private var labels: [Int32] = []
    private var nameIndices: [String: Int32] = [:]
    private var functionIndices: [String: Int32] = [:]
    private var stringConstants: [[UInt8]: Int32] = [:]

    /// Index of the next instruction.
    var position: Int32 { Int32(truncatingIfNeeded: program.code.count) }

    mutating func addFile(_ file: SourceFile) -> Int {
        program.files.append(file)
        return program.files.count - 1
    }

    // MARK: Code

    mutating func emit(_ instruction: Instruction, at range: SourceRange) {
        program.code.append(instruction)
        program.positions.append(range)
    }

    /// A call whose arguments can be pointed at one by one.
    mutating func emit(_ call: Instruction, at range: SourceRange, arguments: [SourceRange]) {
        if !arguments.isEmpty { program.argumentPositions[position] = arguments }
        emit(call, at: range)
    }

    mutating func makeLabel() -> Label {
        labels.append(-1)
        return Label(index: labels.count - 1)
    }

    /// The number that stands in a jump until `resolve`.
    func reference(_ label: Label) -> Int32 { Int32(truncatingIfNeeded: label.index) }

    mutating func place(_ label: Label) {
        labels[label.index] = position
    }

    /// Changes the operands of an instruction that was emitted as a placeholder.
    mutating func patch(_ position: Int32, a: Int32, b: Int32) {
        program.code[Int(position)].a = a
        program.code[Int(position)].b = b
    }

    mutating func begin(_ name: [UInt8], file: Int) {
        program.entries.append(.init(name: name, start: position, file: file))
    }

    mutating func end(frameSize: Int32) {
        let last = program.entries.count - 1
        program.entries[last].end = position
        program.entries[last].frameSize = frameSize
    }

    /// The finished program: jumps get their targets, instructions that often follow each other are fused, and after
    /// the last constant there are bytes to read for who always reads a fixed number.
    consuming func build(main: Int, templates: TemplateIndex, dialect: Dialect = .plain) -> Program {
        program.main = main
        program.dialect = dialect
        program.templates = templates
        for index in program.code.indices where program.code[index].operation.jumps {
            program.code[index].b = labels[Int(program.code[index].b)]
        }
        program.constants += [UInt8](repeating: 0, count: ByteBuffer.wide)
        program.fuse()
        return program
    }

    // MARK: Pools

    /// Offset of some bytes in the constants.
    mutating func addText(_ bytes: some Collection<UInt8>) -> (offset: Int32, count: Int32) {
        let offset = program.constants.count
        program.constants.append(contentsOf: bytes)
        return (Int32(truncatingIfNeeded: offset), Int32(truncatingIfNeeded: bytes.count))
    }

    mutating func addConstant(_ value: Value) -> Int32 {
        program.values.append(value)
        return Int32(truncatingIfNeeded: program.values.count - 1)
    }

    mutating func addConstant(string bytes: [UInt8]) -> Int32 {
        if let known = stringConstants[bytes] { return known }
        let text = addText(bytes)
        let index = addConstant(
            Value(.string, start: Int(text.offset), count: Int(text.count), pool: .constants))
        stringConstants[bytes] = index
        return index
    }

    mutating func addName(_ name: String) -> Int32 {
        if let known = nameIndices[name] { return known }
        let index = Int32(truncatingIfNeeded: program.names.count)
        let constant = addConstant(string: Array(name.utf8))
        program.names.append(name)
        program.nameValues.append(program.values[Int(constant)])
        nameIndices[name] = index
        return index
    }

    mutating func addCaptureSite(_ dialect: Dialect) -> Int32 {
        program.safety.indexOfCapture(dialect)
    }

    mutating func addSite(_ context: LexicalContext, _ following: Following) -> Int32 {
        program.safety.index(context, following)
    }

    mutating func addFunction(_ function: Function) -> Int32 {
        if let known = functionIndices[function.name] { return known }
        let index = Int32(truncatingIfNeeded: program.functions.count)
        program.functions.append(function)
        functionIndices[function.name] = index
        return index
    }

    /// Compiles a constant regular expression; throws what is wrong with it.
    mutating func addPattern(_ pattern: [UInt8]) throws(RegularExpression.Mistake) {
        if program.patterns[pattern] == nil { program.patterns[pattern] = try RegularExpression(pattern) }
    }

    mutating func addFailure(_ code: DiagnosticCode, _ message: String) -> Int32 {
        program.failures.append(DeferredFailure(code: code, message: message))
        return Int32(truncatingIfNeeded: program.failures.count - 1)
    }
}

extension Instruction.Operation {
    /// Whether `b` is a place in the code.
    fileprivate var jumps: Bool {
        switch self {
        case .jump, .jumpIfFalse, .jumpIfTrue, .jumpIfUndeclared, .rangeStart, .rangeNext: true
        default: false
        }
    }
}
