/// A point in time as calendar and clock show it, in the proleptic Gregorian calendar.
struct CivilTime {
    var year: Int
    /// From 1.
    var month: Int
    /// From 1.
    var day: Int
    var hour = 0
    var minute = 0
    var second = 0
    var nanosecond = 0

    static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let weekdayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, nanosecond: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.nanosecond = nanosecond
    }

    /// What calendar and clock show in the time's own zone.
    init(_ time: Timestamp) {
        let seconds = time.unixSeconds + time.offset
        let days = seconds.quotient(floor: 86_400)
        let clock = seconds - days * 86_400
        let date = Self.date(ofDay: days)
        let fraction = Int(time.nanoseconds % 1_000_000_000)
        self.init(
            year: date.year, month: date.month, day: date.day, hour: clock / 3600, minute: clock / 60 % 60,
            second: clock % 60, nanosecond: fraction < 0 ? fraction + 1_000_000_000 : fraction)
    }

    /// 0 is Sunday.
    var weekday: Int {
        let day = (Self.dayNumber(year: year, month: month, day: day) + 4) % 7
        return day < 0 ? day + 7 : day
    }

    /// From 1.
    var yearDay: Int {
        Self.dayNumber(year: year, month: month, day: day) - Self.dayNumber(year: year, month: 1, day: 1) + 1
    }

    /// The time that a wall clock with this offset shows; fields beyond their range count on, as in Go's time.Date.
    ///
    /// Nil when the time lies outside the years that can be held.
    func timestamp(offsetMinutes: Int) -> Timestamp? {
        let limit = 100_000_000
        guard year.magnitude < limit, month.magnitude < limit, day.magnitude < limit else { return nil }
        let months = month - 1
        let years = months.quotient(floor: 12)
        let days = Self.dayNumber(year: year + years, month: months - years * 12 + 1, day: 1) + day - 1
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offsetMinutes * 60
        let (scaled, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (nanoseconds, carry) = scaled.addingReportingOverflow(Int64(nanosecond))
        return overflow || carry ? nil : Timestamp(nanoseconds: nanoseconds, offsetMinutes: offsetMinutes)
    }

    // MARK: The calendar

    static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since the first of January 1970.
    ///
    /// Years are counted from March, so that the leap day is the last; 400 years have 146,097 days.
    static func dayNumber(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let era = year.quotient(floor: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(ofDay number: Int) -> (year: Int, month: Int, day: Int) {
        let days = number + 719_468
        let era = days.quotient(floor: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1
        )
    }
}
