// Writing.
extension Machine {
    /// Writes the constant text of an instruction.
    @inline(__always)
    mutating func writeText(of instruction: Instruction, _ pc: Int, _ recorder: inout some OutputRecorder & ~Copyable) {
        recorder.write(at: output.count, pc: pc, value: nil)
        let count = Int(instruction.c)
        let start = memory.constantText + Int(instruction.b)
        defer { if isAdrift { follow(from: output.count - count) } }
        // After the last constant of a program there are bytes enough to read.
        if count <= ByteBuffer.wide {
            output.append(wide: UnsafeRawPointer(start), count: count)
        } else {
            output.append(start, count: count)
        }
    }

    @inline(__always)
    mutating func write(
        _ value: Value, _ pc: Int, _ recorder: inout some OutputRecorder & ~Copyable
    ) throws(RuntimeError) {
        recorder.write(at: output.count, pc: pc, value: value)
        try emit(value)
    }

    /// Writes at a site of a dialect.
    @inline(__always)
    mutating func write(
        _ value: Value, at site: Int, _ pc: Int, _ recorder: inout some OutputRecorder & ~Copyable
    ) throws(RuntimeError) {
        recorder.write(at: output.count, pc: pc, value: value)
        try emit(value, at: site, pc)
    }

    @inline(__always)
    mutating func writeMember(
        of instruction: Instruction, _ frame: UnsafeMutablePointer<Value>, _ pc: Int,
        _ recorder: inout some OutputRecorder & ~Copyable
    ) throws(RuntimeError) {
        try write(member(Int(instruction.c), of: frame[Int(instruction.b)]), pc, &recorder)
    }

    @inline(__always)
    mutating func writeMemberSafely(
        of instruction: Instruction, _ frame: UnsafeMutablePointer<Value>, _ pc: Int,
        _ recorder: inout some OutputRecorder & ~Copyable
    ) throws(RuntimeError) {
        let value = try member(Int(instruction.c), of: frame[Int(instruction.b)])
        try write(value, at: Int(instruction.a), pc, &recorder)
    }

    @inline(__always)
    mutating func emit(_ value: Value) throws(RuntimeError) {
        switch value.kind {
        case .string:
            if let start = memory.wideText(ofString: value) {
                output.append(wide: start, count: value.count)
            } else {
                output.append(memory.bytes(ofString: value))
            }
        case .int where !value.isNamedInteger: output.append(decimal: value.asInt)
        default: try emitUncommon(value)
        }
        try checkOutput()
    }

    @inline(never)
    private mutating func emitUncommon(_ value: Value) throws(RuntimeError) {
        Formatter.append(value.leavingPipeline, memory, into: &output)
        try memory.checkText()
    }

    @inline(__always)
    mutating func checkOutput() throws(RuntimeError) {
        if output.count > options.limits.outputBytes { throw .outputTooLarge(limit: options.limits.outputBytes) }
    }
}
