/// Runs a program over a document and appends the output to one buffer.
///
/// It is a loop over flat code with its own call stack: a template's depth costs memory, never the thread's stack.
struct Machine: ~Copyable {
    let program: Program
    let document: Document
    let memory: Memory
    let context: CallContext
    let members: MemberTable
    let options: RenderOptions
    private(set) var stack = ValueStack()
    private(set) var calls: [Call] = []
    private var steps = 0
    /// What has been rendered; the caller may put a buffer of its own here.
    var output = ByteBuffer(capacity: 16)

    /// What the template warned of.
    var warnings: [Diagnostic] = []

    /// Values that need a second look when all is written.
    var structure = StructureCheck()
    /// For each site of the program the offset of its 256 classes of bytes, and the shortest value they answer for.
    let siteTests: Buffer<SafetySite.Test>
    let safetyClasses: Buffer<UInt8>

    /// A template that waits for another one.
    struct Call {
        /// The instruction of the call.
        let pc: Int
        /// Where its frame begins on the stack.
        let frame: Int
        let entry: Int
        /// The slot for the result of a partial, where its output begins, and whether that stays there.
        var partial: (slot: Int, outputStart: Int, isDirect: Bool)?
    }

    init(
        program: Program, document: Document, library: FunctionLibrary, memory: Memory, options: RenderOptions
    ) {
        self.program = program
        self.document = document
        self.memory = memory
        context = CallContext(
            memory: memory, library: library, patterns: program.patterns, options: options)
        self.options = options
        siteTests = program.safety.tests
        safetyClasses = program.safety.classBuffer
        members = MemberTable(shapes: memory.shapes, names: program.names)
    }

    /// Renders the main template with the given dot.
    ///
    /// Throws the diagnostic of the first failure, with the chain of template calls as notes.
    mutating func run(root: Value, recorder: inout some OutputRecorder) throws(Diagnostic) {
        var pc = 0
        var frameStart = 0
        do {
            try execute(root: root, &pc, &frameStart, &recorder)
        } catch {
            throw diagnostic(for: error, at: pc, frameStart)
        }
    }

    // MARK: The loop

