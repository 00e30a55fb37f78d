/// A template that has been read, checked for syntax and compiled: ready to render any number of documents.
public struct Template: Sendable {
    let program: Program

    /// What a template begins and ends its actions with.
    public struct Delimiters: Sendable, Equatable {
        public var left: String
        public var right: String

        public init(left: String = "{{", right: String = "}}") {
            self.left = left
            self.right = right
        }
    }

    /// Reads a template in the language of Go's text/template.
    ///
    /// - Parameters:
    ///   - file: the template's text; its name stands in diagnostics.
    ///   - name: what `{{template}}` would call the text outside every `define`.
    /// - Throws: every mistake found.
    public static func parse(
        _ file: SourceFile, name: String = "", delimiters: Delimiters = Delimiters()
    ) throws(Diagnostics) -> Template {
        let library = FunctionLibrary.standard
        let name = Array(name.utf8)
        let left = delimiters.left.isEmpty ? "{{" : delimiters.left
        let right = delimiters.right.isEmpty ? "}}" : delimiters.right
        let tree = try Parser.parse(
            file, name: name, delimiters: .init(left: Array(left.utf8), right: Array(right.utf8)),
            isFunction: { library[$0] != nil || library.isNamespace($0) })
        return Template(program: Compiler.compile(tree, main: name, library: library))
    }

    /// Renders a document's root value and appends the text to `output`.
    ///
    /// Throws the first failure, with its place in the template and the template calls that led there; what was
    /// rendered until then stays in `output`.
    public func render(
        _ document: Document, options: RenderOptions = RenderOptions(), into output: inout ByteBuffer
    ) throws(Diagnostic) {
        try Memory.with(constants: program.constants, document: document) { (memory) throws(Diagnostic) in
            var machine = Machine(
                program: program, library: .standard, memory: memory, options: options)
            swap(&machine.output, &output)
            defer { swap(&machine.output, &output) }
            try machine.run(root: document.root)
        }
    }
}
