/// What a map answers for a key that it does not have. Go: the option `missingkey`.
public enum MissingKey: String, Sendable, CaseIterable {
    /// A mistake that stops the render; the default, since `<no value>` in a proxy configuration is a fault.
    case error
    /// The zero value, which for data of any type is nil.
    case zero
    /// No value, which prints as `<no value>`.
    case `default`
}

/// Bounds that a render must keep, so that no template can take the machine down.
public struct RenderLimits: Sendable {
    /// Turns of loops and calls of templates, together.
    public var steps = 100_000_000
    /// Templates that have called each other and not returned.
    public var depth = 100_000
    /// Bytes of output.
    public var outputBytes = 1 << 30
    /// Bytes of values made on the way that are held at a time, beside 16 for each byte of the data and of the output
    /// so far.
    public var scratchBytes = 128 << 20
    /// Units of work, of about a nanosecond each: bytes and elements that functions touch, turns of loops, calls. The
    /// count depends on template and data alone.
    public var work = 60_000_000_000
    /// Nanoseconds of processor time; they count where the options have a clock.
    public var processorTime: Int64 = 10_000_000_000

    /// Bytes of values for each byte of data and output.
    static let scratchRatio = 16

    public init() {}

    /// Bytes that the text of one list or map may have: what is printed or made of more is refused in any case.
    var textBytes: Int { min(max(outputBytes, scratchBytes), ResultLimit.bytes) }
}

/// How a template is rendered.
public struct RenderOptions: Sendable {
    public var missingKey = MissingKey.error
    public var limits = RenderLimits()
    /// A document whose root is the map that `param` looks into.
    public var parameters = Document.empty
    /// What `now` answers, in nanoseconds since 1970 UTC; nil: the template must do without. The library has no clock,
    /// so that a result depends on nothing that is not given.
    public var now: Int64?
    /// Files and variables that the template may read; nothing unless given.
    public var environment = RenderEnvironment()
    /// Nanoseconds of processor time that the process has used, for the limit on them; nil: work alone is limited.
    public var processorClock: (@Sendable () -> Int64)?

    public init(
        missingKey: MissingKey = .error, limits: RenderLimits = RenderLimits(), parameters: Document = .empty,
        now: Int64? = nil, environment: RenderEnvironment = RenderEnvironment()
    ) {
        self.missingKey = missingKey
        self.limits = limits
        self.parameters = parameters
        self.now = now
        self.environment = environment
    }
}
