/// Which node of a `SyntaxTree`.
struct NodeID: Hashable, Sendable {
    let index: Int32
}

/// A node of a template's syntax tree. Nodes name each other by index, so that a tree of any depth is built, walked
/// and freed without recursion. Go: text/template/parse/node.go.
enum Node: Sendable {
    /// Text to copy: its range in the source, after trimming.
    case text(SourceRange)
    /// `{{ pipeline }}`
    case action(NodeID)
    case `if`(Branches)
    case with(Branches)
    case range(Branches)
    /// `{{template "name" pipeline}}`, also what `block` leaves in place.
    case template(name: [UInt8], nameRange: SourceRange, argument: NodeID?)
    case `break`, `continue`
    case list([NodeID])

    case pipeline(Pipeline)
    /// Operands of one stage; the first decides what it is.
    case command([NodeID])

    case dot, `nil`
    case bool(Bool)
    case number(NumberLiteral)
    case string([UInt8])
    /// `.A.B`
    case field([String])
    /// `$x.A.B`; the name with its dollar.
    case variable(String, fields: [String])
    /// `(pipeline).A.B` or `function.A.B`
    case chain(NodeID, fields: [String])
    /// A function's name.
    case identifier(String)

    /// The parts of `if`, `with` and `range`.
    struct Branches: Sendable {
        var pipeline: NodeID
        var body: NodeID
        var elseBody: NodeID?
    }

    struct Pipeline: Sendable {
        var declarations: [Declaration] = []
        /// `=` instead of `:=`
        var isAssignment = false
        var commands: [NodeID] = []
    }

    struct Declaration: Sendable {
        var name: String
        var range: SourceRange
    }
}

/// The templates of one file: its nodes, and where each named template begins.
struct SyntaxTree: Sendable {
    struct Definition: Sendable {
        var name: [UInt8]
        var nameRange: SourceRange
        var body: NodeID
    }

    let file: SourceFile
    private(set) var nodes: [Node] = []
    private(set) var ranges: [SourceRange] = []
    /// In the order of their first definition; the file's own text is the one named after the file.
    private(set) var definitions: [Definition] = []
    private var definitionNumbers: [[UInt8]: Int] = [:]
    var comments: [SourceRange] = []

    init(file: SourceFile) {
        self.file = file
    }

    subscript(id: NodeID) -> Node {
        get { nodes[Int(id.index)] }
        set { nodes[Int(id.index)] = newValue }
    }

    func range(of id: NodeID) -> SourceRange {
        ranges[Int(id.index)]
    }

    mutating func add(_ node: Node, _ range: SourceRange) -> NodeID {
        nodes.append(node)
        ranges.append(range)
        return NodeID(index: Int32(truncatingIfNeeded: nodes.count - 1))
    }

    mutating func setRange(of id: NodeID, _ range: SourceRange) {
        ranges[Int(id.index)] = range
    }

    func definition(named name: [UInt8]) -> Definition? {
        definitionNumbers[name].map { definitions[$0] }
    }

    /// Adds a definition; one of the same name gives its place to it.
    mutating func define(_ definition: Definition) {
        if let number = definitionNumbers[definition.name] {
            definitions[number] = definition
        } else {
            definitionNumbers[definition.name] = definitions.count
            definitions.append(definition)
        }
    }
}
