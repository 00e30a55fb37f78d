/// The templates of a check, each with the types of dot that it is called with.
struct InstanceTable {
    struct Template {
        let unit: Int
        let definition: SyntaxTree.Definition
    }

    /// The place of a call.
    struct Caller {
        let unit: Int
        let range: SourceRange
        /// Whether it hands on a value.
        let givesDot: Bool
    }

    /// What calling a template gives.
    struct Result {
        /// By `return`.
        var returned = StaticType.never
        var reachesEnd = true
        var isKnown = false
    }

    /// A template with a type of dot.
    struct Instance {
        let template: Int
        let dot: TypeID
        /// Whether a `return` in it has a partial to end.
        let isPartial: Bool
        /// The first call of it.
        let caller: Caller?
        var result = Result()
        var changes = 0
        var findings: [Findings.Pending] = []
        var callers: Set<Int> = []
        /// Whether a caller needs what it gives.
        var isAsked = false
        var loopTypes: [Int32: [Int: StaticType]] = [:]
    }

    private struct Key: Hashable {
        let template: Int
        let dot: TypeID
        let isPartial: Bool
    }

    /// Types of dot after which a template is looked at with any dot.
    private static let maximumCount = 32

    var templates: [Template] = []
    var all: [Instance] = []
    private var indices: [Key: Int] = [:]
    private var counts: [Int: Int] = [:]
    private var waiting: [Int] = []
    private var firstWaiting = 0
    private var isWaiting: Set<Int> = []

    func isVisited(_ template: Int) -> Bool { counts[template] != nil }

    /// The instance for a call; a new one waits to be looked at.
    mutating func find(
        _ template: Int, dot: TypeID, isPartial: Bool, caller: Caller?
    ) -> Int {
        var key = Key(template: template, dot: dot, isPartial: isPartial)
        if let known = indices[key] { return known }
        if counts[template, default: 0] >= Self.maximumCount {
            key = Key(template: template, dot: .unknown, isPartial: isPartial)
            if let known = indices[key] { return known }
        }
        let index = all.count
        all.append(Instance(template: template, dot: key.dot, isPartial: isPartial, caller: caller))
        indices[key] = index
        counts[template, default: 0] += 1
        wait(index)
        return index
    }

    private mutating func wait(_ index: Int) {
        if isWaiting.insert(index).inserted { waiting.append(index) }
    }

    mutating func nextWaiting() -> Int? {
        guard firstWaiting < waiting.count else { return nil }
        let next = waiting[firstWaiting]
        firstWaiting += 1
        isWaiting.remove(next)
        return next
    }

    mutating func wakeCallers(of index: Int) {
        for caller in all[index].callers.sorted() { wait(caller) }
    }
}
