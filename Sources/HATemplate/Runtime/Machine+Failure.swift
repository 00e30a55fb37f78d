extension Machine {
    /// The diagnostic of a failure of the instruction at `pc`: where it is, the data that it failed on, and the calls
    /// that led there.
    func diagnostic(for error: RuntimeError, at pc: Int, _ frameStart: Int) -> Diagnostic {
        var notes: [Diagnostic.Note] = []
        if let culprit = culprit(of: error, at: pc, frameStart), let note = note(on: culprit) { notes.append(note) }
        if let advice = error.advice { notes.append(.init(advice)) }
        let shown = 8
        for call in calls.suffix(shown).reversed() {
            notes.append(.init("called from here", at: program.location(at: call.pc)))
        }
        if calls.count > shown { notes.append(.init("and \(calls.count - shown) more calls")) }
        var location = program.location(at: pc)
        if let argument = error.argument {
            location = program.location(ofArgument: argument, at: pc)
        }
        return Diagnostic(error.code, error.message, at: location, notes: notes)
    }

    /// The value that an instruction failed on, if a file holds it.
    private func culprit(of error: RuntimeError, at pc: Int, _ frameStart: Int) -> Value? {
        guard program.code.indices.contains(pc) else { return nil }
        let instruction = program.code[pc]
        let frame = stack.base + frameStart
        switch instruction.operation {
        case .member, .emitMember, .memberWithArguments: return frame[Int(instruction.b)]
        case .emitMemberSafely:
            let holder = frame[Int(instruction.b)]
            guard case .unsafeValue = error else { return holder }
            return try? member(Int(instruction.c), of: holder)
        case .emit, .emitSafely, .rangeStart: return frame[Int(instruction.a)]
        case .call:
            let arguments = UnsafeBufferPointer(start: frame + Int(instruction.c), count: Int(instruction.count))
            if let position = error.argument, arguments.indices.contains(position - 1) {
                return arguments[position - 1]
            }
            return arguments.first { $0.origin > 0 }
        default: return nil
        }
    }

    private func note(on value: Value) -> Diagnostic.Note? {
        guard let location = document.location(of: value) else { return nil }
        let path = DataPaths(document).path(ofOrigin: value.origin) ?? ""
        return .init(path.isEmpty ? "the value comes from here" : "the value is \(path)", at: location)
    }
}
