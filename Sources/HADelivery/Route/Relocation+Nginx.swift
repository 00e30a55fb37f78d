import HATemplate

// nginx: every `listen` becomes a socket that takes the PROXY protocol, every server a name of the one stand-in. Server
// blocks, locations and `if`s note themselves in a variable, and the log tells it.
extension Relocation {
    /// The moved configuration for nginx.
    static func nginx(_ text: ConfigurationText, included: @escaping (String) -> [[UInt8]]) -> Relocation {
        var tree = NginxTree(included: included)
        let nodes = tree.nodes(of: text)
        var mover = NginxMover(Relocation(of: text), nodes)
        for line in tree.deep {
            mover.result.note("blocks nested so deep are left out, and so is the code in other languages", at: line)
        }
        mover.move(nodes)
        return mover.result
    }

    /// The file of the log.
    static let nginxLog = "haproxy-gen-route.log"
}

/// A configuration of nginx with its includes in place.
struct NginxTree {
    /// A directive or block.
    struct Node {
        /// As nginx reads them, and as they stand in the text.
        var words: [String]
        var raw: [String]
        /// The 1-based line of the output, and the statement there: of an included file those of the `include`.
        var line: Int
        var statement: Int
        var isBlock: Bool
        var inner: [Node] = []

        var keyword: String { words.first ?? "" }
        var argument: String { words.count > 1 ? words[1] : "" }
    }

    let included: (String) -> [[UInt8]]
    /// Lines of blocks that were not taken over.
    private(set) var deep: [Int] = []
    private var bytesLeft = 16 << 20

    private static let maximumDepth = 40

    init(included: @escaping (String) -> [[UInt8]]) {
        self.included = included
    }

    mutating func nodes(of text: ConfigurationText) -> [Node] { nodes(text, at: nil, depth: 0) }

    private mutating func nodes(
        _ text: ConfigurationText, at place: (line: Int, statement: Int)?, depth: Int
    ) -> [Node] {
        var blocks: [Int: [Int]] = [:]
        for (index, statement) in text.statements.enumerated() {
            blocks[statement.parent ?? -1, default: []].append(index)
        }
        return nodes(-1, text, blocks, at: place, depth: depth)
    }

    private mutating func nodes(
        _ block: Int, _ text: ConfigurationText, _ blocks: [Int: [Int]], at place: (line: Int, statement: Int)?,
        depth: Int
    ) -> [Node] {
        var nodes: [Node] = []
        for index in blocks[block] ?? [] {
            let statement = text.statements[index]
            let (line, number) = place ?? (statement.line, index)
            if statement.isOpening, depth >= Self.maximumDepth || NginxGrammar.isForeignBlock(statement.keyword) {
                deep.append(line)
                continue
            }
            if statement.keyword == "include", depth < Self.maximumDepth, let pattern = statement.arguments.first {
                let files = included(pattern.text)
                for bytes in files where bytes.count <= bytesLeft {
                    bytesLeft -= bytes.count
                    let inner = ConfigurationText(bytes, dialect: .nginx)
                    nodes += self.nodes(inner, at: (line, number), depth: depth + 1)
                }
                if !files.isEmpty || pattern.text.contains(where: { "*?[".contains($0) }) { continue }
            }
            var node = Node(
                words: statement.words.map(\.text), raw: statement.words.map { text.text($0.range) }, line: line,
                statement: number, isBlock: statement.isOpening)
            if statement.isOpening { node.inner = self.nodes(index, text, blocks, at: place, depth: depth + 1) }
            nodes.append(node)
        }
        return nodes
    }
}
