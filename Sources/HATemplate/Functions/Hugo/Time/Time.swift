/// Hugo's `time`, in UTC: no other zone has a name, but a time that was written with an offset keeps it.
extension Function {
    static let time: [Function] = [
        Function(
            "time.Now", aliases: ["now"], [], result: .time, purity: .clock,
            summary: "The time of the render: SOURCE_DATE_EPOCH, or else the clock",
            example: #"{{ now.Format "2006-01-02" }}"#
        ) { (_, context) throws(RuntimeError) in
            guard let now = context.now else { throw .noTimeGiven }
            return Timestamp(nanoseconds: now).value
        },
        Function(
            "time.AsTime", aliases: ["time"],
            [.init("value", [.string, .int, .time]), .init("zone", [.string, .nil], .optional)], result: .time,
            summary: "The time that a text in one of the usual forms, or a number of seconds since 1970, stands for",
            example: #"{{ (time "2026-01-02T15:04:05+02:00").Unix }}"#
        ) { (arguments, context) throws(RuntimeError) in
            if arguments.count > 1 { try Times.checkZone(arguments, 1, context) }
            return try Times.time(arguments, 0, context).value
        },
        Function(
            "time.Format", aliases: ["dateFormat"], [.init("layout", .string), .init("time", [.string, .int, .time])],
            result: .string,
            summary: "A time written as Go's layout for the reference time Mon Jan 2 15:04:05 MST 2006 says",
            example: #"{{ time.Format "2 January 2006" "2026-11-21" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            guard arguments[0].kind == .string else {
                throw context.wrongArgument(0, expected: "a layout", given: arguments[0])
            }
            let time = try Times.time(arguments, 1, context)
            let layout = Times.layout(Array(context.memory.bytes(of: arguments[0])), isUTC: time.offset == 0)
            return context.memory.makeString { layout.append(time, into: &$0) }
        },
        Function(
            "time.Duration", aliases: ["duration"], [.init("unit", .string), .init("number", .scalar)],
            result: .duration,
            summary:
                "So many hours (h), minutes (m), seconds (s), milliseconds (ms), microseconds (us) or nanoseconds (ns)",
            example: #"{{ duration "minute" 90 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let name = try context.text(arguments, 0)
            guard let unit = Durations.namedUnits[context.memory.text(of: name)] else {
                throw context.unreadable(
                    0, expected: "hour, minute, second, millisecond, microsecond or nanosecond", given: name)
            }
            let (duration, overflow) = unit.multipliedReportingOverflow(by: try context.integer(arguments, 1))
            guard !overflow else { throw .integerOverflow }
            return .duration(duration)
        },
        Function(
            "time.ParseDuration", [.init("text", [.string, .duration])], result: .duration,
            summary: "The duration that a text such as 1h30m or 250ms stands for",
            example: #"{{ (time.ParseDuration "1h30m").Seconds }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            guard let duration = Durations.parse(context.memory.bytes(of: text)) else {
                throw context.unreadable(0, expected: "a duration such as 1h30m, 1.5s or 250ms", given: text)
            }
            return .duration(duration)
        },
    ]
}

enum Times {
    /// An argument as a time.
    static func time(_ arguments: Arguments, _ index: Int, _ context: CallContext) throws(RuntimeError) -> Timestamp {
        let value = arguments[index]
        switch value.kind {
        case .time: return Timestamp(value)
        case .int:
            let (nanoseconds, overflow) = Int64(value.asInt).multipliedReportingOverflow(by: 1_000_000_000)
            guard !overflow else { throw .timeOutOfRange }
            return Timestamp(nanoseconds: nanoseconds)
        case .string:
            switch read(context.memory.bytes(of: value)) {
            case .time(let time): return time
            case .outOfRange: throw .timeOutOfRange
            case .mismatch:
                throw context.unreadable(index, expected: "a time such as 2026-01-02T15:04:05Z", given: value)
            }
        default: throw context.wrongArgument(index, expected: "a time", given: value)
        }
    }

    static func checkZone(_ arguments: Arguments, _ index: Int, _ context: CallContext) throws(RuntimeError) {
        let zone = try context.text(arguments, index)
        guard ["", "UTC", "Local"].contains(context.memory.text(of: zone)) else {
            throw context.unreadable(index, expected: "UTC, the only zone known here", given: zone)
        }
    }

    /// A time in the first form that fits.
    private static func read(_ text: UnsafeBufferPointer<UInt8>) -> TimeLayout.Reading {
        for (layout, ignoresZone) in forms {
            let reading = layout.parse(text, ignoringZone: ignoresZone)
            if reading != .mismatch { return reading }
        }
        return .mismatch
    }

    /// What spf13/cast reads, in its order; the names of zones say nothing there.
    private static let forms: [(layout: TimeLayout, ignoresZone: Bool)] = [
        ("2006-01-02", true), ("2006-01-02T15:04:05Z07:00", false), ("2006-01-02T15:04:05", true),
        ("Mon, 02 Jan 2006 15:04:05 -0700", false), ("Mon, 02 Jan 2006 15:04:05 MST", true),
        ("02 Jan 06 15:04 -0700", false), ("02 Jan 06 15:04 MST", true), ("Monday, 02-Jan-06 15:04:05 MST", true),
        ("2006-01-02 15:04:05.999999999 -0700 MST", false), ("2006-01-02T15:04:05-0700", false),
        ("2006-01-02 15:04:05Z0700", false), ("2006-01-02 15:04:05", true), ("Mon Jan _2 15:04:05 2006", true),
        ("Mon Jan _2 15:04:05 MST 2006", true), ("Mon Jan 02 15:04:05 -0700 2006", false),
        ("2006-01-02 15:04:05Z07:00", false), ("02 Jan 2006", true), ("2006-01-02 15:04:05 -07:00", false),
        ("2006-01-02 15:04:05 -0700", false), ("3:04PM", true), ("Jan _2 15:04:05", true),
    ].map { (TimeLayout($0), $1) }

    /// A layout, or one of Hugo's names of layouts as they are in English.
    static func layout(_ layout: [UInt8], isUTC: Bool) -> TimeLayout {
        // Only UTC has a name.
        let zone = isUTC ? "MST" : ""
        return switch String(decoding: layout, as: UTF8.self) {
        case ":date_full": TimeLayout("Monday, January 2, 2006")
        case ":date_long": TimeLayout("January 2, 2006")
        case ":date_medium": TimeLayout("Jan 2, 2006")
        case ":date_short": TimeLayout("1/2/06")
        case ":time_full", ":time_long": TimeLayout("3:04:05\u{202F}pm \(zone)")
        case ":time_medium": TimeLayout("3:04:05\u{202F}pm")
        case ":time_short": TimeLayout("3:04\u{202F}pm")
        default: TimeLayout(layout)
        }
    }
}
