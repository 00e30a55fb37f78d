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
    let rule: SafetyRule
    /// The rule's 256 classes.
    let table: [UInt8]
    /// Whether the word that a value is or completes may mean something.
    var isWordPlace: Bool { rule.completesWord || context.isKeywordPlace || rule.mayMakeWord(with: following) }
    /// In a partial whose text goes on as a value: nothing is quoted yet, but its origin is remembered.
    let isCapture: Bool
}

/// The sites of a program, each once, and their tables.
struct SafetyTable: Sendable {
    private(set) var sites: [SafetySite] = []
    private(set) var classes: [UInt8] = []
    private var siteIndices: [Key: Int32] = [:]
    private var tables: [SafetyRule: (offset: Int32, classes: [UInt8])] = [:]
    private var captureIndex: Int32?

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
        let table = table(of: rule)
        // A word that may mean something is looked at as a whole.
        let isPlain = !context.isKeywordPlace && !rule.completesWord && !rule.mayMakeWord(with: following)
        let test = SafetySite.Test(
            table: table.offset, shortest: isPlain ? Int32(truncatingIfNeeded: rule.shortest) : .max,
            allowsWords: isPlain && rule.allowsWords)
        let index = append(
            SafetySite(
                test: test, context: context, following: following, rule: rule, table: table.classes, isCapture: false))
        siteIndices[key] = index
        return index
    }

    /// The site of every action of a partial whose text goes on as a value.
    mutating func indexOfCapture(_ dialect: Dialect) -> Int32 {
        if let captureIndex { return captureIndex }
        let context = LexicalContext(dialect)
        let table = table(of: context.rule)
        let index = append(
            SafetySite(
                test: .init(table: table.offset, shortest: .max, allowsWords: false), context: context,
                following: .unknown, rule: context.rule, table: table.classes, isCapture: true))
        captureIndex = index
        return index
    }

    private mutating func table(of rule: SafetyRule) -> (offset: Int32, classes: [UInt8]) {
        if let known = tables[rule] { return known }
        let table = (offset: Int32(truncatingIfNeeded: classes.count), classes: rule.table)
        classes += table.classes
        tables[rule] = table
        return table
    }

    private mutating func append(_ site: SafetySite) -> Int32 {
        sites.append(site)
        return Int32(truncatingIfNeeded: sites.count - 1)
    }
}
