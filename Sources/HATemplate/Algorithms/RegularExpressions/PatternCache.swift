/// The compiled patterns of one render: those that stand in the template as constants, and a limited number of others.
final class PatternCache {
    /// Instructions that patterns made while rendering may take together.
    private static let maximumSize = 1 << 18

    private let constants: [[UInt8]: RegularExpression]
    private var others: [[UInt8]: RegularExpression] = [:]
    private var size = 0
    /// What was asked for last.
    private var latest: RegularExpression?

    private let meter: WorkMeter

    init(_ constants: [[UInt8]: RegularExpression], _ meter: WorkMeter = WorkMeter()) {
        self.constants = constants
        self.meter = meter
    }

    /// The compiled form of a pattern.
    func expression(
        _ pattern: UnsafeBufferPointer<UInt8>
    ) throws(RegularExpression.Mistake) -> RegularExpression {
        if let latest, latest.pattern.withUnsafeBufferPointer({ equalBytes($0, pattern) }) { return latest }
        let key = Array(pattern)
        let expression: RegularExpression
        if let known = constants[key] ?? others[key] {
            expression = known
        } else {
            expression = try RegularExpression(key)
            let added = expression.program.instructions.count + 64
            meter.add(added * 8 * WorkMeter.element)
            if size + added > Self.maximumSize {
                others = [:]
                size = 0
            }
            others[key] = expression
            size += added
        }
        latest = expression
        return expression
    }
}
