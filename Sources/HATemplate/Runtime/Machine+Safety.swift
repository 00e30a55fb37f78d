// Writing values in a dialect.
extension Machine {
    /// Writes a value at a site: as it is when it is harmless there, else quoted, else not at all.
    @inline(__always)
    mutating func emit(_ value: Value, at site: Int, _ pc: Int) throws(RuntimeError) {
        switch value.kind {
        case .string:
            if value.isDataAlone, !isAdrift, let start = memory.wideText(ofString: value),
                isHarmless(wide: start, count: value.count, at: site)
            {
                output.append(wide: start, count: value.count)
            } else {
                try emitText(value, at: site, pc)
            }
        case .int where !value.isNamedInteger:
            let start = output.count
            output.append(decimal: value.asInt)
            if isAdrift { follow(from: start) }
        default:
            return try emitOther(value, at: site, pc)
        }
        try checkOutput()
    }

    /// Writes a string that is long, or not harmless at first sight.
    @inline(never)
    private mutating func emitText(_ value: Value, at site: Int, _ pc: Int) throws(RuntimeError) {
        if value.isPrinted { return }
        let bytes = memory.bytes(ofString: value)
        if value.isDataAlone {
            if isAdrift, lexer.context == program.safety.sites[site].context { isAdrift = false }
            if !isAdrift, isHarmless(bytes, at: site) { return output.append(bytes) }
            if isAdrift, program.safety.sites[site].following.tails.isEmpty, isHarmlessAdrift(bytes) {
                output.append(bytes)
                return lexer.advance(bytes)
            }
        }
        try emitOrReport(value, text: value, at: site, pc)
    }

    @inline(never)
    private mutating func emitOther(_ value: Value, at site: Int, _ pc: Int) throws(RuntimeError) {
        let text = memory.makeText { text in
            Formatter.append(value.leavingPipeline, memory, into: &text.output)
            text.mark(value.leavingPipeline, memory)
        }
        try memory.checkText()
        switch value.kind {
        case .int, .float, .bool:
            guard text.isTrusted else { fallthrough }
            output.append(memory.bytes(of: text))
            if isAdrift { follow(from: output.count - text.count) }
        default: try emitOrReport(value, text: text, at: site, pc)
        }
        try checkOutput()
    }

