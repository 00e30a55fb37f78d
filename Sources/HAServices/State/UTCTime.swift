/// A moment as people write it: `2026-11-21T08:27:52Z`.
package struct UTCTime: CustomStringConvertible {
    /// Seconds since 1970, UTC.
    let seconds: Int

    package init(seconds: Int) {
        self.seconds = seconds
    }

    package var description: String {
        let day = seconds.quotientAndFloor(by: 86_400)
        let (year, month, date) = Self.civil(day.quotient)
        let (hour, minute, second) = (day.rest / 3600, day.rest / 60 % 60, day.rest % 60)
        let digits = String(year)
        let padding = String(repeating: "0", count: max(0, 4 - digits.count))
        return "\(padding)\(digits)-\(two(month))-\(two(date))T\(two(hour)):\(two(minute)):\(two(second))Z"
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    /// The date of a day that is counted from 1 January 1970, in the Gregorian calendar.
    ///
    /// Years begin in March here, so that the leap day is the last one; 400 years have 146,097 days.
    private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (day + 719_468).quotientAndFloor(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let date = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date)
    }
}

extension Int {
    /// Division that rounds down, so that the rest is never negative.
    fileprivate func quotientAndFloor(by divisor: Int) -> (quotient: Int, rest: Int) {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
}