    private mutating func execute(
        root: Value, _ pc: inout Int, _ frameStart: inout Int, _ recorder: inout some OutputRecorder
    ) throws(RuntimeError) {
        var entry = program.main
        stack.reserve(Int(program.entries[entry].frameSize))
        var frame = stack.base
        frame[0] = root
        frame[1] = root
        pc = Int(program.entries[entry].start)
        while true {
            let instruction = program.code[pc]
            let a = Int(instruction.a)
            switch instruction.operation {
            case .text:
                recorder.write(at: output.count, pc: pc, value: nil)
                appendConstant(at: Int(instruction.b), count: Int(instruction.c))
            case .emit:
                recorder.write(at: output.count, pc: pc, value: frame[a])
                try emit(frame[a])
            case .emitMember:
                let value = try member(Int(instruction.c), of: frame[Int(instruction.b)])
                recorder.write(at: output.count, pc: pc, value: value)
                try emit(value)
            case .emitSafely:
                recorder.write(at: output.count, pc: pc, value: frame[a])
                try emit(frame[a], at: Int(instruction.b))
            case .emitMemberSafely:
                let value = try member(Int(instruction.c), of: frame[Int(instruction.b)])
                recorder.write(at: output.count, pc: pc, value: value)
                try emit(value, at: a)
            case .constant:
                frame[a] = program.values[Int(instruction.b)]
            case .copy:
                frame[a] = frame[Int(instruction.b)]
            case .member:
                frame[a] = try member(Int(instruction.c), of: frame[Int(instruction.b)])
            case .expectMethod:
                try expectMethod(Int(instruction.c), of: frame[Int(instruction.b)])
            case .memberWithArguments:
                let receiver = UnsafePointer(frame + Int(instruction.b))
                let arguments = UnsafeBufferPointer(start: receiver + 1, count: Int(instruction.count))
                frame[a] = try memberWithArguments(Int(instruction.c), of: receiver[0], arguments)
            case .leavePipeline:
                frame[a] = frame[a].leavingPipeline
            case .call:
                let first = UnsafePointer(frame + Int(instruction.c))
                let arguments = UnsafeBufferPointer(start: first, count: Int(instruction.count))
                frame[a] = try call(Int(instruction.b), arguments)
                if !context.warnings.isEmpty { takeWarnings(at: pc) }
            case .jump:
                pc = Int(instruction.b)
                continue
            case .jumpIfFalse:
                if !frame[a].isTrue {
                    pc = Int(instruction.b)
                    continue
                }
            case .jumpIfTrue:
                if frame[a].isTrue {
                    pc = Int(instruction.b)
                    continue
                }
            case .jumpIfUndeclared:
                if frame[a].isUndeclared {
                    pc = Int(instruction.b)
                    continue
                }
            case .undeclare:
                for slot in a..<max(a, Int(instruction.b)) { frame[slot] = .undeclared }
            case .rangeStart:
                if try isEmptyRange(frame[a], variables: Int(instruction.count)) {
                    pc = Int(instruction.b)
                    continue
                }
                frame[a + 1] = .int(0)
            case .rangeNext:
                guard nextElement(frame + a) else {
                    pc = Int(instruction.b)
                    continue
                }
                try countStep()
                if memory.isCollectionDue { collect(frameEnd: frameStart + Int(program.entries[entry].frameSize)) }
            case .callTemplate:
                try countCall()
                let call = Call(pc: pc, frame: frameStart, entry: entry)
                recorder.enter(pc: pc)
                frame = enter(Int(instruction.b), dot: frame[a], call, &frameStart, &entry)
                pc = Int(program.entries[entry].start)
                continue
            case .callPartial:
                try countCall()
                let first = frame + Int(instruction.c)
                let target = instruction.b >= 0 ? Int(instruction.b) : try partial(named: first[0])
                let call = Call(
                    pc: pc, frame: frameStart, entry: entry, partial: (a, output.count, instruction.count == 1))
                recorder.enter(pc: pc)
                frame = enter(target, dot: first[1], call, &frameStart, &entry)
                pc = Int(program.entries[entry].start)
                continue
            case .returnValue:
                let result = frame[a].leavingPipeline
                guard let index = calls.lastIndex(where: { $0.partial != nil }) else { throw .returnOutsidePartial }
                for _ in index..<calls.count { recorder.leave() }
                calls.removeLast(calls.count - index - 1)
                guard let caller = calls.popLast(), let partial = caller.partial else { return }
                output.truncate(to: partial.outputStart)
                recorder.truncate(to: partial.outputStart)
                structure.truncate(to: partial.outputStart)
                (pc, frameStart, entry) = (caller.pc, caller.frame, caller.entry)
                frame = stack.base + frameStart
                frame[partial.slot] = result
            case .return:
                guard let caller = calls.popLast() else { return }
                recorder.leave()
                (pc, frameStart, entry) = (caller.pc, caller.frame, caller.entry)
                frame = stack.base + frameStart
                if let partial = caller.partial, partial.isDirect {
                    frame[partial.slot] = .emptyTrustedText
                } else if let partial = caller.partial {
                    let text = takeOutput(from: partial.outputStart)
                    recorder.capture(from: partial.outputStart, as: text)
                    frame[partial.slot] = text
                }
            case .fail:
                throw .deferred(program.failures[Int(instruction.b)])
            }
            pc += 1
        }
    }

    // MARK: Calls of templates

    private mutating func countCall() throws(RuntimeError) {
        try countStep()
        guard calls.count < options.limits.depth else { throw .tooDeep(limit: options.limits.depth) }
    }

    /// Begins a template behind the frame of the one that runs; returns its frame.
    private mutating func enter(
        _ target: Int, dot: Value, _ call: Call, _ frameStart: inout Int, _ entry: inout Int
    ) -> UnsafeMutablePointer<Value> {
        calls.append(call)
        frameStart += Int(program.entries[entry].frameSize)
        entry = target
        stack.reserve(frameStart + Int(program.entries[entry].frameSize))
        let frame = stack.base + frameStart
        frame[0] = dot
        frame[1] = dot
        return frame
    }