    /// Writes a text with care. A value that cannot stand here is reported, and the render goes on without it, so that
    /// one run shows all of them.
    private mutating func emitOrReport(
        _ value: Value, text: Value, at site: Int, _ pc: Int
    ) throws(RuntimeError) {
        let start = output.count
        do throws(RuntimeError) { try emitWithCare(text, at: site, pc) } catch {
            guard case .unsafeValue = error else { throw error }
            output.truncate(to: start)
            structure.truncate(to: start)
            if isAdrift { lexer.context = lexer.context.afterValue }
            report(error, of: value, at: pc)
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

    /// The same where the lexer stands, for a value that is harmless there whatever follows it.
    private mutating func isHarmlessAdrift(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let site = Int(driftSites.index(lexer.context, .unknown))
        let test = driftSites.sites[site].test
        guard bytes.count > 0, bytes.count >= Int(test.shortest) else { return false }
        let start = Int(test.table)
        guard driftSites.classes[start + Int(bytes[0])] == SafetyRule.Class.safe else { return false }
        return bytes.allSatisfy { driftSites.classes[start + Int($0)] & SafetyRule.Class.unsafe == 0 }
    }

    /// Writes a string piece by piece: the template's as they are, the others as their context wants it.
    @inline(never)
    private mutating func emitWithCare(_ value: Value, at index: Int, _ pc: Int) throws(RuntimeError) {
        let site = program.safety.sites[index]
        if site.isCapture { return capture(value) }
        // An empty text where a directive may begin, such as the Config of most services, leaves all as it is.
        if value.count == 0, value.isTrusted, !isAdrift, site.context.state == .start { return }
        if isAdrift, lexer.context == site.context { isAdrift = false }
        let pieces = memory.pieces(of: value)
        if !isAdrift, pieces.count == 1, pieces[0].origin == .data, !site.isWordPlace {
            let start = output.count
            try rule(site.rule, for: value).append(
                memory.bytes(of: value), site.table, followedBy: site.following, into: &output)
            structure.add(start..<output.count)
            if value.isBlend { warnOfBlend(value, site.rule, pc) }
            return
        }
        if !isAdrift { lexer = DialectLexer(site.context) }
        let context = lexer.context
        if value.count == 0, value.isTrusted { try checkVanishing(context, site.following) }
        for (index, piece) in pieces.enumerated() {
            let bytes = memory.bytes(of: value.range(start: Int(piece.start), count: Int(piece.count)))
            let start = output.count
            switch piece.origin {
            case .template: output.append(bytes)
            case .data:
                let next = index + 1 < pieces.count ? pieces[index + 1] : nil
                let after = next.map { following(value, $0) } ?? site.following
                try append(bytes, of: value, followedBy: after)
            case .listing where context.role == .comment:
                try append(bytes, of: value, followedBy: site.following)
            case .noValue, .misprint, .number, .listing:
                throw context.rule.refusal(.nonsense(piece.origin, memory.excerpt(of: bytes)))
            }
            follow(from: start)
        }
        if pieces.contains(where: \.isTrusted) {
            try checkEnd(of: lexer.context, from: context)
        } else if !isAdrift, !site.context.isKeywordPlace {
            return
        }
        isAdrift = true
    }

    private func following(_ value: Value, _ piece: TextPiece) -> Following {
        let text = value.range(start: Int(piece.start), count: Int(piece.count))
        return Following(memory.bytes(of: text), program.dialect)
    }

    /// A person who types the name of a file may name any.
    private func rule(_ rule: SafetyRule, for value: Value) -> SafetyRule {
        guard rule.role == .path, places.isTyped(origin: value.origin) else { return rule }
        var free = rule
        free.namesAnyFile = true
        return free
    }

    /// Writes a value from data where the lexer stands.
    private mutating func append(
        _ bytes: UnsafeBufferPointer<UInt8>, of value: Value, followedBy following: Following
    ) throws(RuntimeError) {
        let index = Int(driftSites.index(lexer.context, .unknown))
        let site = driftSites.sites[index]
        let start = output.count
        let letters = site.rule.completesWord ? lettersOfWord() : []
        try rule(site.rule, for: value).append(
            bytes, site.table, after: letters, followedBy: following, into: &output)
        structure.add(start..<output.count)
    }

    /// A text of no bytes leaves nothing of an argument that is needed. In quotes HAProxy reads nothing as the line's end, but
    /// where any text may stand.
    private mutating func checkVanishing(_ context: LexicalContext, _ following: Following) throws(RuntimeError) {
        let isInQuotes = context.quoting != .none
        if isInQuotes {
            guard program.dialect.endsAtEmptyArgument, following.kind == .quote, context.word.isEmpty,
                !context.rule.isText
            else {
                return
            }
        } else {
            guard context.state == .gap, following.kind == .end || following.kind == .block else { return }
        }
        var words = wordsOfDirective()
        if isInQuotes {
            // The quote stands alone where nothing of the argument stands before it.
            guard let quote = words.popLast(), quote.count == 1 else { return }
        }
        guard context.needsArgument(after: words) else { return }
        if context.directive == .pair, words.count == 2 {
            let start = output.count
            output.append("\"\"" as StaticString)
            return follow(from: start)
        }
        throw context.rule.refusal(.vanishes)
    }

    /// Reports a statement that has left nothing of an argument that is needed.
    @inline(never)
    mutating func expectArgument(at index: Int, _ pc: Int) {
        let site = program.safety.sites[index]
        guard site.following.stop != .template || calls.isEmpty else { return }
        let context = isAdrift ? lexer.context : site.context
        guard context.mayNeedPieces(before: site.following),
            context.needsPieces(before: site.following, after: wordsOfDirective())
        else { return }
        // A branch that writes nothing is reported where it does.
        guard output.count != lastGap else { return }
        lastGap = output.count
        report(context.rule.refusal(.leavesNothing), of: .missing, at: pc)
    }

    /// The words of the directive that the output ends in, as they are written.
    private func wordsOfDirective() -> [[UInt8]] {
        let ends: StaticString = program.dialect.endsDirectivesBySigns ? ";{}" : "\n"
        return output.withElements { bytes in
            let limit = max(0, bytes.count - 4096)
            let start = bytes[limit...].lastIndex { ends.contains($0) }.map { $0 + 1 } ?? limit
            return bytes[start...].split { $0 <= 0x20 }.map(Array.init)
        }
    }

    /// The letters at the end of the output that belong to the current word, without quotes.
    private func lettersOfWord() -> [UInt8] {
        output.withElements { bytes in
            let limit = max(0, bytes.count - 64)
            let start = bytes[limit...].lastIndex { $0 <= 0x20 || (";{}" as StaticString).contains($0) } ?? limit - 1
            return bytes[(start + 1)...].filter { !("\"'\\" as StaticString).contains($0) }
        }
    }

    /// Reads what was written as the proxy will.
    @inline(never)
    mutating func follow(from start: Int) {
        output.withElements { lexer.advance(UnsafeBufferPointer(rebasing: $0[start...])) }
    }

    /// A function mixed blanks of the template with data; quotes around the whole make one argument of it.
    private mutating func warnOfBlend(_ value: Value, _ rule: SafetyRule, _ pc: Int) {
        guard rule.isFirst, rule.isAlone, !rule.isText, memory.bytes(of: value).contains(UInt8(ascii: " ")) else {
            return
        }
        guard rule.quoting == .none, rule.role != .logFormat, rule.role != .comment else { return }
        let message =
            "the blanks in \"\(memory.excerpt(of: memory.bytes(of: value)))\" stand inside quotes, as one argument: a "
            + "function mixed the template's text with data (join, delimit, printf and replace keep them apart)"
        context.warnings.append((.templateWarning, message))
        takeWarnings(at: pc)
    }

    /// Trusted text may hold several arguments and lines, but what follows it must be read as its context says. A
    /// comment at its end is harmless: no value can leave one.
    private func checkEnd(of end: LexicalContext, from context: LexicalContext) throws(RuntimeError) {
        let expected = context.afterValue.state
        let isRight = expected.isBare ? end.state.isBare || end.state == .comment : end.state == expected
        guard isRight || (expected == .foreign) else {
            throw context.rule.refusal(.leavesContext)
        }
    }

    // MARK: Partials whose text goes on as a value

    /// Writes a text as it is and remembers which parts of it are not the template's.
    private mutating func capture(_ value: Value) {
        let start = output.count
        output.append(memory.bytes(of: value))
        for piece in memory.pieces(of: value) where piece.origin != .template {
            captured.append(piece.moved(by: UInt32(truncatingIfNeeded: start - value.start)))
        }
    }

    /// What a partial printed, as a string with the origins of its parts.
    mutating func takeOutput(from start: Int) throws(RuntimeError) -> Value {
        try memory.meter.spend(output.count &- start)
        var first = captured.count
        while first > 0, Int(captured[first - 1].start) >= start { first -= 1 }
        let pieces = captured[first...].map { $0.moved(by: 0 &- UInt32(truncatingIfNeeded: start)) }
        captured.removeLast(captured.count - first)
        let text = output.withElements { output in
            let bytes = UnsafeBufferPointer(rebasing: output[start...])
            return memory.tracksTrust ? memory.makeString(bytes, pieces: pieces) : memory.makeString(bytes)
        }
        output.truncate(to: start)
        try memory.checkMade(output: start)
        return text
    }

    /// Forgets what a partial printed.
    mutating func dropOutput(from start: Int) {
        output.truncate(to: start)
        structure.truncate(to: start)
        while let last = captured.last, Int(last.start) >= start { captured.removeLast() }
    }

    /// Looks at the finished output once more, from `start` on.
    func checkStructure(from start: Int) throws(Diagnostic) {
        guard !structure.isEmpty else { return }
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
