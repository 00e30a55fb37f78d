/// A template that has been read, checked for syntax and compiled: ready to render any number of documents.
public struct Template: Sendable {
    let program: Program
    /// What the checker looks at.
    let templates: TemplateSet
    let library: FunctionLibrary
    /// Every place where a template calls `raw`, in the order of the files.
    package let rawUses: [SourceLocation]
    /// What is probably not meant, as far as the template's text alone shows it; `check(against:)` finds this and more.
    public let warnings: [Diagnostic]
    /// The codes that comments `haproxy-gen:ignore CODE` of the template name, for a program that reports codes of its own
    /// about what the template makes.
    public let ignoredCodes: Set<DiagnosticCode>

    /// What a template begins and ends its actions with.
    public struct Delimiters: Sendable, Equatable {
        public var left: String
        public var right: String

        public init(left: String = "{{", right: String = "}}") {
            self.left = left
            self.right = right
        }

        /// As the lexer wants them; an empty one means the usual one.
        var bytes: Lexer.Delimiters {
            var delimiters = Lexer.Delimiters()
            if !left.isEmpty { delimiters.left = Array(left.utf8) }
            if !right.isEmpty { delimiters.right = Array(right.utf8) }
            return delimiters
        }
    }

    /// A file whose templates the main file may use.
    public struct Include: Sendable {
        /// What `partial` and `{{template}}` call the file's own text, the usual name first.
        public var names: [String]
        public var file: SourceFile

        public init(names: [String], file: SourceFile) {
            self.names = names
            self.file = file
        }

        /// A file under its path below the folder of includes, and under that path without the template's ending.
        public init(path: String, file: SourceFile) {
            let ending = [".tmpl", ".tpl", ".html"].first { path.hasSuffix($0) && path.utf8.count > $0.utf8.count }
            self.init(names: [path] + (ending.map { [String(path.dropLast($0.count))] } ?? []), file: file)
        }
    }

    /// A name that stands in no template: a NUL is no character of one.
    public static let unnamed = "\u{0}"

    /// Bytes that a file and its includes may have together: a template takes some hundred times its size in memory.
    public static let maximumSize = 16 << 20

    /// Reads a template in the language of Go's text/template.
    ///
    /// - Parameters:
    ///   - file: the template's text; its name stands in diagnostics.
    ///   - name: what `{{template}}` would call the text outside every `define`; without it no template can.
    ///   - includes: further files, whose definitions give way to those of `file`.
    ///   - dialect: what the output is; in another than `plain`, values from data stay inside their arguments.
    /// - Throws: every mistake found.
    public static func parse(
        _ file: SourceFile, name: String = unnamed, includes: [Include] = [], delimiters: Delimiters = Delimiters(),
        dialect: Dialect = .plain, functions: [TemplateFunction] = []
    ) throws(Diagnostics) -> Template {
        let library = functions.isEmpty ? FunctionLibrary.standard : FunctionLibrary(functions)
        try checkSize([file] + includes.map(\.file))
        var mistakes: [Diagnostic] = []
        let parse = { (file: SourceFile, name: [UInt8]) -> SyntaxTree? in
            do throws(Diagnostics) {
                return try Parser.parse(file, name: name, delimiters: delimiters.bytes, library: library)
            } catch {
                mistakes += error.items
                return nil
            }
        }
        let name = Array(name.utf8)
        let main = parse(file, name)
        var trees: [(names: [[UInt8]], tree: SyntaxTree)] = []
        for include in includes {
            let names = include.names.map { Array($0.utf8) }
            if let tree = parse(include.file, names.first ?? []) { trees.append((names, tree)) }
        }
        guard let main, mistakes.isEmpty else { throw Diagnostics(mistakes) }
        let set = try TemplateSet(main: main, name: name, includes: trees)
        let analysis = dialect.isGuarded ? try ContextAnalysis.run(set, dialect, library: library) : nil
        let program = try Compiler.compile(set, library: library, analysis: analysis)
        let rawUses = set.uses(of: "raw", library: library).map { use in
            SourceLocation(set.units[use.unit].tree.file, use.range)
        }
        return Template(
            program: program, templates: set, library: library, rawUses: rawUses, warnings: warnings(of: set, library),
            ignoredCodes: IgnoreComments(set).codes)
    }

    private static func warnings(of set: TemplateSet, _ library: FunctionLibrary) -> [Diagnostic] {
        let found = ArgumentOrder(library).findings(set)
        guard !found.isEmpty else { return [] }
        var ignores = IgnoreComments(set)
        return ignores.unsilenced(found).map(\.diagnostic)
    }

    private static func checkSize(_ files: [SourceFile]) throws(Diagnostics) {
        var size = 0
        for file in files {
            size += file.count
            guard size <= maximumSize else {
                throw Diagnostics([
                    Diagnostic(
                        .inputTooLarge, "with this file the template and its includes have more than 16 MiB",
                        at: SourceLocation(file, SourceRange(at: 0)))
                ])
            }
        }
    }

    /// Renders a document's root value and appends the text to `output`.
    ///
    /// Throws the first failure, with its place in the template and the template calls that led there; what was
    /// rendered until then stays in `output`.
    package func render(
        _ document: Document, options: RenderOptions = RenderOptions(), into output: inout ByteBuffer
    ) throws(Diagnostic) {
        var warnings: [Diagnostic] = []
        try render(document, options: options, into: &output, warnings: &warnings)
    }

    /// As above, and appends what the template warned of (`warnf`) to `warnings`, also when it fails.
    package func render(
        _ document: Document, options: RenderOptions = RenderOptions(), into output: inout ByteBuffer,
        warnings: inout [Diagnostic]
    ) throws(Diagnostic) {
        var recorder = NoRecorder()
        try render(document, options: options, into: &output, warnings: &warnings, recorder: &recorder)
    }

    /// Renders as `render` does, into an empty buffer, and says where every byte comes from.
    package func renderWithSourceMap(
        _ document: Document, options: RenderOptions = RenderOptions(), into output: inout ByteBuffer
    ) throws(Diagnostic) -> SourceMap {
        var warnings: [Diagnostic] = []
        return try renderWithSourceMap(document, options: options, into: &output, warnings: &warnings)
    }

    /// As above, and appends what the template warned of to `warnings`, also when it fails.
    package func renderWithSourceMap(
        _ document: Document, options: RenderOptions = RenderOptions(), into output: inout ByteBuffer,
        warnings: inout [Diagnostic]
    ) throws(Diagnostic) -> SourceMap {
        output = ByteBuffer(capacity: 1 << 12)
        var recorder = SegmentRecorder()
        try render(document, options: options, into: &output, warnings: &warnings, recorder: &recorder)
        let places = DataPlaces(document, parameters: options.parameters)
        return SourceMap(recorder, program: program, places: places, outputCount: output.count)
    }

    private func render(
        _ document: Document, options: RenderOptions, into output: inout ByteBuffer, warnings: inout [Diagnostic],
        recorder: inout some OutputRecorder & ~Copyable
    ) throws(Diagnostic) {
        try Memory.with(
            constants: program.constants, document: document, tracksTrust: program.dialect.isGuarded,
            limits: options.limits, meter: WorkMeter(limits: options.limits, clock: options.processorClock)
        ) { (memory) throws(Diagnostic) in
            var machine = Machine(
                program: program, document: document, library: library, memory: memory, options: options)
            swap(&machine.output, &output)
            defer {
                swap(&machine.output, &output)
                warnings += machine.warnings
            }
            let start = machine.output.count
            try machine.run(root: document.root, recorder: &recorder)
            try machine.checkStructure(from: start)
        }
    }
}
