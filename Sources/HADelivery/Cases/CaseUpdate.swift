import HASystem
import HATemplate

/// Writes what holds now into test files: only what cases expect changes, everything else in a file stays as it is.
package struct CaseUpdate: Sendable {
    private let installer: FileInstaller
    private let files: FileSystem

    package init(files: FileSystem, temporaries: TemporaryFiles) {
        self.files = files
        installer = FileInstaller(files: files, temporaries: temporaries)
    }

    package struct Report: Sendable {
        /// How many cases now expect something else.
        package var cases = 0
        /// Paths of the files that were written, in the order of the cases.
        package var files: [String] = []
        /// What failed and is for a person to decide: texts, mistakes, and what must not be.
        package var left: [CaseResult] = []
    }

    package func write(_ results: [CaseResult]) throws(FileError) -> Report {
        var report = Report()
        var edits: [String: [(range: Range<Int>, text: String)]] = [:]
        var order: [String] = []
        for result in results where result.isFailure {
            for case .equals(let path) in result.test.expected {
                guard let text = result.output else { continue }
                if try installer.install(text.bytes, at: path) == .wrote { report.files.append(path) }
            }
            guard let answer = result.answer, result.test.expected.allSatisfy(Self.canChange) else {
                let isWritten = result.test.expected.allSatisfy { if case .equals = $0 { true } else { false } }
                if isWritten, result.output != nil { report.cases += 1 } else { report.left.append(result) }
                continue
            }
            let expectation = Self.expectation(now: answer, like: result.test.expected)
            let test = result.test
            let edit =
                test.expectRange.map { ($0, expectation) } ?? (test.end..<test.end, ", \"expect\": \(expectation)")
            if edits[test.file] == nil { order.append(test.file) }
            edits[test.file, default: []].append(edit)
        }
        for path in order {
            let changes = (edits[path] ?? []).sorted { $0.range.lowerBound > $1.range.lowerBound }
            var bytes = try FileReader(files: files).read(path, .kept).bytes
            for (range, text) in changes where range.upperBound <= bytes.count {
                var range = range
                // An object's last member may be followed by white space.
                while range.isEmpty, range.lowerBound > 0, ConfigurationText.isSpace(bytes[range.lowerBound - 1]) {
                    range = (range.lowerBound - 1)..<(range.lowerBound - 1)
                }
                bytes.replaceSubrange(range, with: Array(text.utf8))
            }
            _ = try installer.install(bytes, at: path)
            report.cases += changes.count
            report.files.append(path)
        }
        return report
    }

    /// Whether a fact is one that the answer of now can stand for.
    private static func canChange(_ fact: TestCase.Fact) -> Bool {
        switch fact {
        case .service, .backend, .status, .location, .header: true
        case .not, .contains, .equals, .fails: false
        }
    }

    /// What an answer is, in the terms of an earlier expectation: a service, else a backend, else the proxy's own answer.
    package static func expectation(now answer: CaseResult.Answer, like earlier: [TestCase.Fact] = []) -> String {
        let route = answer.explanation.answer
        let namesBackend = earlier.contains { if case .backend = $0 { true } else { false } }
        let namesService = earlier.contains { if case .service = $0 { true } else { false } } || !namesBackend
        var members: [String] = []
        if namesService, let service = answer.service {
            members.append("\"service\": \(quoted(service))")
        }
        if let backend = route.backend, namesBackend || members.isEmpty {
            members.append("\"backend\": \(quoted(backend))")
        }
        let hasStatus = earlier.contains { if case .status = $0 { true } else { false } }
        if let status = route.status, members.isEmpty || hasStatus {
            members.append("\"status\": \(status)")
            if let location = route.header("location") { members.append("\"location\": \(quoted(location))") }
        }
        for case .header(let name, _) in earlier {
            let value = route.header(name).map(quoted) ?? "null"
            members.append("\"header\": {\(quoted(name)): \(value)}")
        }
        if members.isEmpty { members.append("\"not\": {\"status\": 200}") }
        return "{" + members.joined(separator: ", ") + "}"
    }

    /// A text in JSON.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
