/// Lengths of time in nanoseconds: reading and writing them as Go does, and rounding. Go: time.Duration.
enum Durations {
    static let second = 1_000_000_000

    // MARK: Writing

    /// Appends `1h30m0s`, `1.5s`, `100ms`, `0s`. Go: Duration.String.
    static func append(_ duration: Int, into output: inout ByteBuffer) {
        let magnitude = duration.magnitude
        if duration < 0 { output.append(UInt8(ascii: "-")) }
        switch magnitude {
        case 0: output.append("0s" as StaticString)
        case ..<1_000:
            output.append(decimal: Int(truncatingIfNeeded: magnitude))
            output.append("ns" as StaticString)
        case ..<1_000_000:
            append(magnitude, digits: 3, into: &output)
            output.append("µs" as StaticString)
        case ..<1_000_000_000:
            append(magnitude, digits: 6, into: &output)
            output.append("ms" as StaticString)
        default:
            let seconds = magnitude / UInt(truncatingIfNeeded: second)
            if seconds >= 3600 {
                output.append(decimal: Int(truncatingIfNeeded: seconds / 3600))
                output.append(UInt8(ascii: "h"))
            }
            if seconds >= 60 {
                output.append(decimal: Int(truncatingIfNeeded: seconds / 60 % 60))
                output.append(UInt8(ascii: "m"))
            }
            append(magnitude - seconds / 60 * 60 * UInt(truncatingIfNeeded: second), digits: 9, into: &output)
            output.append(UInt8(ascii: "s"))
        }
    }

    /// A number of which the last `digits` stand after the point, without zeros at the end.
    private static func append(_ number: UInt, digits: Int, into output: inout ByteBuffer) {
        var fraction = number
        var unit: UInt = 1
        for _ in 0..<digits { unit *= 10 }
        output.append(decimal: Int(truncatingIfNeeded: number / unit))
        fraction %= unit
        if fraction > 0 { output.append(UInt8(ascii: ".")) }
        while fraction > 0 {
            unit /= 10
            output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction / unit))
            fraction %= unit
        }
    }

    // MARK: Reading

    /// `1h30m`, `-1.5h`, `300ms`; nil when the text is no duration or too long a one. Go: time.ParseDuration.
    static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        if rest.count == 1, rest.first == UInt8(ascii: "0") { return 0 }
        guard !rest.isEmpty else { return nil }
        var total: UInt64 = 0
        while !rest.isEmpty {
            guard let part = takePart(&rest), part <= 1 << 63 - total else { return nil }
            total += part
        }
        if isNegative { return Int(truncatingIfNeeded: 0 &- total) }
        return Int(exactly: total)
    }

    /// One number with its unit; at most 2^63.
    private static func takePart(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
        let start = rest.startIndex
        var whole: UInt64 = 0
        while let byte = rest.first, isDigit(byte) {
            let (product, overflow) = whole.multipliedReportingOverflow(by: 10)
            whole = product &+ UInt64(byte - UInt8(ascii: "0"))
            guard !overflow, whole <= 1 << 63 else { return nil }
            rest.removeFirst()
        }
        var digits = rest.startIndex - start
        var fraction: UInt64 = 0
        var scale = 1.0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            var isExact = true
            while let byte = rest.first, isDigit(byte) {
                digits += 1
                rest.removeFirst()
                // Digits that no longer fit are too small to count.
                if isExact, fraction <= (1 << 63) / 10 {
                    let longer = fraction * 10 + UInt64(byte - UInt8(ascii: "0"))
                    if longer <= 1 << 63 {
                        fraction = longer
                        scale *= 10
                        continue
                    }
                }
                isExact = false
            }
        }
        let word = rest.prefix { $0 != UInt8(ascii: ".") && !isDigit($0) }
        guard digits > 0, let unit = units[String(decoding: word, as: UTF8.self)] else { return nil }
        rest = rest[word.endIndex...]
        let (product, overflow) = whole.multipliedReportingOverflow(by: UInt64(truncatingIfNeeded: unit))
        guard !overflow, product <= 1 << 63 else { return nil }
        // Fits: the fraction is less than one unit.
        let sum = product + UInt64(Double(fraction) * (Double(unit) / scale))
        return sum <= 1 << 63 ? sum : nil
    }

    private static let units: [String: Int] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": second, "m": 60 * second,
        "h": 3600 * second,
    ]

    /// What `time.Duration` calls its units.
    static let namedUnits: [String: Int] = units.merging([
        "nanosecond": 1, "microsecond": 1_000, "millisecond": 1_000_000, "second": second, "minute": 60 * second,
        "hour": 3600 * second,
    ]) { first, _ in first }

    // MARK: Rounding

    /// Towards zero to a multiple of `unit`. Go: Duration.Truncate.
    static func truncate(_ duration: Int, to unit: Int) -> Int {
        unit > 0 ? duration - duration % unit : duration
    }

    /// To the nearest multiple of `unit`, halves away from zero, as near as it can be held. Go: Duration.Round.
    static func round(_ duration: Int, to unit: Int) -> Int {
        guard unit > 0 else { return duration }
        let rest = duration % unit
        if rest.magnitude + rest.magnitude < unit.magnitude { return duration - rest }
        let (rounded, overflow) = (duration - rest).addingReportingOverflow(duration < 0 ? -unit : unit)
        return overflow ? (duration < 0 ? .min : .max) : rounded
    }
}
