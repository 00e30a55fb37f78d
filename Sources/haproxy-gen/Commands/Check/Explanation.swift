import HADelivery
import HATemplate

/// Says in plain words what made a range of an output.
///
///     rendered/haproxy.cfg:12
///         server web1 10.0.0.1:80 check
///
///     templates/haproxy.cfg.tmpl:7:14
///         wrote '10.0.0.1:80' from services[0].Hosts[0] at services/web.json:3:15
struct Explanation {
    let text: ConfigurationText
    let causes: CauseMap
    let output: String

    func of(_ range: Range<Int>) -> String {
        var places = CheckOutput.Places()
        let line = text.line(ofOffset: range.lowerBound)
        var result = "\(output):\(line)\n    \(shown(range))\n"
        if text.bytes[range].allSatisfy(ConfigurationText.isSpace) {
            return "\(output):\(line)\n    this line is blank\n"
        }
        for entry in causes.entries(in: range) {
            let part = entry.output.clamped(to: range)
            guard !part.isEmpty else { continue }
            result += "\n" + cause(entry, part, &places)
        }
        return result
    }

    private func cause(_ entry: SourceMap.Entry, _ part: Range<Int>, _ places: inout CheckOutput.Places) -> String {
        let written = shown(part)
        var result = Self.place(causes.place(of: entry, in: part), &places) + "\n"
        if let data = entry.data {
            let path = data.path.isEmpty ? "the data" : data.path
            result += "    wrote '\(written)' from \(path) at \(Self.place(data.location, &places))\n"
        } else {
            result += "    wrote '\(written)'\n"
        }
        for call in entry.calls { result += "    called at \(Self.place(call, &places))\n" }
        return result
    }

    private func shown(_ range: Range<Int>) -> String {
        Console.printable(String(decoding: text.bytes[range], as: UTF8.self))
    }

    private static func place(
        _ location: HATemplate.SourceLocation, _ places: inout CheckOutput.Places
    ) -> String {
        let position = places.positions(of: location).start
        return "\(Console.printable(location.file.name)):\(position.line):\(position.column)"
    }
}

extension CauseMap {
    /// The range that holds a column (1-based, in characters) of a line.
    func entry(inLine line: Range<Int>, column: Int) -> SourceMap.Entry? {
        guard let offset = offset(inLine: line, column: column) else { return nil }
        return entries(in: offset..<(offset + 1)).first
    }
}
