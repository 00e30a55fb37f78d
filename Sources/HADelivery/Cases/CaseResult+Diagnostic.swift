import HATemplate

extension CaseResult {
    /// What failed, at the case, with the lines that decided and the rule that would have led to what was expected; nil
    /// where the case did not fail.
    package var diagnostic: Diagnostic? {
        guard case .failed(let sentences) = status else { return nil }
        let message = "the case '\(test.name)' failed: " + sentences.joined(separator: "; ")
        return Diagnostic(.testFailed, message, at: test.location, notes: notes)
    }

    private var notes: [Diagnostic.Note] {
        guard let answer else { return [] }
        let route = answer.explanation
        var notes: [Diagnostic.Note] = []
        if let line = route.bind ?? route.frontend { notes.append(note("it came to '\(route.entranceTitle)'", line)) }
        notes += route.deciding.map { note("this decided: \($0.text)", $0) }
        if let line = answer.nearest { notes.append(note("this would have led there: \(line.text)", line)) }
        return notes
    }

    private func note(_ message: String, _ line: RouteExplanation.Line) -> Diagnostic.Note {
        Diagnostic.Note(message, at: answer?.explainer.cause(of: line).template)
    }
}