    private func partial(named name: Value) throws(RuntimeError) -> Int {
        guard name.kind == .string else { throw context.wrongArgument(0, expected: "a template's name", given: name) }
        guard let index = program.templates.index(ofPartial: Array(memory.bytes(of: name))) else {
            throw .unknownTemplate(memory.text(of: name), known: program.templates.names)
        }
        return index
    }

    /// What a partial printed, as a string.
    private mutating func takeOutput(from start: Int) -> Value {
        let text = output.withElements { memory.makeString(UnsafeBufferPointer(rebasing: $0[start...])) }
        output.truncate(to: start)
        return text
    }

    // MARK: Output

    @inline(__always)
    private mutating func appendConstant(at offset: Int, count: Int) {
        memory.withConstant(at: offset, count: count) { output.append(short: $0, count: $1) }
    }

    @inline(__always)
    mutating func emit(_ value: Value) throws(RuntimeError) {
        switch value.kind {
        case .string:
            let bytes = memory.bytes(ofString: value)
            if let start = bytes.baseAddress { output.append(short: start, count: bytes.count) }
        case .int where !value.isNamedInteger: output.append(decimal: value.asInt)
        default: Formatter.append(value.leavingPipeline, memory, into: &output)
        }
        if output.count > options.limits.outputBytes { throw .outputTooLarge(limit: options.limits.outputBytes) }
    }

    // MARK: Functions

    private mutating func call(_ index: Int, _ arguments: Arguments) throws(RuntimeError) -> Value {
        guard case .native(let body) = program.functions[index].body else { return .missing }
        var result = try body(arguments, context)
        if memory.tracksTrust, result.kind == .string, !result.isTrusted, !result.hasPieces,
            program.functions[index].purity != .environment, arguments.allSatisfy(\.makesTrustedText)
        {
            result = result.trusted
        }
        // What a function makes of data is known to come from there.
        if result.origin == 0, let origin = arguments.first(where: { $0.origin > 0 })?.origin {
            result = result.withOrigin(origin)
        }
        let limit = options.limits.scratchBytes
        if memory.scratchSize > limit { throw .memoryExhausted(limit: limit) }
        return result
    }

    // MARK: Loops

    private func isEmptyRange(_ collection: Value, variables: Int) throws(RuntimeError) -> Bool {
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
    private func nextElement(_ state: UnsafeMutablePointer<Value>) -> Bool {
        let collection = state[0]
        let cursor = state[1].asInt
        switch collection.kind {
        case .list:
            guard cursor < collection.count else { return false }
            state[2] = memory.element(cursor, of: collection)
            state[3] = .int(cursor)
        case .map:
            guard cursor < collection.count else { return false }
            let entries = memory.elements(of: collection)
            state[2] = entries[2 * cursor + 1]
            state[3] = entries[2 * cursor]
        default:
            guard cursor < collection.asInt else { return false }
            state[2] = .int(cursor)
            state[3] = .missing
        }
        state[1] = .int(cursor + 1)
        return true
    }

    @inline(__always)
    private mutating func countStep() throws(RuntimeError) {
        steps &+= 1
        if steps > options.limits.steps { throw .tooManySteps(limit: options.limits.steps) }
        if output.count > options.limits.outputBytes { throw .outputTooLarge(limit: options.limits.outputBytes) }
    }

    /// Between two turns of a loop every value in use stands in a slot of the stack.
    @inline(never)
    private mutating func collect(frameEnd: Int) {
        memory.collect(roots: UnsafeMutableBufferPointer(start: stack.base, count: frameEnd))
        stack.clear(from: frameEnd)
    }
}

extension Value {
    /// Stands in the slot of a variable whose declaration was skipped.
    static let undeclared = Value(.missing, type: TypeTag(rawValue: 31))

    var isUndeclared: Bool { kind == .missing && type.rawValue == 31 }
}
