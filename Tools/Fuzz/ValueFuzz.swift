import Foundation
import HATemplate

/// Renders templates of every context with random values, and compares the shape of each output, and for some samples
/// the verdict of the real proxy, with those of a harmless value. The same seed gives the same values.
struct ValueFuzz {
    /// When to stop.
    enum Amount {
        /// After so many values for each template: a run that depends on its seed alone.
        case values(Int)
        /// After a time, for searching by hand.
        case seconds(Double)

        /// A number of values, or a time such as `60s`; nil when it is neither.
        init?(_ text: String) {
            if text.hasSuffix("s"), let seconds = Double(text.dropLast()), seconds > 0 {
                self = .seconds(seconds)
            } else if let count = Int(text), count > 0 {
                self = .values(count)
            } else {
                return nil
            }
        }
    }

    /// One output of so many is given to its proxy.
    private static let asksOneOf = 400

    private(set) var rendered = 0
    private(set) var refused = 0
    private(set) var asked = 0
    private var random: SplitMix

    init(seed: UInt64) {
        random = SplitMix(state: seed)
    }

    /// What is wrong with the engine, or nil when all is well.
    mutating func complaint(_ amount: Amount) throws -> String? {
        let templates = try ValueTemplate.all()
        var expected: [[Int]] = []
        for template in templates {
            guard let shape = try template.shape(of: Array(template.harmless.utf8)) else {
                return "the harmless value is refused: \(template.text)"
            }
            expected.append(shape)
        }
        let start = Date()
        var turns = 0
        while true {
            switch amount {
            case .values(let count): guard turns < count else { return nil }
            case .seconds(let seconds): guard Date().timeIntervalSince(start) < seconds else { return nil }
            }
            turns += 1
            for (template, shape) in zip(templates, expected) {
                if let complaint = try complaint(template, shape) { return complaint }
            }
        }
    }

    private mutating func complaint(_ template: ValueTemplate, _ expected: [Int]) throws -> String? {
        let value = random.value()
        guard let output = try template.render(value) else {
            refused += 1
            return nil
        }
        rendered += 1
        if template.shape(ofOutput: output) != expected {
            return "the shape differs for \(value): \(template.text)\n\(String(decoding: output, as: UTF8.self))"
        }
        // Some directives take no empty argument.
        guard rendered % Self.asksOneOf == 0, template.isAlwaysAccepted, !value.isEmpty else { return nil }
        asked += 1
        if try !ProxyVerdict.accepts(output, template.dialect) {
            return "the proxy refuses \(value): \(template.text)\n\(String(decoding: output, as: UTF8.self))"
        }
        return nil
    }
}
