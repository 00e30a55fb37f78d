extension Machine {
    /// The diagnostic of a failure of the instruction at `pc`: where it is, the data that it failed on, and the calls
    /// that led there.
    mutating func diagnostic(for error: RuntimeError, at pc: Int, _ frameStart: Int) -> Diagnostic {
        var notes: [Diagnostic.Note] = []
        if let culprit = culprit(of: error, at: pc, frameStart), let note = note(on: culprit) { notes.append(note) }
        if let advice = error.advice { notes.append(advice) }
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
        case .emitMemberSafely: return frame[Int(instruction.b)]
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

    private mutating func note(on value: Value) -> Diagnostic.Note? {
        places.note(onOrigin: value.origin)
    }

    /// Remembers that a value cannot stand where the instruction at `pc` writes it.
    mutating func report(_ error: RuntimeError, of value: Value, at pc: Int) {
        guard unsafe.isNew(pc: pc, origin: value.origin) else { return }
        var notes: [Diagnostic.Note] = []
        if let note = note(on: value) { notes.append(note) }
        if places.isTyped(origin: value.origin) {
            notes.append(.init(.ownedParameter))
        } else if case .unsafeValue(let value) = error, value.asksForDirective, document.shapes.isEmpty {
            notes.append(.init(.writtenDirective))
        } else if let advice = error.advice {
            notes.append(advice)
        }
        notes += callers(of: error)
        unsafe.add(Diagnostic(error.code, error.message, at: program.location(at: pc), notes: notes))
    }
}

/// Values that cannot stand where the template puts them, each place and value once.
struct UnsafeReports {
    /// As many are shown; the others are counted.
    private static let maximum = 100

    private var items: [Diagnostic] = []
    private var hidden = 0
    private var seen: Set<UInt64> = []

    mutating func isNew(pc: Int, origin: UInt32) -> Bool {
        guard items.count < Self.maximum else {
            hidden += 1
            return false
        }
        return seen.insert(UInt64(UInt32(truncatingIfNeeded: pc)) << 32 | UInt64(origin)).inserted
    }

    mutating func add(_ item: Diagnostic) { items.append(item) }

    /// The first with the others after it; nil when there are none.
    var failure: Diagnostic? {
        guard var first = items.first else { return nil }
        first.further = Array(items.dropFirst())
        if hidden > 0, var last = first.further.popLast() {
            last.notes.append(.init("and \(hidden) more such values"))
            first.further.append(last)
        }
        return first
    }

    /// The same with what stopped the render at last.
    func joined(with last: Diagnostic) -> Diagnostic {
        guard var failure else { return last }
        failure.further.append(last)
        return failure
    }
}

extension Diagnostic.Note {
    /// Goes on after "called from here".
    static let lackOfDot = " without a dot; a \".\" after the name hands this one on"
}
