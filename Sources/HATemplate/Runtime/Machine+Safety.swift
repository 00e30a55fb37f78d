// Writing values in a dialect.
extension Machine {
    /// Writes a value at a site: as it is when it is harmless there, else quoted, else not at all.
    @inline(__always)
    mutating func emit(_ value: Value, at site: Int) throws(RuntimeError) {
        switch value.kind {
        case .string:
            if let start = memory.wideText(ofString: value), isHarmless(wide: start, count: value.count, at: site) {
                output.append(wide: start, count: value.count)
            } else {
                try emitText(value, at: site)
            }
        case .int where !value.isNamedInteger:
            output.append(decimal: value.asInt)
        default:
            return try emitOther(value, at: site)
        }
        try checkOutput()
    }

    /// Writes a string that is long, or not harmless at first sight.
    @inline(never)
    private mutating func emitText(_ value: Value, at site: Int) throws(RuntimeError) {
        let bytes = memory.bytes(ofString: value)
        if isHarmless(bytes, at: site) { output.append(bytes) } else { try emitWithCare(value, at: site) }
    }

    @inline(never)
    private mutating func emitOther(_ value: Value, at site: Int) throws(RuntimeError) {
        switch value.kind {
        case .int, .float, .bool: try emit(value)
        default:
            try emitWithCare(try text(of: value), at: site)
            try checkOutput()
        }
    }

    /// Whether a short text of letters, digits and `-._` is harmless, without a look at each byte.
    @inline(__always)
    private mutating func isHarmless(wide start: UnsafeRawPointer, count: Int, at site: Int) -> Bool {
        let test = siteTests.base[site]
        guard test.allowsWords, count >= Int(test.shortest), count > 0 else { return false }
        let first = start.load(as: UInt8.self)
        guard safetyClasses.base[Int(test.table) &+ Int(first)] == SafetyRule.Class.safe else { return false }
        return areWordBytes(start, count: count)
            && (count <= 16 || areWordBytes(start + 16, count: count &- 16))
    }

    private mutating func isHarmless(_ bytes: UnsafeBufferPointer<UInt8>, at site: Int) -> Bool {
        let test = siteTests.base[site]
        guard bytes.count >= Int(test.shortest) else { return false }
        guard bytes.count > 0, let start = bytes.baseAddress else { return true }
        let classes = safetyClasses.base + Int(test.table)
        var found = classes[Int(start[0])]
        var index = 1
        while index < bytes.count {
            found |= classes[Int(start[index])] & SafetyRule.Class.unsafe
            index &+= 1
        }
        return found == SafetyRule.Class.safe
    }

    /// A list, a map, nil and the like, as an action prints them. What stands for a null of the data has a space in it;
    /// for a missing key it is written because somebody asked for it.
    private func text(of value: Value) throws(RuntimeError) -> Value {
        let text = memory.makeString { Formatter.append(value.leavingPipeline, memory, into: &$0) }
        try memory.checkText()
        return value.makesTrustedText && value.kind != .null ? text.trusted : text.withOrigin(value.origin)
    }

    /// Writes a string piece by piece: trusted ones as they are, the others as their context wants it.
    @inline(never)
    private mutating func emitWithCare(_ value: Value, at site: Int) throws(RuntimeError) {
        let site = program.safety.sites[site]
        var lexer = DialectLexer(site.context)
        let pieces = memory.pieces(of: value)
        for (index, piece) in pieces.enumerated() {
            let part = value.stretch(start: Int(piece.start), count: Int(piece.count))
            let bytes = memory.bytes(of: part)
            if piece.isTrusted {
                output.append(bytes)
                lexer.advance(bytes)
                continue
            }
            let next = index + 1 < pieces.count ? pieces[index + 1] : nil
            let following =
                next.map { next in
                    let text = value.stretch(start: Int(next.start), count: Int(next.count))
                    return Following(memory.bytes(of: text), program.dialect)
                } ?? site.following
            let start = output.count
            try lexer.context.rule.append(bytes, followedBy: following, into: &output)
            structure.spans.append(start..<output.count)
            lexer.context = lexer.context.afterValue
        }
        if pieces.contains(where: \.isTrusted) { try checkEnd(of: lexer.context, site) }
    }

    /// Trusted text may hold several arguments and lines, but what follows it must be read as its context says. A
    /// comment at its end is harmless: no value can leave one.
    private func checkEnd(of end: LexicalContext, _ site: SafetySite) throws(RuntimeError) {
        let expected = site.context.afterValue.state
        let isRight = expected.isBare ? end.state.isBare || end.state == .comment : end.state == expected
        guard isRight || (expected == .foreign) else {
            throw site.context.rule.refusal(.leavesContext)
        }
    }

    /// Looks at the finished output once more, from `start` on.
    func checkStructure(from start: Int) throws(Diagnostic) {
        guard !structure.spans.isEmpty else { return }
        let violation = output.withElements { structure.violation(in: $0, from: start, program.dialect) }
        guard let violation else { return }
        throw Diagnostic(
            .structureChanged,
            "a value from data changed the structure of the output, at its byte \(violation.lowerBound - start)",
            at: nil, notes: [.init("trusted text may have left quotes or a block open; else please report this")])
    }
}

/// Whether the first `count` of 16 bytes are letters, digits or one of `-._`.
@inline(__always)
private func areWordBytes(_ start: UnsafeRawPointer, count: Int) -> Bool {
    typealias Bytes = SIMD16<UInt8>
    let bytes = start.loadUnaligned(as: Bytes.self)
    let places = Bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    // Operands of one type throughout: with a number on one side each lane would be a call.
    let isLetter =
        ((bytes | Bytes(repeating: 0x20)) &- Bytes(repeating: UInt8(ascii: "a"))) .< Bytes(repeating: 26)
    let isDigit = (bytes &- Bytes(repeating: UInt8(ascii: "0"))) .< Bytes(repeating: 10)
    let isMark = (bytes &- Bytes(repeating: UInt8(ascii: "-"))) .< Bytes(repeating: 2)
    let isLine = bytes .== Bytes(repeating: UInt8(ascii: "_"))
    let isBehind = places .>= Bytes(repeating: UInt8(truncatingIfNeeded: count))
    let lanes = unsafeBitCast(isLetter .| isDigit .| isMark .| isLine .| isBehind, to: SIMD2<UInt64>.self)
    return lanes.x & lanes.y == .max
}
