/// A method of a value that is no record: of Go's time.Time, time.Duration, time.Month or time.Weekday.
struct ValueMethod: Sendable {
    let name: String
    let argumentCount: Int
    let body:
        @Sendable (_ receiver: Value, _ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value

    private init(
        _ name: String, _ argumentCount: Int = 0,
        _ body:
            @escaping @Sendable (
                _ receiver: Value, _ arguments: Arguments, _ context: CallContext
            ) throws(RuntimeError) -> Value
    ) {
        self.name = name
        self.argumentCount = argumentCount
        self.body = body
    }

    /// Everything that `.Name` of a value may mean.
    static func methods(of value: Value) -> [ValueMethod] {
        if value.kind == .time { return ofTime }
        guard value.isNamedInteger else { return [] }
        return value.type == .duration ? ofDuration : [string]
    }

    private static let string = ValueMethod("String") { value, _, context in
        context.memory.makeString { TimeText.append(value, into: &$0) }
    }

    // MARK: Times

    private static let ofTime: [ValueMethod] =
        [
            part("Year") { .int($0.year) },
            part("Month") { .month($0.month) },
            part("Day") { .int($0.day) },
            part("Hour") { .int($0.hour) },
            part("Minute") { .int($0.minute) },
            part("Second") { .int($0.second) },
            part("Nanosecond") { .int($0.nanosecond) },
            part("Weekday") { .weekday($0.weekday) },
            part("YearDay") { .int($0.yearDay) },
            // The zone is UTC or has a fixed offset, and every time is after the beginning of year 1.
            part("IsDST") { _ in .bool(false) },
            part("IsZero") { _ in .bool(false) },
            count("Unix") { $0.unixSeconds },
            count("UnixMilli") { Int($0.nanoseconds.quotient(floor: 1_000_000)) },
            count("UnixMicro") { Int($0.nanoseconds.quotient(floor: 1000)) },
            count("UnixNano") { Int($0.nanoseconds) },
            comparison("Before") { .bool($0 < $1) },
            comparison("After") { .bool($0 > $1) },
            comparison("Equal") { .bool($0 == $1) },
            comparison("Compare") { .int($0 < $1 ? -1 : $0 > $1 ? 1 : 0) },
            inUTC("UTC"), inUTC("Local"), string,
            ValueMethod("GoString") { value, _, context in
                context.memory.makeString { TimeText.append(goSyntax: Timestamp(value), into: &$0) }
            },
        ] + computing

    private static let computing: [ValueMethod] = [
        ValueMethod("Format", 1) { (value, arguments, context) throws(RuntimeError) in
            guard arguments[0].kind == .string else {
                throw context.wrongArgument(0, expected: "a layout", given: arguments[0])
            }
            let layout = TimeLayout(context.memory.bytes(of: arguments[0]))
            return context.memory.makeString { layout.append(Timestamp(value), into: &$0) }
        },
        ValueMethod("Add", 1) { (value, arguments, context) throws(RuntimeError) in
            let duration = try integer(arguments, 0, "a duration", context)
            guard let sum = Timestamp(value).adding(duration) else { throw .timeOutOfRange }
            return sum.value
        },
        ValueMethod("Sub", 1) { (value, arguments, context) throws(RuntimeError) in
            .duration(Timestamp(value).distance(from: try time(arguments, context)))
        },
        ValueMethod("AddDate", 3) { (value, arguments, context) throws(RuntimeError) in
            let time = Timestamp(value)
            var civil = CivilTime(time)
            let years = try integer(arguments, 0, "a number of years", context)
            let months = try integer(arguments, 1, "a number of months", context)
            let days = try integer(arguments, 2, "a number of days", context)
            // Within these bounds nothing overflows; beyond them there is no time.
            guard [years, months, days].allSatisfy({ $0.magnitude < 1_000_000 }) else { throw .timeOutOfRange }
            civil.year += years
            civil.month += months
            civil.day += days
            guard let sum = civil.timestamp(offsetMinutes: time.offsetMinutes) else { throw .timeOutOfRange }
            return sum.value
        },
        ValueMethod("Truncate", 1) { (value, arguments, context) throws(RuntimeError) in
            let unit = try integer(arguments, 0, "a duration", context)
            let time = Timestamp(value)
            guard unit > 0 else { return value }
            guard let result = time.adding(-time.excess(over: unit)) else { throw .timeOutOfRange }
            return result.value
        },
        ValueMethod("Round", 1) { (value, arguments, context) throws(RuntimeError) in
            let unit = try integer(arguments, 0, "a duration", context)
            let time = Timestamp(value)
            guard unit > 0 else { return value }
            let excess = time.excess(over: unit)
            guard let result = time.adding(excess < unit - excess ? -excess : unit - excess) else {
                throw .timeOutOfRange
            }
            return result.value
        },
    ]

    private static func part(_ name: String, _ body: @escaping @Sendable (CivilTime) -> Value) -> ValueMethod {
        ValueMethod(name) { value, _, _ in body(CivilTime(Timestamp(value))) }
    }

    private static func count(_ name: String, _ body: @escaping @Sendable (Timestamp) -> Int) -> ValueMethod {
        ValueMethod(name) { value, _, _ in .int(body(Timestamp(value))) }
    }

    private static func comparison(
        _ name: String, _ body: @escaping @Sendable (Int64, Int64) -> Value
    ) -> ValueMethod {
        ValueMethod(name, 1) { (value, arguments, context) throws(RuntimeError) in
            body(Timestamp(value).nanoseconds, try time(arguments, context).nanoseconds)
        }
    }

    private static func inUTC(_ name: String) -> ValueMethod {
        ValueMethod(name) { value, _, _ in Timestamp(nanoseconds: Timestamp(value).nanoseconds).value }
    }

    // MARK: Durations

    private static let ofDuration: [ValueMethod] = [
        length("Hours", unit: 3600 * Durations.second),
        length("Minutes", unit: 60 * Durations.second),
        length("Seconds", unit: Durations.second),
        ValueMethod("Milliseconds") { value, _, _ in .int(value.asInt / 1_000_000) },
        ValueMethod("Microseconds") { value, _, _ in .int(value.asInt / 1000) },
        ValueMethod("Nanoseconds") { value, _, _ in .int(value.asInt) },
        ValueMethod("Abs") { value, _, _ in
            .duration(Int(clamping: value.asInt.magnitude))
        },
        ValueMethod("Round", 1) { (value, arguments, context) throws(RuntimeError) in
            .duration(Durations.round(value.asInt, to: try integer(arguments, 0, "a duration", context)))
        },
        ValueMethod("Truncate", 1) { (value, arguments, context) throws(RuntimeError) in
            .duration(Durations.truncate(value.asInt, to: try integer(arguments, 0, "a duration", context)))
        },
        string,
    ]

    /// Whole units and the rest are converted one by one, as in Go, so that the last digit is the same.
    private static func length(_ name: String, unit: Int) -> ValueMethod {
        ValueMethod(name) { value, _, _ in
            let (whole, rest) = value.asInt.quotientAndRemainder(dividingBy: unit)
            return .float(Double(whole) + Double(rest) / Double(unit))
        }
    }

    // MARK: Arguments

    private static func integer(
        _ arguments: Arguments, _ index: Int, _ expected: String, _ context: CallContext
    ) throws(RuntimeError) -> Int {
        guard arguments[index].kind == .int else {
            throw context.wrongArgument(index, expected: expected, given: arguments[index])
        }
        return arguments[index].asInt
    }

    private static func time(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Timestamp {
        guard arguments[0].kind == .time else {
            throw context.wrongArgument(0, expected: "a time", given: arguments[0])
        }
        return Timestamp(arguments[0])
    }
}
