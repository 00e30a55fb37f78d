/// Runs a program over a document and appends the output to one buffer.
///
/// It is a loop over flat code with its own call stack: a template's depth costs memory, never the thread's stack.
///
/// What the loop uses is `mutating`, whether it changes the machine or not: of a machine that is merely read the compiler
/// makes a copy on the stack for each call.
struct Machine: ~Copyable {
    let program: Program
    let document: Document
    let memory: Memory
    let context: CallContext
    let members: MemberTable
    let options: RenderOptions
    /// Where values were written, for messages.
    var places: DataPlaces
    /// Copies of the program's code and constants that stay where they are.
    let code: Buffer<Instruction>
    let values: Buffer<Value>
    var stack = ValueStack()
    var calls: [Call] = []
    var steps = 0
    /// What has been rendered; the caller may put a buffer of its own here.
    var output = ByteBuffer(capacity: 16)

    /// What the template warned of.
    var warnings: [Diagnostic] = []

    /// Values that cannot stand where the template puts them.
    var unsafe = UnsafeReports()

    /// Whether trusted text has been written since the contexts of the sites were last known to be right: what it
    /// brought decides what follows, so the output is read as the proxy will until it is where a site says.
    var isAdrift = false
    /// Where in the output an argument was last reported to be missing.
    var lastGap = -1
    /// Where the output is while adrift.
    var lexer: DialectLexer
    /// What is safe at the contexts that were met while adrift.
    var driftSites = SafetyTable()
    /// Parts of the output of partials that are not the template's, in the order of the output.
    var captured: [TextPiece] = []

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
        /// Where the output was when a partial was called, if adrift.
        var drift: LexicalContext?
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
        places = DataPlaces(document, parameters: options.parameters)
        code = Buffer(program.code)
        values = Buffer(program.values)
        lexer = DialectLexer(LexicalContext(program.dialect))
        siteTests = program.safety.tests
        safetyClasses = program.safety.classBuffer
        members = MemberTable(shapes: memory.shapes, names: program.names)
    }

    /// Renders the main template with the given dot.
    ///
    /// Throws the diagnostic of the first failure, with the chain of template calls as notes.
    mutating func run(root: Value, recorder: inout some OutputRecorder & ~Copyable) throws(Diagnostic) {
        var pc = 0
        var frameStart = 0
        do {
            try execute(root: root, &pc, &frameStart, &recorder)
        } catch {
            throw unsafe.joined(with: diagnostic(for: error, at: pc, frameStart))
        }
        if let failure = unsafe.failure { throw failure }
    }

    // MARK: The loop

    private mutating func execute(
        root: Value, _ pc: inout Int, _ frameStart: inout Int, _ recorder: inout some OutputRecorder & ~Copyable
    ) throws(RuntimeError) {
        var entry = program.main
        stack.reserve(Int(program.entries[entry].frameSize))
        var frame = stack.base
        // To Go a nil root is no value at all, unlike a nil inside a list or map.
        let root = root.kind == .null ? Value.missing.withOrigin(root.origin) : root
        frame[0] = root
        frame[1] = root
        pc = Int(program.entries[entry].start)
        while true {
            let instruction = code[pc]
            let a = Int(instruction.a)
            switch instruction.operation {
            case .text:
                writeText(of: instruction, pc, &recorder)
            case .textThenEmit:
                writeText(of: instruction, pc, &recorder)
                pc &+= 1
                try write(frame[Int(code[pc].a)], pc, &recorder)
            case .textThenEmitMember:
                writeText(of: instruction, pc, &recorder)
                pc &+= 1
                try writeMember(of: code[pc], frame, pc, &recorder)
            case .textThenEmitSafely:
                writeText(of: instruction, pc, &recorder)
                pc &+= 1
                let next = code[pc]
                try write(frame[Int(next.a)], at: Int(next.b), pc, &recorder)
            case .textThenEmitMemberSafely:
                writeText(of: instruction, pc, &recorder)
                pc &+= 1
                try writeMemberSafely(of: code[pc], frame, pc, &recorder)
            case .emit:
                try write(frame[a], pc, &recorder)
            case .emitMember:
                try writeMember(of: instruction, frame, pc, &recorder)
            case .emitSafely:
                try write(frame[a], at: Int(instruction.b), pc, &recorder)
            case .emitMemberSafely:
                try writeMemberSafely(of: instruction, frame, pc, &recorder)
            case .drift:
                if !isAdrift {
                    lexer.context = program.safety.sites[Int(instruction.b)].context
                    isAdrift = true
                }
            case .expectArgument: expectArgument(at: Int(instruction.b), pc)
            case .constant:
                frame[a] = values[Int(instruction.b)]
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
            case .equal, .notEqual:
                frame[a] = try compare(UnsafePointer(frame + Int(instruction.c)), by: instruction)
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
                guard nextElement(frame + a, instruction.count) else {
                    pc = Int(instruction.b)
                    continue
                }
                // The code of a turn lies between the loop's beginning and this place.
                try countStep(WorkMeter.turn &+ pc &- Int(instruction.c))
                if memory.isCollectionDue { collect(frameEnd: frameStart + Int(program.entries[entry].frameSize)) }
                pc = Int(instruction.c)
                continue
            case .callTemplate:
                try countCall(of: Int(instruction.b), from: entry, frameStart)
                let call = Call(pc: pc, frame: frameStart, entry: entry)
                recorder.enter(pc: pc)
                frame = enter(Int(instruction.b), dot: frame[a], call, &frameStart, &entry)
                pc = Int(program.entries[entry].start)
                continue
            case .callPartial:
                let first = frame + Int(instruction.c)
                let target = instruction.b >= 0 ? Int(instruction.b) : try partial(named: first[0])
                try countCall(of: target, from: entry, frameStart)
                let call = Call(
                    pc: pc, frame: frameStart, entry: entry, partial: (a, output.count, instruction.count == 1),
                    drift: isAdrift ? lexer.context : nil)
                if instruction.count != 1 { isAdrift = false }
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
                dropOutput(from: partial.outputStart)
                recorder.truncate(to: partial.outputStart)
                restoreDrift(of: caller)
                (pc, frameStart, entry) = (caller.pc, caller.frame, caller.entry)
                frame = stack.base + frameStart
                frame[partial.slot] = result
            case .return:
                guard let caller = calls.popLast() else { return }
                recorder.leave()
                (pc, frameStart, entry) = (caller.pc, caller.frame, caller.entry)
                frame = stack.base + frameStart
                if let partial = caller.partial, partial.isDirect {
                    frame[partial.slot] = .printed
                } else if let partial = caller.partial {
                    let text = try takeOutput(from: partial.outputStart)
                    restoreDrift(of: caller)
                    recorder.capture(from: partial.outputStart, as: text)
                    frame[partial.slot] = text
                }
            case .fail:
                throw .deferred(program.failures[Int(instruction.b)])
            }
            pc &+= 1
        }
    }

    /// What a partial printed is gone: the output is where it was before the call.
    private mutating func restoreDrift(of call: Call) {
        isAdrift = call.drift != nil
        if let context = call.drift { lexer.context = context }
    }

    @inline(__always)
    mutating func countStep(_ work: Int) throws(RuntimeError) {
        steps &+= 1
        try memory.meter.spend(work)
        if steps > options.limits.steps { throw .tooManySteps(limit: options.limits.steps) }
        try checkOutput()
    }
}

extension Value {
    /// Stands in the slot of a variable whose declaration was skipped.
    static let undeclared = Value(.missing, type: TypeTag(rawValue: 31))

    var isUndeclared: Bool { kind == .missing && type.rawValue == 31 }
}
