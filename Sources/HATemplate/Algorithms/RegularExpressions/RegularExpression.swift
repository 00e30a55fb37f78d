/// A regular expression with the syntax and the results of Go's `regexp`: on bytes, by Unicode scalar (a byte of broken
/// UTF-8 counts as U+FFFD), leftmost-first, in time linear in the text.
struct RegularExpression: Sendable {
    let pattern: [UInt8]
    /// The names of the groups, from group 0, which stands for the whole match; empty where there is none.
    let groupNames: [[UInt8]]
    let program: PatternProgram

    /// Compiles a pattern; throws what is wrong with it and where.
    init(_ pattern: [UInt8]) throws(Mistake) {
        let tree = try PatternParser.parse(pattern)
        self.pattern = pattern
        groupNames = tree.groupNames
        program = try PatternCompiler.compile(tree)
    }

    /// Where one match and its groups lie, in bytes from the start of the text.
    struct Match: Equatable, Sendable {
        /// Start and end of each group in turn; `PatternProgram.unset` where a group took no part.
        let slots: [UInt32]

        var range: Range<Int> { self[0] ?? 0..<0 }

        subscript(group: Int) -> Range<Int>? {
            guard slots.indices.contains(2 * group + 1), slots[2 * group] != PatternProgram.unset,
                slots[2 * group + 1] != PatternProgram.unset
            else { return nil }
            return Int(slots[2 * group])..<Int(slots[2 * group + 1])
        }
    }

    /// Whether the pattern matches anywhere.
    func matches(_ text: UnsafeBufferPointer<UInt8>, _ meter: WorkMeter = WorkMeter()) -> Bool {
        withSearch(of: text, groups: 0, meter) { search in search.next(from: 0) }
    }

    /// The matches one after another, at most `limit` if it is not negative, without empty matches that touch the one
    /// before, until `body` returns false for the slots of one. Go: FindAll.
    ///
    /// - Parameter groups: how many groups beside the whole match are wanted; nil for all.
    func forEachMatch(
        in text: UnsafeBufferPointer<UInt8>, limit: Int = -1, groups: Int? = nil, _ meter: WorkMeter = WorkMeter(),
        _ body: ([UInt32]) -> Bool
    ) {
        withSearch(of: text, groups: groups, meter) { forEachMatch(&$0, in: text, limit: limit, body) }
    }

    /// As above, with a search over the text that has not begun.
    func forEachMatch(
        _ search: inout PatternSearch, in text: UnsafeBufferPointer<UInt8>, limit: Int = -1,
        _ body: ([UInt32]) -> Bool
    ) {
        var position = 0
        var previousEnd = -1
        var rest = limit
        while position <= text.count, rest != 0, search.next(from: position) {
            let match = Int(search.slots[0])..<Int(search.slots[1])
            let touches = match.isEmpty && match.lowerBound == previousEnd
            if match.upperBound > position {
                position = match.upperBound
            } else {
                position += position < text.count ? DecodedScalar.decode(text, at: position).length : 1
            }
            previousEnd = match.upperBound
            if touches { continue }
            guard body(search.slots) else { return }
            if rest > 0 { rest -= 1 }
        }
    }

    /// Hands on the parts of the text with its matches replaced, in order; at most `limit` of them if it is not
    /// negative. `write` says whether it takes more.
    func replaceMatches(
        in text: UnsafeBufferPointer<UInt8>, with replacement: UnsafeBufferPointer<UInt8>, limit: Int = -1,
        _ meter: WorkMeter = WorkMeter(), _ write: (ReplacementTemplate.Output) -> Bool
    ) {
        let replacement = ReplacementTemplate(replacement, groupNames: groupNames)
        var copied = 0
        var goesOn = true
        forEachMatch(in: text, limit: limit, groups: replacement.usesGroups ? nil : 0, meter) { slots in
            goesOn = write(.text(copied..<Int(slots[0]))) && replacement.write(slots, write)
            copied = Int(slots[1])
            return goesOn
        }
        if goesOn { _ = write(.text(copied..<text.count)) }
    }

    /// Gives `body` a search over a text, which stays valid meanwhile.
    func withSearch<Result>(
        of text: UnsafeBufferPointer<UInt8>, groups: Int? = nil, _ meter: WorkMeter = WorkMeter(),
        _ body: (inout PatternSearch) -> Result
    ) -> Result {
        program.withView { view in
            let wanted = 2 * (min(groups ?? .max, groupNames.count - 1) + 1)
            var search = PatternSearch(view, text, slotCount: wanted, meter: meter)
            return body(&search)
        }
    }
}
