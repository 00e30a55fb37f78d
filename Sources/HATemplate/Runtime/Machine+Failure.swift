extension Machine {
    /// The diagnostic of a failure of the instruction at `pc`: where it is, the data that it failed on, and the calls
    /// that led there.
    mutating func diagnostic(for error: RuntimeError, at pc: Int, _ frameStart: Int) -> Diagnostic {
        var notes: [Diagnostic.Note] = []
        if let culprit = culprit(of: error, at: pc, frameStart), let note = note(on: culprit) { notes.append(note) }
        if let advice = error.advice { notes.append(.init(advice)) }
        notes += callers(of: error)
        var location = program.location(at: pc)
        if let argument = error.argument {
            location = program.location(ofArgument: argument, at: pc)
        }
        return Diagnostic(error.code, error.message, at: location, notes: notes)
    }

    /// Where the running templates were called, the innermost first. Calls from one place in a row count as one.
    private func callers(of error: RuntimeError) -> [Diagnostic.Note] {
        let maximum = 8
        var notes: [Diagnostic.Note] = []
        var rest = calls[...]
        while let call = rest.last, notes.count < maximum {
            let same = rest.reversed().prefix { $0.pc == call.pc }.count
            rest.removeLast(same)
            let times = same > 1 ? ", \(same) levels deep" : ""
            let lack = notes.isEmpty && error.code == .nilValue && isWithoutDot(call) ? Diagnostic.Note.lackOfDot : ""
            notes.append(.init("called from here" + times + lack, at: program.location(at: call.pc)))
        }
        if !rest.isEmpty { notes.append(.init("and \(rest.count) more calls")) }
        return notes
    }

    /// Whether a call hands on no value: its dot is a constant, which is then the missing one.
    private func isWithoutDot(_ call: Call) -> Bool {
        let places = program.code.indices
        guard places.contains(call.pc), places.contains(call.pc - 1) else { return false }
        let (instruction, before) = (program.code[call.pc], program.code[call.pc - 1])
        return instruction.operation == .callTemplate && before.operation == .constant && before.a == instruction.a
    }

    /// The value that an instruction failed on, if a file holds it.
    private mutating func culprit(of error: RuntimeError, at pc: Int, _ frameStart: Int) -> Value? {
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
        case .call, .equal, .notEqual:
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
        // The root itself begins where its file begins, which says nothing.
        return path.isEmpty ? nil : .init("the value is \(path)", at: location)
    }
}

extension Diagnostic.Note {
    /// Goes on after "called from here".
    static let lackOfDot = " without a dot; a \".\" behind the name hands this one on"
}
