/// A compiled template: flat code over slots and pools. Immutable, so that renders can share it.
struct Program: Sendable {
    /// A template of the program.
    struct Entry: Sendable {
        let name: [UInt8]
        /// Its code: from `start` to before `end`.
        let start: Int32
        var end: Int32 = 0
        /// Slots that a call of it needs. The first holds `$`, the second the dot.
        var frameSize: Int32 = 2
        /// Which of `files` it was written in.
        let file: Int
    }

    var code: [Instruction] = []
    /// Where in its file each instruction comes from.
    var positions: [SourceRange] = []
    /// Where the arguments of the calls stand, by the index of the call.
    var argumentPositions: [Int32: [SourceRange]] = [:]
    /// Bytes of literal text and of string constants.
    var constants: [UInt8] = []
    var values: [Value] = []
    /// Names of members, which a render resolves to slots of the shapes of its document.
    var names: [String] = []
    /// The same names as string values, for maps.
    var nameValues: [Value] = []
    var functions: [Function] = []
    /// The regular expressions that stand as constants where a function takes one.
    var patterns: [[UInt8]: RegularExpression] = [:]
    var failures: [DeferredFailure] = []
    /// What loops read of their elements.
    var elementFields: [ElementFields] = []
    var entries: [Entry] = []
    var templates = TemplateIndex()
    var dialect = Dialect.plain
    /// Where values are written, by the dialect.
    var safety = SafetyTable()
    var files: [SourceFile] = []
    /// The template that a render begins with.
    var main = 0

    /// The template that an instruction belongs to.
    func entry(at pc: Int) -> Entry? {
        entries.first { Int($0.start) <= pc && pc < Int($0.end) }
    }

    /// The place of one argument (from 1) of the call at `pc`; of a piped argument the place of the call.
    func location(ofArgument argument: Int, at pc: Int) -> SourceLocation? {
        let positions = argumentPositions[Int32(truncatingIfNeeded: pc)] ?? []
        guard positions.indices.contains(argument - 1), let entry = entry(at: pc) else { return location(at: pc) }
        return SourceLocation(files[entry.file], positions[argument - 1])
    }

    /// The place in the source that an instruction comes from.
    func location(at pc: Int) -> SourceLocation? {
        guard positions.indices.contains(pc), let entry = entry(at: pc) else { return nil }
        return SourceLocation(files[entry.file], positions[pc])
    }
}
