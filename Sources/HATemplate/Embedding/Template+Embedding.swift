/// What a render gives beside its text.
public struct RenderResult: Sendable {
    /// The output's bytes: a template may print text that is no UTF-8.
    public let bytes: [UInt8]
    /// What the template warned of.
    public let warnings: [Diagnostic]
    /// Which template and which value made each part of the output.
    public let sourceMap: SourceMap

    /// The output, with U+FFFD for bytes that are no UTF-8.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// A template is read once and rendered as often as wanted, also by several threads at a time:
///
/// ```swift
/// let template = try Template("{{ range .hosts }}server {{ .name }} {{ .address }}\n{{ end }}")
/// let text = try template.render(Pool(hosts: [Host(name: "a", address: "10.0.0.1:80")]))
/// ```
extension Template {
    /// Reads a template in the language of Go's text/template.
    ///
    /// In a dialect, values from data stay inside the arguments where the template puts them; in `plain` nothing is quoted
    /// or refused:
    ///
    /// ```swift
    /// let backend = try Template("backend {{ .name }}\n", named: "edge.cfg.tmpl", dialect: .haproxy)
    /// ```
    ///
    /// - Parameters:
    ///   - text: the template.
    ///   - name: stands in diagnostics.
    ///   - includes: further files, whose definitions `template` and `partial` find.
    ///   - functions: functions of the program's own.
    /// - Throws: every mistake found, each with its place.
    public init(
        _ text: String, named name: String = "template", includes: [Include] = [],
        delimiters: Delimiters = Delimiters(), dialect: Dialect = .plain, functions: [TemplateFunction] = []
    ) throws(Diagnostics) {
        self = try Template.parse(
            SourceFile(name: name, text: text), includes: includes, delimiters: delimiters, dialect: dialect,
            functions: functions)
    }

    /// Renders any value that can be encoded; its properties have the names of its coding keys.
    ///
    /// Throws a `Diagnostic` with the place of the first failure, or an `EncodingError`.
    public func render(_ value: some Encodable, options: RenderOptions = RenderOptions()) throws -> String {
        try text(of: Document.encoded(value), options)
    }

    /// Renders a JSON value:
    ///
    /// ```swift
    /// let greeting = try Template("hello {{ .name }}").render(json: #"{"name": "world"}"#.utf8)
    /// ```
    ///
    /// Throws a `Diagnostic` with the place of the first failure, or the `Diagnostics` of the JSON text.
    public func render(json bytes: some Sequence<UInt8>, options: RenderOptions = RenderOptions()) throws -> String {
        try text(of: Document.json(name: "data", bytes: Array(bytes)), options)
    }

    /// Renders, and says what was warned of and where each part of the output comes from:
    ///
    /// ```swift
    /// let result = try Template(#"{{ warnf "no port" }}port {{ . }}"#).result(of: 80)
    /// ```
    public func result(of value: some Encodable, options: RenderOptions = RenderOptions()) throws -> RenderResult {
        try result(Document.encoded(value), options)
    }

    /// As above, of a JSON value; `name` stands in the source map's places.
    public func result(
        ofJSON bytes: some Sequence<UInt8>, named name: String = "data", options: RenderOptions = RenderOptions()
    ) throws -> RenderResult {
        try result(Document.json(name: name, bytes: Array(bytes)), options)
    }

    private func text(of document: Document, _ options: RenderOptions) throws(Diagnostic) -> String {
        var output = ByteBuffer()
        try render(document, options: options, into: &output)
        return output.withElements { String(decoding: $0, as: UTF8.self) }
    }

    private func result(_ document: Document, _ options: RenderOptions) throws(Diagnostic) -> RenderResult {
        var output = ByteBuffer()
        var warnings: [Diagnostic] = []
        let map = try renderWithSourceMap(document, options: options, into: &output, warnings: &warnings)
        return RenderResult(bytes: output.array, warnings: warnings, sourceMap: map)
    }
}
