/// What a template is checked against: the type of the value that it gets.
public struct CheckSubject: Sendable {
    enum Source: Sendable {
        case unknown
        case type(DataType)
        case document(Document)
        case schema(Schema)
    }

    let source: Source

    /// Nothing is known of the data; what is wrong with any data is still found.
    public static let unknown = CheckSubject(source: .unknown)

    /// A declared type, such as the list of services.
    package static func type(_ type: DataType) -> CheckSubject {
        CheckSubject(source: .type(type))
    }

    /// What holds for the very data of a document.
    public static func document(_ document: Document) -> CheckSubject {
        CheckSubject(source: .document(document))
    }

    /// A JSON Schema: `type`, `properties`, `items`, `required`, `additionalProperties`, `enum`, `const`, `$ref` inside
    /// the file, and `oneOf`, `anyOf` and `allOf`; what else it says is not looked at.
    ///
    /// Throws what is wrong with the text, or `bad-schema`.
    public static func schema(_ file: SourceFile) throws(Diagnostics) -> CheckSubject {
        CheckSubject(source: .schema(try Schema(file)))
    }
}

/// What the checker takes for granted.
public struct CheckOptions: Sendable {
    /// What the render will answer for a key that a map does not have.
    public var missingKey: MissingKey
    /// What the template writes: it decides where a value must not be empty.
    public var dialect: Dialect
    /// The settings that `param` will answer; nil when they are not known.
    public var parameters: Document?
    /// The codes that the program reports itself about what a template makes.
    public var otherCodes = OtherCodes()

    /// Codes of diagnostics that are not the engine's.
    public struct OtherCodes: Sendable {
        /// Those that a comment may name without a warning that there is no such code.
        public var known: [DiagnosticCode]
        /// Those of them that the program leaves out where a comment names them: see `Template.ignoredCodes`.
        public var ignored: Set<DiagnosticCode>

        public init(known: [DiagnosticCode] = [], ignored: Set<DiagnosticCode> = []) {
            self.known = known
            self.ignored = ignored
        }
    }

    public init(missingKey: MissingKey = .error, dialect: Dialect = .plain, parameters: Document? = nil) {
        self.missingKey = missingKey
        self.dialect = dialect
        self.parameters = parameters
    }
}

extension Template {
    /// Finds what would fail while rendering, on every branch and without data, and what is probably not meant.
    ///
    /// A template without errors among the findings fails only for reasons that types cannot show: an index out of
    /// range, an unknown setting, a limit. What may fail for some data alone is a warning. Sorted by file and place;
    /// a comment `haproxy-gen:ignore CODE` silences the findings with that code on its line and on the next.
    public func check(against subject: CheckSubject, options: CheckOptions = CheckOptions()) -> [Diagnostic] {
        var checker = Checker(templates, library: library, options: options)
        return checker.check(against: subject)
    }
}
