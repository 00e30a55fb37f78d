/// How times, durations, months and weekdays print. Go: their methods String and GoString.
enum TimeText {
    /// Appends a value of one of these types.
    static func append(_ value: Value, into output: inout ByteBuffer) {
        if value.kind == .time { return TimeLayout.standard.append(Timestamp(value), into: &output) }
        switch value.type {
        case .duration: Durations.append(value.asInt, into: &output)
        case .month: append(value.asInt, of: CivilTime.monthNames, first: 1, type: "Month", into: &output)
        case .weekday: append(value.asInt, of: CivilTime.weekdayNames, first: 0, type: "Weekday", into: &output)
        default: output.append(decimal: value.asInt)
        }
    }

    private static func append(
        _ number: Int, of names: [String], first: Int, type: String, into output: inout ByteBuffer
    ) {
        output.append(
            names.indices.contains(number - first) ? names[number - first] : "%!\(type)(\(number))")
    }

    /// Appends `time.Date(2026, time.January, 2, 15, 4, 5, 0, time.UTC)`.
    static func append(goSyntax time: Timestamp, into output: inout ByteBuffer) {
        let civil = CivilTime(time)
        let zone = time.offset == 0 ? "time.UTC" : #"time.Location("")"#
        output.append("time.Date(\(civil.year), time.\(CivilTime.monthNames[civil.month - 1]), \(civil.day), ")
        output.append("\(civil.hour), \(civil.minute), \(civil.second), \(civil.nanosecond), \(zone))")
    }
}
