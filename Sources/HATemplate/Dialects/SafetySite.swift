/// Where an action stands, for the machine: which bytes are harmless there, and where to look when one is not.
struct SafetySite: Sendable {
    /// What is asked of each value.
    struct Test: BitwiseCopyable, Sendable {
        /// Offset of the rule's 256 classes in `SafetyTable.classes`.
        let table: Int32
        /// Shorter values need a closer look.
        let shortest: Int32
        /// Whether letters, digits and `-._` are harmless, but for the first byte.
        let allowsWords: Bool
    }

    let test: Test
    let context: LexicalContext
    let following: Following
}

/// The sites of a program, each once, and their tables.
struct SafetyTable: Sendable {
    private(set) var sites: [SafetySite] = []
    private(set) var classes: [UInt8] = []
    private var siteIndices: [Key: Int32] = [:]
    private var tableOffsets: [SafetyRule: Int32] = [:]

    private struct Key: Hashable {
        let context: LexicalContext
        let following: Following
    }

    /// The tests of the sites, by their index.
    var tests: Buffer<SafetySite.Test> {
        var buffer = Buffer<SafetySite.Test>(capacity: sites.count)
        for site in sites { buffer.append(site.test) }
        return buffer
    }

    var classBuffer: Buffer<UInt8> {
        var buffer = Buffer<UInt8>(capacity: classes.count)
        buffer.append(classes)
        return buffer
    }

    mutating func index(_ context: LexicalContext, _ following: Following) -> Int32 {
        let key = Key(context: context, following: following)
        if let known = siteIndices[key] { return known }
        let rule = context.rule
        let offset = tableOffsets[rule] ?? Int32(truncatingIfNeeded: classes.count)
        if tableOffsets[rule] == nil {
            tableOffsets[rule] = offset
            classes += rule.table
        }
        let index = Int32(truncatingIfNeeded: sites.count)
        sites.append(
            SafetySite(
                test: .init(
                    table: offset, shortest: Int32(truncatingIfNeeded: rule.shortest), allowsWords: rule.allowsWords),
                context: context, following: following))
        siteIndices[key] = index
        return index
    }
}
