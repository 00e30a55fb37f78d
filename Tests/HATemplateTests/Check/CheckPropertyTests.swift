import Testing

@testable import HATemplate

/// The checker against the machine, over generated templates and data with a fixed seed.
@Suite struct CheckPropertyTests {
    /// Reasons that types cannot tell.
    private static let valueCodes: Set<DiagnosticCode> = [.indexOutOfRange, .limitExceeded, .arithmetic]

    private static let rounds = 400

    private func failure(_ template: Template, _ data: String) throws -> Diagnostic? {
        let document = try Document.json(name: "data.json", bytes: Array(data.utf8))
        var output = ByteBuffer()
        do {
            try template.render(document, into: &output)
            return nil
        } catch {
            return error
        }
    }

    /// A template that the checker accepts for a schema renders any data of the schema.
    @Test(arguments: 0..<8)
    func whatIsAcceptedRenders(part: Int) throws {
        var accepted = 0
        for round in 0..<Self.rounds {
            let seed = UInt64(part * Self.rounds + round)
            var random = FixedRandom(seed: seed &* 7919)
            let shape = RandomShape.object(&random, depth: 3)
            let text = RandomTemplate.text(shape, seed: seed, statements: 2 + random.below(10))
            let template = try Template.parse(SourceFile(name: "t", text: text))
            let findings = template.check(against: try .schema(shape.schema))
            guard !findings.contains(where: { $0.severity == .error || $0.code.isPossible }) else { continue }
            accepted += 1
            for _ in 0..<4 {
                let data = shape.value(&random)
                guard let failure = try failure(template, data), !Self.valueCodes.contains(failure.code) else {
                    continue
                }
                Issue.record("seed \(seed): \(text)\n\(shape.schema)\n\(data)\n\(summary(failure))")
            }
        }
        #expect(accepted > Self.rounds / 10, "\(accepted)")
    }

    /// Where there are no branches, what the checker refuses for some data fails with that data, and what fails is
    /// refused.
    @Test(arguments: 0..<4)
    func whatIsRefusedFails(part: Int) throws {
        var refused = 0
        for round in 0..<Self.rounds {
            let seed = UInt64(100_000 + part * Self.rounds + round)
            var random = FixedRandom(seed: seed &* 7919)
            let shape = RandomShape.object(&random, depth: 3)
            let text = RandomTemplate.text(shape, seed: seed, statements: 2 + random.below(4), branches: false)
            let template = try Template.parse(SourceFile(name: "t", text: text))
            let data = shape.value(&random)
            let findings = template.check(against: try .json(data))
            let errors = findings.filter { $0.severity == .error && $0.code != .wrongVerb }
            let failure = try failure(template, data)
            if !errors.isEmpty { refused += 1 }
            if !errors.isEmpty, failure == nil {
                Issue.record("seed \(seed) renders: \(text)\n\(data)\n\(errors.map(summary))")
            }
            if let failure, errors.isEmpty, !Self.valueCodes.contains(failure.code),
                !findings.contains(where: { $0.code.isPossible })
            {
                Issue.record("seed \(seed) fails: \(text)\n\(data)\n\(summary(failure))")
            }
        }
        #expect(refused > Self.rounds / 10, "\(refused)")
    }
}
