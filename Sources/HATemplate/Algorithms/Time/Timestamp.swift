/// A point in time and the zone that it is shown in.
///
/// Times are nanoseconds in 64 bits: from September 1677 to April 2262. The zone is an offset from UTC in whole
/// minutes, 0 being UTC itself; no other zone has a name here.
struct Timestamp: Equatable {
    /// Since the beginning of 1970 in UTC.
    var nanoseconds: Int64
    /// East of Greenwich.
    var offsetMinutes: Int = 0

    /// Distance of the wall clock from UTC.
    var offset: Int { offsetMinutes * 60 }

    init(nanoseconds: Int64, offsetMinutes: Int = 0) {
        self.nanoseconds = nanoseconds
        self.offsetMinutes = offsetMinutes
    }

    /// What a time value holds.
    init(_ value: Value) {
        nanoseconds = Int64(value.asInt)
        offsetMinutes = Int(Int16(bitPattern: value.type.rawValue))
    }

    var value: Value {
        let zone = TypeTag(rawValue: UInt16(bitPattern: Int16(truncatingIfNeeded: offsetMinutes)))
        return Value(.time, payload: UInt64(bitPattern: nanoseconds), type: zone)
    }

    /// Whole seconds since 1970; the fraction is left off downwards.
    var unixSeconds: Int { Int(nanoseconds.quotient(floor: 1_000_000_000)) }

    /// The same time some nanoseconds later; nil when that cannot be held.
    func adding(_ duration: Int) -> Timestamp? {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(Int64(duration))
        return overflow ? nil : Timestamp(nanoseconds: sum, offsetMinutes: offsetMinutes)
    }

    /// Nanoseconds from `other` to here, as near as they can be held. Go: Time.Sub.
    func distance(from other: Timestamp) -> Int {
        let (difference, overflow) = nanoseconds.subtractingReportingOverflow(other.nanoseconds)
        return overflow ? (nanoseconds > other.nanoseconds ? .max : .min) : Int(difference)
    }

    /// How much later than a multiple of `duration` since the beginning of year 1 this is. Go: Time.Truncate.
    func excess(over duration: Int) -> Int {
        let sinceYearOne = Int128(nanoseconds) + 62_135_596_800_000_000_000
        return Int(truncatingIfNeeded: sinceYearOne % Int128(duration))
    }
}

extension FixedWidthInteger {
    /// The quotient rounded down, for a positive divisor.
    func quotient(floor divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Value {
    static func time(_ time: Timestamp) -> Value { time.value }

    /// Go's time.Duration: an integer of nanoseconds that prints as `1h30m0s`.
    static func duration(_ nanoseconds: Int) -> Value {
        var value = Value.int(nanoseconds)
        value.type = .duration
        return value
    }

    /// Go's time.Month: an integer that prints as its name.
    static func month(_ month: Int) -> Value {
        var value = Value.int(month)
        value.type = .month
        return value
    }

    /// Go's time.Weekday: an integer from 0, Sunday, that prints as its name.
    static func weekday(_ weekday: Int) -> Value {
        var value = Value.int(weekday)
        value.type = .weekday
        return value
    }

    /// Whether printing it as an integer would be wrong: a duration, a month or a weekday.
    @inline(__always)
    var isNamedInteger: Bool {
        kind == .int && type.rawValue >= TypeTag.duration.rawValue && type.rawValue <= TypeTag.weekday.rawValue
    }
}
