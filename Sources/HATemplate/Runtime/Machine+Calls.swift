// Calls of templates and functions.
extension Machine {
    /// Counts a call of a template from one at `frameStart`, with the code that it runs once.
    mutating func countCall(of target: Int, from entry: Int, _ frameStart: Int) throws(RuntimeError) {
        let (called, caller) = (program.entries[target], program.entries[entry])
        try countStep(WorkMeter.call &+ Int(called.end &- called.start))
        guard calls.count < options.limits.depth else { throw .tooDeep(limit: options.limits.depth) }
        let slots = frameStart &+ Int(caller.frameSize) &+ Int(called.frameSize)
        guard slots &* MemoryLayout<Value>.stride <= memory.scratchLimit else {
            throw .memoryExhausted(limit: memory.scratchLimit)
        }
    }

    /// Begins a template after the frame of the one that runs; returns its frame.
    mutating func enter(
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

    mutating func partial(named name: Value) throws(RuntimeError) -> Int {
        guard name.kind == .string else { throw context.wrongArgument(0, expected: "a template's name", given: name) }
        guard let index = program.templates.index(ofPartial: Array(memory.bytes(of: name))) else {
            throw .unknownTemplate(memory.text(of: name), known: program.templates.names)
        }
        return index
    }

    mutating func call(_ index: Int, _ arguments: Arguments) throws(RuntimeError) -> Value {
        guard case .native(let body) = program.functions[index].body else { return .missing }
        var result = try context.call(program.functions[index], body, arguments)
        // What a function makes of data is known to come from there.
        if result.origin == 0, let origin = arguments.first(where: { $0.origin > 0 })?.origin {
            result = result.withOrigin(origin)
        }
        try memory.checkMade(output: output.count)
        return result
    }

    /// `eq` and `ne` of two texts, which most conditions are, without the way through a function.
    @inline(__always)
    mutating func compare(
        _ operands: UnsafePointer<Value>, by instruction: Instruction
    ) throws(RuntimeError) -> Value {
        let left = operands[0]
        let right = operands[1]
        guard left.kind == .string, right.kind == .string else {
            return try call(Int(instruction.b), UnsafeBufferPointer(start: operands, count: 2))
        }
        // Texts of one length are compared byte by byte.
        if left.count == right.count { try memory.meter.spend(left.count &>> 3) }
        let areEqual = memory.areEqualTexts(left, right)
        return Value.bool(areEqual == (instruction.operation == .equal))
            .withOrigin(left.origin > 0 ? left.origin : right.origin)
    }
}
