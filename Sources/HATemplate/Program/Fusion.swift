extension Program {
    /// Replaces instructions by faster ones that do the same.
    ///
    /// No instruction moves: a fused one does its own work and then that of the next, which stays where it is with its
    /// operands and its place in the source, for jumps that lead there and for diagnostics.
    mutating func fuse() {
        for index in code.indices {
            let instruction = code[index]
            switch instruction.operation {
            case .text where index + 1 < code.count:
                if let fused = code[index + 1].operation.behindText { code[index].operation = fused }
            case .call where instruction.count == 2:
                switch functions[Int(instruction.b)].name {
                case "eq": code[index].operation = .equal
                case "ne": code[index].operation = .notEqual
                default: break
                }
            case .jump where code[Int(instruction.b)].operation == .rangeNext:
                // The end of a turn begins the next one itself, behind the loop's own beginning.
                code[index] = code[Int(instruction.b)]
                code[index].c = instruction.b + 1
                positions[index] = positions[Int(instruction.b)]
            case .rangeNext:
                code[index].c = Int32(truncatingIfNeeded: index + 1)
            default: break
            }
        }
    }
}

extension Instruction.Operation {
    /// The operation that writes a text and then does this one.
    fileprivate var behindText: Self? {
        switch self {
        case .emit: .textThenEmit
        case .emitMember: .textThenEmitMember
        case .emitSafely: .textThenEmitSafely
        case .emitMemberSafely: .textThenEmitMemberSafely
        default: nil
        }
    }
}
