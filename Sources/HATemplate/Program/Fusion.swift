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
                if let fused = code[index + 1].operation.afterText { code[index].operation = fused }
            case .call where instruction.count == 2:
                if case .equality(let isNegated) = functions[Int(instruction.b)].typed {
                    code[index].operation = isNegated ? .notEqual : .equal
                }
            case .jump where code[Int(instruction.b)].operation == .rangeNext:
                // The end of a turn begins the next one itself, after the loop's own beginning.
                code[index] = code[Int(instruction.b)]
                code[index].c = instruction.b + 1
                positions[index] = positions[Int(instruction.b)]
            case .rangeNext:
                code[index].c = Int32(truncatingIfNeeded: index + 1)
                code[index].count = add(fieldsOfElements(inLoopAt: index))
            default: break
            }
        }
    }
}

// What a loop reads of its elements, so that the machine can read it ahead.
extension Program {
    /// Names of members that the body of a loop reads of its dot or its variables; -1 where there are fewer than four.
    typealias ElementFields = SIMD4<Int32>

    private static let noFields = ElementFields(repeating: -1)

    private func fieldsOfElements(inLoopAt start: Int) -> ElementFields {
        let longestBody = 256
        let loop = code[start]
        var holders = [loop.a + 2]
        var fields = Self.noFields
        var count = 0
        for instruction in code[(start + 1)..<max(start + 1, min(Int(loop.b), start + longestBody, code.count))] {
            switch instruction.operation {
            case .copy where holders.contains(instruction.b):
                holders.append(instruction.a)
            case .member, .emitMember, .emitMemberSafely:
                guard holders.contains(instruction.b), !fields.contains(instruction.c) else { continue }
                fields[count] = instruction.c
                count += 1
                if count == fields.scalarCount { return fields }
            default: break
            }
        }
        return fields
    }

    /// The number of the fields in `elementFields`; 0 is for none.
    private mutating func add(_ fields: ElementFields) -> UInt16 {
        if elementFields.isEmpty { elementFields.append(Self.noFields) }
        if let known = elementFields.firstIndex(of: fields) { return UInt16(truncatingIfNeeded: known) }
        guard elementFields.count <= Int(UInt16.max) else { return 0 }
        elementFields.append(fields)
        return UInt16(truncatingIfNeeded: elementFields.count - 1)
    }
}

extension SIMD4<Int32> {
    fileprivate func contains(_ value: Int32) -> Bool { indices.contains { self[$0] == value } }
}

extension Instruction.Operation {
    /// The operation that writes a text and then does this one.
    fileprivate var afterText: Self? {
        switch self {
        case .emit: .textThenEmit
        case .emitMember: .textThenEmitMember
        case .emitSafely: .textThenEmitSafely
        case .emitMemberSafely: .textThenEmitMemberSafely
        default: nil
        }
    }
}
