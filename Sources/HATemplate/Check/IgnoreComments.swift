/// The comments `haproxy-gen:ignore CODE` of a template: each silences the findings with that code on its own lines and
/// on the next.
struct IgnoreComments {
    private struct Comment {
        let unit: Int
        let range: SourceRange
        let code: String
        var isUsed = false
    }

    /// Where a comment silences a code. Of the lines that a comment covers only the first and the last hold more.
    private struct Place: Hashable {
        let unit: Int
        let line: Int  // 1-based
        let code: String
    }

    private static let marker = "haproxy-gen:ignore"
    private let files: [SourceFile]
    private var lineIndices: [Int: LineIndex] = [:]
    private var comments: [Comment] = []
    private var places: [Place: [Int]] = [:]

    init(_ set: TemplateSet) {
        files = set.units.map(\.tree.file)
        for (unit, content) in set.units.enumerated() {
            for range in content.tree.comments { read(range, unit) }
        }
    }

    /// The codes that comments name, anywhere.
    var codes: Set<DiagnosticCode> { Set(comments.map { DiagnosticCode($0.code) }) }

    private mutating func read(_ range: SourceRange, _ unit: Int) {
        var text = Substring(files[unit].text(of: range))
        guard text.hasPrefix("/*"), text.hasSuffix("*/") else { return }
        text = text.dropFirst(2).dropLast(2)
        let words = text.split { $0 == "," || $0.isWhitespace }
        guard words.first.map(String.init) == Self.marker else { return }
        let lines = lineIndex(of: unit)
        let (first, last) = (lines.number(ofLineAt: range.start), lines.number(ofLineAt: range.end))
        for code in words.count == 1 ? [""] : words.dropFirst() {
            let code = String(code)
            for line in Set([first, last, last + 1]) {
                places[Place(unit: unit, line: line, code: code), default: []].append(comments.count)
            }
            comments.append(Comment(unit: unit, range: range, code: code))
        }
    }

    private mutating func lineIndex(of unit: Int) -> LineIndex {
        if let known = lineIndices[unit] { return known }
        let made = LineIndex(files[unit])
        lineIndices[unit] = made
        return made
    }

    /// What is left of the findings, with a warning for each comment that silences nothing.
    ///
    /// - Parameter others: the codes that are reported elsewhere.
    mutating func apply(to findings: [Findings.Finding], others: CheckOptions.OtherCodes) -> [Diagnostic] {
        guard !comments.isEmpty else { return findings.map(\.diagnostic) }
        var kept = unsilenced(findings)
        let unused = comments.filter { !$0.isUsed && !others.ignored.contains(DiagnosticCode($0.code)) }
        for comment in unused.prefix(Findings.maximumCount) { kept.append(warning(comment, others.known)) }
        return kept.enumerated().sorted { left, right in
            let (first, second) = (left.element.order, right.element.order)
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element.diagnostic)
    }

    /// The findings that no comment silences.
    mutating func unsilenced(_ findings: [Findings.Finding]) -> [Findings.Finding] {
        var kept: [Findings.Finding] = []
        for finding in findings {
            guard let location = finding.diagnostic.location else {
                kept.append(finding)
                continue
            }
            let line = lineIndex(of: finding.unit).number(ofLineAt: location.range.start)
            let place = Place(unit: finding.unit, line: line, code: finding.diagnostic.code.rawValue)
            let silencing = places[place] ?? []
            // One that has been used stands for all that were there before it.
            for index in silencing.reversed() {
                if comments[index].isUsed { break }
                comments[index].isUsed = true
            }
            if silencing.isEmpty { kept.append(finding) }
        }
        return kept
    }

    private func warning(_ comment: Comment, _ others: [DiagnosticCode]) -> Findings.Finding {
        let known = (DiagnosticCode.engineCodes + others).map(\.rawValue)
        let message: String
        if comment.code.isEmpty {
            message = "this comment names no code"
        } else if !known.contains(comment.code) {
            let hint = nearest(to: comment.code, in: known)
            message = "there is no code \"\(comment.code)\"" + (hint.map { " (did you mean \($0)?)" } ?? "")
        } else {
            message = "there is no \"\(comment.code)\" here to ignore"
        }
        let location = SourceLocation(files[comment.unit], comment.range)
        return .init(
            unit: comment.unit, diagnostic: Diagnostic(.unusedIgnore, message, at: location, severity: .warning))
    }
}

extension Findings.Finding {
    /// By file, then place; what has no place comes last.
    fileprivate var order: (Int, UInt32) {
        guard let location = diagnostic.location else { return (.max, 0) }
        return (unit, location.range.start)
    }
}
