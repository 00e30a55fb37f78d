import HATemplate

enum RenderFuzz {
    /// What a render came to.
    private struct Outcome: Equatable {
        var output: [UInt8] = []
        /// Code, message and place of the failure.
        var failure: String?
        var warnings: [String] = []
    }

    private static let options: RenderOptions = {
        var limits = RenderLimits()
        limits.steps = 20_000
        limits.depth = 500
        limits.outputBytes = 1 << 18
        limits.scratchBytes = 1 << 22
        return RenderOptions(missingKey: .default, limits: limits, now: 1_772_600_767_000_000_000)
    }()

    static func complaint(_ input: [UInt8]) -> String? {
        let parts = pieces(of: input, atMost: 2)
        let json = parts.count > 1 ? parts[1] : Array("null".utf8)
        guard let document = try? Document.json(name: "d", bytes: json) else { return nil }
        for dialect in [Dialect.plain, .haproxy, .nginx] {
            guard let template = try? Template.parse(SourceFile(name: "t", bytes: parts[0]), dialect: dialect) else {
                continue
            }
            let (first, found) = render(template, document)
            if let found { return found }
            if first.failure == nil, first.output.count > options.limits.outputBytes {
                return "the output is longer than its limit"
            }
            if render(template, document).outcome != first { return "two renders differ" }
            if let found = compareWithMap(template, document, first) { return found }
        }
        return nil
    }

    private static func render(_ template: Template, _ document: Document) -> (outcome: Outcome, complaint: String?) {
        var outcome = Outcome()
        var output = ByteBuffer()
        var warnings: [Diagnostic] = []
        var failures: [Diagnostic] = []
        do {
            try template.render(document, options: options, into: &output, warnings: &warnings)
        } catch {
            failures = [error]
            outcome.failure = error.description
        }
        outcome.output = output.array
        outcome.warnings = warnings.map(\.description)
        return (outcome, Fuzz.complaint(about: failures + warnings))
    }

    /// A source map changes nothing, and its entries follow each other through the whole output.
    private static func compareWithMap(_ template: Template, _ document: Document, _ plain: Outcome) -> String? {
        var outcome = Outcome()
        var output = ByteBuffer()
        var warnings: [Diagnostic] = []
        var map: SourceMap?
        do {
            map = try template.renderWithSourceMap(document, options: options, into: &output, warnings: &warnings)
        } catch {
            outcome.failure = error.description
        }
        outcome.output = output.array
        outcome.warnings = warnings.map(\.description)
        if outcome != plain { return "a render with a source map differs" }
        guard let map else { return nil }
        if map.outputCount != plain.output.count { return "the source map is of another length" }
        var end = 0
        let paths = DataPaths(document)
        for index in 0..<min(map.count, 2_000) {
            guard let entry = map.entry(index, paths: paths) else { return "an entry of the source map has no place" }
            if entry.output.lowerBound < end { return "the source map goes back" }
            if entry.output.lowerBound > end { return "the source map has a gap" }
            if Int(entry.template.range.end) > entry.template.file.count { return "a place after the template's end" }
            end = entry.output.upperBound
        }
        return nil
    }
}
