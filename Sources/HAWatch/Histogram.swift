/// How long something took, counted by upper bounds.
package struct Histogram: Sendable, Equatable {
    /// Milliseconds.
    package static let bounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000]

    /// One for each bound, and one for what is longer.
    private var counts = Array(repeating: 0, count: bounds.count + 1)
    /// Microseconds.
    private var sum = 0
    package private(set) var count = 0

    package init() {}

    /// - Parameter microseconds: what is less than 0 counts as 0.
    package mutating func add(microseconds: Int) {
        let time = max(0, microseconds)
        let place = Self.bounds.firstIndex { time <= $0 * 1000 } ?? Self.bounds.count
        counts[place] += 1
        sum = sum.addingReportingOverflow(time).overflow ? Int.max : sum + time
        count += 1
    }

    /// The lines of Prometheus's text format, without HELP and TYPE.
    package func lines(_ name: String, labels: [(String, String)] = []) -> [String] {
        var lines: [String] = []
        var total = 0
        for (bound, count) in zip(Self.bounds, counts) {
            total += count
            let label = [("le", PrometheusText.seconds(microseconds: bound * 1000))]
            lines.append("\(name)_bucket\(PrometheusText.labels(labels + label)) \(total)")
        }
        lines.append("\(name)_bucket\(PrometheusText.labels(labels + [("le", "+Inf")])) \(count)")
        lines.append("\(name)_sum\(PrometheusText.labels(labels)) \(PrometheusText.seconds(microseconds: sum))")
        lines.append("\(name)_count\(PrometheusText.labels(labels)) \(count)")
        return lines
    }
}

/// Prometheus's text format, version 0.0.4.
package struct PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package private(set) var text = ""

    package init() {}

    /// A metric with its lines; nothing where there is none.
    package mutating func add(_ name: String, _ type: String, _ help: String, _ lines: [String]) {
        guard !lines.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n" + lines.map { $0 + "\n" }.joined()
    }

    package static func labels(_ labels: [(String, String)]) -> String {
        if labels.isEmpty { return "" }
        return "{" + labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",") + "}"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
        return text
    }

    /// Seconds with as many places as there are: `0.005`, `1`.
    package static func seconds(microseconds: Int) -> String {
        let (whole, rest) = max(0, microseconds).quotientAndRemainder(dividingBy: 1_000_000)
        if rest == 0 { return String(whole) }
        let digits = String(rest)
        var places = String(repeating: "0", count: 6 - digits.count) + digits
        while places.hasSuffix("0") { places.removeLast() }
        return "\(whole).\(places)"
    }
}
