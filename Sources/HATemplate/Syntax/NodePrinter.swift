/// Writes a syntax tree as template text again, in Go's normal form: one space between operands, no trim markers, no
/// comments. Go: parse/node.go, the String methods.
struct NodePrinter {
    private enum Piece {
        case node(NodeID)
        case text(String)
    }

    private let tree: SyntaxTree
    /// What is left to write, the next piece last; so nesting costs memory and not the thread's stack.
    private var pieces: [Piece] = []
    private var result = ""

    private init(_ tree: SyntaxTree) {
        self.tree = tree
    }

    static func text(of node: NodeID, in tree: SyntaxTree) -> String {
        var printer = NodePrinter(tree)
        printer.pieces = [.node(node)]
        while let piece = printer.pieces.popLast() {
            switch piece {
            case .text(let text): printer.result += text
            case .node(let id): printer.write(id)
            }
        }
        return printer.result
    }

    private mutating func schedule(_ sequence: [Piece]) {
        pieces.append(contentsOf: sequence.reversed())
    }

    private mutating func write(_ id: NodeID) {
        switch tree[id] {
        case .text(let range): result += tree.file.text(of: range)
        case .action(let pipeline): schedule([.text("{{"), .node(pipeline), .text("}}")])
        case .if(let branches): schedule(block("if", branches))
        case .with(let branches): schedule(block("with", branches))
        case .range(let branches): schedule(block("range", branches))
        case .template(let name, _, let argument):
            let start = Piece.text("{{template " + quoted(name))
            schedule(argument.map { [start, .text(" "), .node($0), .text("}}")] } ?? [start, .text("}}")])
        case .break: result += "{{break}}"
        case .continue: result += "{{continue}}"
        case .list(let nodes): schedule(nodes.map { .node($0) })
        case .pipeline(let pipeline): schedule(pieces(of: pipeline))
        case .command(let operands): schedule(separated(operands.map(operand), by: " "))
        case .chain(let base, let fields): schedule(operand(base) + [.text(fields.map { "." + $0 }.joined())])
        case .dot: result += "."
        case .nil: result += "nil"
        case .bool(let value): result += value ? "true" : "false"
        case .number, .identifier: result += tree.file.text(of: tree.range(of: id))
        case .string(let bytes): result += quoted(bytes)
        case .field(let names): result += names.map { "." + $0 }.joined()
        case .variable(let name, let fields): result += ([name] + fields).joined(separator: ".")
        }
    }

    private func block(_ keyword: String, _ branches: Node.Branches) -> [Piece] {
        var sequence: [Piece] = [.text("{{\(keyword) "), .node(branches.pipeline), .text("}}"), .node(branches.body)]
        if let elseBody = branches.elseBody { sequence += [.text("{{else}}"), .node(elseBody)] }
        return sequence + [.text("{{end}}")]
    }

    private func pieces(of pipeline: Node.Pipeline) -> [Piece] {
        var sequence: [Piece] = []
        if !pipeline.declarations.isEmpty {
            let names = pipeline.declarations.map(\.name).joined(separator: ", ")
            sequence.append(.text(names + (pipeline.isAssignment ? " = " : " := ")))
        }
        return sequence + separated(pipeline.commands.map { [.node($0)] }, by: " | ")
    }

    /// A pipeline as an operand stands in parentheses.
    private func operand(_ id: NodeID) -> [Piece] {
        if case .pipeline = tree[id] { return [.text("("), .node(id), .text(")")] }
        return [.node(id)]
    }

    private func separated(_ items: [[Piece]], by separator: String) -> [Piece] {
        Array(items.joined(separator: [.text(separator)]))
    }

    private func quoted(_ bytes: [UInt8]) -> String {
        var buffer = ByteBuffer()
        bytes.withUnsafeBufferPointer { Formatter.appendQuoted($0, into: &buffer) }
        return buffer.withElements { String(decoding: $0, as: UTF8.self) }
    }
}
