import HADelivery
import HAServices
import HATemplate

/// Writes what happened to cases, for people or for programs.
struct TestOutput {
    let results: [CaseResult]
    let milliseconds: Int
    let isVerbose: Bool

    func write(as format: TestCommand.Format, to console: Console) throws(CommandError) {
        var places = CheckOutput.Places()
        switch format {
        case .human: try console.write(human(&places))
        case .json: try console.write(json(&places))
        case .junit: try console.write(junit(&places))
        case .github:
            let found = results.compactMap(\.diagnostic)
            try console.write(found.map { CheckOutput.github($0, &places) }.joined())
        }
        console.say(summary + "\n")
    }

    /// `12 cases: 10 passed, 1 failed, 1 not asked in 84 ms`
    private var summary: String {
        let unasked = results.count - passed - failed
        return "\(results.count) \(results.count == 1 ? "case" : "cases"): \(passed) passed, \(failed) failed"
            + (unasked == 0 ? "" : ", \(unasked) not asked") + " in \(milliseconds) ms"
    }

    private var passed: Int { results.count { $0.status == .passed } }
    private var failed: Int { results.count { $0.isFailure } }

    // MARK: For people

    private func human(_ places: inout CheckOutput.Places) -> String {
        var text = ""
        for result in results {
            let place = Self.place(result, &places)
            switch result.status {
            case .passed: if isVerbose { text += "\(place): passed: \(Console.printable(result.test.name))\n" }
            case .unasked(let reason):
                if isVerbose { text += "\(place): not asked: \(Console.printable(result.test.name)): \(reason)\n" }
            case .failed(let sentences):
                text += "\(place): failed: \(Console.printable(result.test.name))\n"
                for sentence in sentences { text += "  \(Console.printable(sentence))\n" }
                text += explanation(result, &places)
            }
        }
        return text
    }

    /// What `route` says, further in, and the nearest rule.
    private func explanation(_ result: CaseResult, _ places: inout CheckOutput.Places) -> String {
        guard let writer = route(result), let answer = result.answer else { return "" }
        let lines = writer.human(isVerbose: false).split(separator: "\n").map { "    \($0)\n" }
        guard let nearest = answer.nearest else { return lines.joined() }
        return lines.joined() + "    the rule that would lead there:\n      \(Console.printable(nearest.text))  "
            + "\(writer.place(nearest, &places))\n"
    }

    private func route(_ result: CaseResult) -> RouteOutput? {
        guard let request = result.test.request, let answer = result.answer else { return nil }
        return RouteOutput(
            request: request, target: result.target, route: answer.explanation, explainer: answer.explainer)
    }

    private static func place(_ result: CaseResult, _ places: inout CheckOutput.Places) -> String {
        guard let location = result.test.location else { return result.test.file }
        let start = places.positions(of: location).start
        return "\(Console.printable(location.file.name)):\(start.line):\(start.column)"
    }

    // MARK: For programs

    private func json(_ places: inout CheckOutput.Places) -> [UInt8] {
        var json = JSONText()
        json.beginObject()
        json.member("format", 1)
        json.key("cases")
        json.beginList()
        for result in results { write(result, to: &json, &places) }
        json.endList()
        json.key("summary")
        json.beginObject()
        json.member("cases", results.count)
        json.member("passed", passed)
        json.member("failed", failed)
        json.member("unasked", results.count - passed - failed)
        json.member("milliseconds", milliseconds)
        json.endObject()
        json.endObject()
        json.finish()
        return json.bytes
    }

    private func write(_ result: CaseResult, to json: inout JSONText, _ places: inout CheckOutput.Places) {
        json.beginObject()
        json.member("name", result.test.name)
        json.member("target", result.target)
        json.member("file", result.test.file)
        if let location = result.test.location {
            let start = places.positions(of: location).start
            json.member("line", start.line)
            json.member("column", start.column)
        }
        switch result.status {
        case .passed: json.member("status", "passed")
        case .unasked(let reason):
            json.member("status", "unasked")
            json.member("message", reason)
        case .failed(let sentences):
            json.member("status", "failed")
            json.member("message", sentences.joined(separator: "; "))
        }
        if let service = result.answer?.service { json.member("service", service) }
        if result.isFailure, let writer = route(result), let answer = result.answer {
            json.key("route")
            writer.write(to: &json, &places)
            if let nearest = answer.nearest {
                json.key("nearest")
                json.beginObject()
                json.member("line", nearest.number)
                json.member("text", nearest.text)
                json.member("place", writer.place(nearest, &places))
                json.endObject()
            }
        }
        json.endObject()
    }

    // MARK: JUnit

    private func junit(_ places: inout CheckOutput.Places) -> String {
        let unasked = results.count - passed - failed
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites tests=\"\(results.count)\" failures=\"\(failed)\" skipped=\"\(unasked)\">\n"
        var files: [String] = []
        for result in results where !files.contains(result.test.file) { files.append(result.test.file) }
        for file in files {
            let own = results.filter { $0.test.file == file }
            let skipped = own.count { if case .unasked = $0.status { true } else { false } }
            text += "  <testsuite name=\"\(Self.escaped(file))\" tests=\"\(own.count)\" "
            text += "failures=\"\(own.count { $0.isFailure })\" skipped=\"\(skipped)\">\n"
            for result in own { text += junit(result, &places) }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private func junit(_ result: CaseResult, _ places: inout CheckOutput.Places) -> String {
        let line = result.test.location.map { places.positions(of: $0).start.line } ?? 1
        let head =
            "    <testcase classname=\"\(Self.escaped(result.target))\" name=\"\(Self.escaped(result.test.name))\" "
            + "file=\"\(Self.escaped(result.test.file))\" line=\"\(line)\" time=\"\(Self.seconds(result.time))\""
        switch result.status {
        case .passed: return head + "/>\n"
        case .unasked(let reason):
            return head + ">\n      <skipped message=\"\(Self.escaped(reason))\"/>\n    </testcase>\n"
        case .failed(let sentences):
            let body = explanation(result, &places)
            return head + ">\n      <failure message=\"\(Self.escaped(sentences.joined(separator: "; ")))\">"
                + Self.escaped(body) + "</failure>\n    </testcase>\n"
        }
    }

    private static func seconds(_ milliseconds: Int) -> String {
        let digits = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// Text inside XML 1.0, which has no control characters.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
