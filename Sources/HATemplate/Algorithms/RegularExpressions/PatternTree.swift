/// The syntax tree of a regular expression. Nodes name each other by index and know what is needed of the nodes below
/// them, so that nothing walks the tree by recursion.
struct PatternTree {
    struct NodeIndex: Hashable {
        fileprivate let index: Int32
    }

    enum Node {
        case empty
        /// A range of `scalars`, one after another.
        case literal(Range<Int>, ignoresCase: Bool)
        /// One of `sets`.
        case set(Int)
        case assertion(PatternProgram.Assertion)
        /// The group's number, from 1.
        case capture(NodeIndex, group: Int)
        case repetition(NodeIndex, Repetition, isGreedy: Bool)
        case concatenation([NodeIndex])
        case alternation([NodeIndex])
    }

    enum Repetition: Equatable {
        case optional, star, plus
        /// `maximum` is nil where there is none.
        case counted(minimum: Int, maximum: Int?)
    }

    /// What is known of a node. Go: parse.go, calcHeight, calcSize, repeatIsValid; compile.go, frag.nullable.
    private struct Facts {
        var height = 1
        /// Instructions that it will take, about.
        var size = 1
        var canBeEmpty = false
        /// The greatest product of counts along one path down.
        var copies = 1
    }

    /// Go: maxHeight, maxSize.
    static let maximumHeight = 1000
    static let maximumSize = (128 << 20) / 40
    static let maximumCopies = 1000
    private static let maximumRanges = 1 << 21

    private var nodes: [Node] = []
    private var facts: [Facts] = []
    private(set) var scalars: [UInt32] = []
    private(set) var sets: [ScalarSet] = []
    private var setIndices: [ScalarSet: Int] = [:]
    private var rangeCount = 0
    /// From group 0.
    var groupNames: [[UInt8]] = [[]]
    var root = NodeIndex(index: 0)

    subscript(index: NodeIndex) -> Node { nodes[Int(index.index)] }

    func canBeEmpty(_ index: NodeIndex) -> Bool { facts[Int(index.index)].canBeEmpty }
    func copies(of index: NodeIndex) -> Int { facts[Int(index.index)].copies }

    /// Why a node is more than a pattern may have, if it is.
    func excess(of index: NodeIndex) -> RegularExpression.Mistake.Reason? {
        let facts = facts[Int(index.index)]
        if facts.size > Self.maximumSize || rangeCount > Self.maximumRanges { return .tooLarge }
        return facts.height > Self.maximumHeight ? .tooDeep : nil
    }

    mutating func addScalar(_ scalar: UInt32, ignoresCase: Bool) -> NodeIndex {
        scalars.append(scalar)
        return add(.literal((scalars.count - 1)..<scalars.count, ignoresCase: ignoresCase))
    }

    /// A character class; one that has a single scalar is a literal.
    mutating func add(_ set: ScalarSet) -> NodeIndex {
        if set.ranges.count == 1, let range = set.ranges.first, range.count == 1 {
            return addScalar(range.lowerBound, ignoresCase: false)
        }
        if let known = setIndices[set] { return add(.set(known)) }
        setIndices[set] = sets.count
        sets.append(set)
        rangeCount += set.ranges.count
        return add(.set(sets.count - 1))
    }

    mutating func add(_ node: Node) -> NodeIndex {
        facts.append(makeFacts(node))
        nodes.append(node)
        return NodeIndex(index: Int32(truncatingIfNeeded: nodes.count - 1))
    }

    /// What matches one scalar, as a set; nil for any other node.
    func singleScalars(_ index: NodeIndex) -> ScalarSet? {
        switch self[index] {
        case .set(let set): return sets[set]
        case .literal(let range, let ignoresCase) where range.count == 1:
            let scalar = scalars[range.lowerBound]
            let set = ScalarSet([scalar...scalar])
            return ignoresCase ? set.folded : set
        default: return nil
        }
    }

    /// Nodes one after another; literals that follow each other become one.
    mutating func addConcatenation(_ parts: [NodeIndex]) -> NodeIndex {
        var joined: [NodeIndex] = []
        var index = 0
        while index < parts.count {
            var part = parts[index]
            index += 1
            if case .literal(var range, let ignoresCase) = self[part] {
                let first = range
                while index < parts.count, case .literal(let next, ignoresCase) = self[parts[index]],
                    next.lowerBound == range.upperBound
                {
                    range = range.lowerBound..<next.upperBound
                    index += 1
                }
                if range != first { part = add(.literal(range, ignoresCase: ignoresCase)) }
            }
            joined.append(part)
        }
        guard joined.count != 1 else { return joined[0] }
        return add(joined.isEmpty ? .empty : .concatenation(joined))
    }

    private func makeFacts(_ node: Node) -> Facts {
        var result = Facts()
        switch node {
        case .empty, .assertion: result.canBeEmpty = true
        case .literal(let range, _): result.size = range.count
        case .set: break
        case .capture(let inner, _):
            result = facts[Int(inner.index)]
            result.height += 1
            result.size += 2
        case .repetition(let inner, let repetition, _):
            result = facts[Int(inner.index)]
            result.height += 1
            switch repetition {
            case .optional: (result.size, result.canBeEmpty) = (result.size + 1, true)
            case .star: (result.size, result.canBeEmpty) = (result.size + 2, true)
            case .plus: result.size += 1
            case .counted(let minimum, let maximum): count(minimum, maximum, &result)
            }
        case .concatenation(let parts):
            result.canBeEmpty = parts.allSatisfy { canBeEmpty($0) }
            result.size = 0
            for part in parts { add(facts[Int(part.index)], isFlat: isConcatenation(part), to: &result) }
        case .alternation(let parts):
            result.canBeEmpty = parts.contains { canBeEmpty($0) }
            result.size = parts.count - 1
            for part in parts { add(facts[Int(part.index)], isFlat: isAlternation(part), to: &result) }
        }
        result.size = min(max(result.size, 1), Self.maximumSize + 1)
        return result
    }

    private func count(_ minimum: Int, _ maximum: Int?, _ facts: inout Facts) {
        facts.canBeEmpty = facts.canBeEmpty || minimum == 0
        facts.copies = maximum == 0 ? 1 : max(maximum ?? minimum, 1) * facts.copies
        if let maximum {
            facts.size = maximum * facts.size + maximum - minimum
        } else {
            facts.size = minimum == 0 ? facts.size + 2 : minimum * facts.size + 1
        }
    }

    /// - Parameter isFlat: whether the part is of the same kind, so that it does not count as a level.
    private func add(_ part: Facts, isFlat: Bool, to facts: inout Facts) {
        facts.height = max(facts.height, part.height + (isFlat ? 0 : 1))
        facts.size += part.size
        facts.copies = max(facts.copies, part.copies)
    }

    private func isConcatenation(_ index: NodeIndex) -> Bool {
        if case .concatenation = self[index] { true } else { false }
    }

    private func isAlternation(_ index: NodeIndex) -> Bool {
        if case .alternation = self[index] { true } else { false }
    }
}
