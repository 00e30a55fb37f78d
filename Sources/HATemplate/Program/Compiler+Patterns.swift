extension Compiler {
    /// Compiles the regular expressions among the operands of a call that are constants.
    mutating func compilePatterns(of function: Function, _ operands: ArraySlice<NodeID>) {
        for (parameter, operand) in zip(function.parameters, operands) where parameter.isPattern {
            guard case .string(let pattern) = tree[operand] else { continue }
            do {
                try builder.addPattern(pattern)
            } catch {
                let range = place(error.place, inLiteral: tree.range(of: operand))
                mistakes.append(
                    Diagnostic(
                        .badPattern, "this is not a regular expression: \(error.reason.rawValue)",
                        at: SourceLocation(tree.file, range)))
            }
        }
    }

    /// Where some bytes of a string's value stand in the file.
    private func place(_ bytes: Range<Int>, inLiteral range: SourceRange) -> SourceRange {
        let start = tree.file.bytes.startIndex
        let literal = tree.file.bytes[(start + Int(range.start))..<(start + Int(range.end))]
        let bounds = [bytes.lowerBound, bytes.upperBound].map { StringLiteral.offset(ofByte: $0, in: literal) }
        return SourceRange(Int(range.start) + bounds[0], Int(range.start) + bounds[1])
    }
}
