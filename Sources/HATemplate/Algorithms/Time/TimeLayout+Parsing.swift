extension TimeLayout {
    /// Reads a time that is written as the layout says. Without a zone it is in UTC.
    ///
    /// Nil when the text is none, or when the time cannot be held. Names of zones are read and pass for UTC, as Hugo
    /// has it. Go: time/format.go, parse.
    func parse(_ text: UnsafeBufferPointer<UInt8>, ignoringZone: Bool = false) -> Reading {
        var parser = TimeParser(text)
        for (index, piece) in pieces.enumerated() {
            let fits: Bool
            switch piece {
            case .text(let range): fits = parser.skip(bytes[range])
            case .element(let element):
                fits = parser.take(element, beforeFraction: isFractionNext(after: index))
            }
            guard fits else { return .mismatch }
        }
        guard parser.isAtEnd, let civil = parser.civilTime() else { return .mismatch }
        guard let offset = ignoringZone ? 0 : parser.offsetMinutes, let time = civil.timestamp(offsetMinutes: offset)
        else { return .outOfRange }
        return .time(time)
    }

    private func isFractionNext(after index: Int) -> Bool {
        for piece in pieces[(index + 1)...] {
            guard case .element(let element) = piece else { continue }
            if case .fraction = element { return true }
            return false
        }
        return false
    }

    enum Reading: Equatable {
        case time(Timestamp)
        /// The text is not written as the layout says, or no such day or hour exists.
        case mismatch
        /// It is a time that cannot be held.
        case outOfRange
    }
}

/// A text on the way to become a time.
private struct TimeParser {
    private var rest: Slice<UnsafeBufferPointer<UInt8>>
    private var year = 0
    private var month: Int?
    private var day: Int?
    private var yearDay: Int?
    private var hour = 0
    private var minute = 0
    private var second = 0
    private var nanosecond = 0
    private var isAfternoon: Bool?
    private var offsetSeconds = 0

    init(_ text: UnsafeBufferPointer<UInt8>) {
        rest = text[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// The offset that was read; nil when it has seconds.
    var offsetMinutes: Int? { offsetSeconds % 60 == 0 ? offsetSeconds / 60 : nil }

    // MARK: The whole

    /// The parts together; nil when they contradict each other or there is no such day.
    func civilTime() -> CivilTime? {
        var hour = hour
        if let isAfternoon {
            if isAfternoon, hour < 12 { hour += 12 }
            if !isAfternoon, hour == 12 { hour = 0 }
        }
        var month = month
        var day = day
        if let yearDay {
            guard yearDay >= 1, yearDay <= (CivilTime.isLeap(year) ? 366 : 365) else { return nil }
            var first = 1
            var rest = yearDay
            while rest > CivilTime.days(inMonth: first, of: year) {
                rest -= CivilTime.days(inMonth: first, of: year)
                first += 1
            }
            guard month ?? first == first, day ?? rest == rest else { return nil }
            month = first
            day = rest
        }
        guard (day ?? 1) >= 1, (day ?? 1) <= CivilTime.days(inMonth: month ?? 1, of: year) else { return nil }
        return CivilTime(
            year: year, month: month ?? 1, day: day ?? 1, hour: hour, minute: minute, second: second,
            nanosecond: nanosecond)
    }

    // MARK: Parts

    /// Plain text; a space fits any number of spaces, and none at the end.
    mutating func skip(_ text: ArraySlice<UInt8>) -> Bool {
        var text = text
        let space = UInt8(ascii: " ")
        while let byte = text.first {
            if byte == space {
                guard rest.isEmpty || rest.first == space else { return false }
                text = text.drop { $0 == space }
                rest = rest.drop { $0 == space }
            } else {
                guard rest.first == byte else { return false }
                text.removeFirst()
                rest.removeFirst()
            }
        }
        return true
    }

    mutating func take(_ element: TimeLayout.Element, beforeFraction: Bool) -> Bool {
        switch element {
        case .longMonth: return take(name: CivilTime.monthNames, whole: true) { $0.month = $1 + 1 }
        case .month: return take(name: CivilTime.monthNames, whole: false) { $0.month = $1 + 1 }
        case .longWeekday: return take(name: CivilTime.weekdayNames, whole: true) { _, _ in }
        case .weekday: return take(name: CivilTime.weekdayNames, whole: false) { _, _ in }
        case .numericMonth, .zeroMonth:
            month = number(fixed: element == .zeroMonth)
            return month.map { (1...12).contains($0) } ?? false
        case .day, .underDay, .zeroDay:
            if element == .underDay, rest.first == UInt8(ascii: " ") { rest.removeFirst() }
            day = number(fixed: element == .zeroDay)
            return day != nil
        case .underYearDay, .zeroYearDay: return takeYearDay(padded: element == .underYearDay)
        case .hour: return take(number(fixed: false), below: 24) { $0.hour = $1 }
        case .hour12, .zeroHour12: return take(number(fixed: element == .zeroHour12), below: 13) { $0.hour = $1 }
        case .minute, .zeroMinute: return take(number(fixed: element == .zeroMinute), below: 60) { $0.minute = $1 }
        case .second, .zeroSecond:
            guard take(number(fixed: element == .zeroSecond), below: 60, { $0.second = $1 }) else { return false }
            // A fraction may follow the seconds even where the layout has none.
            return beforeFraction || takeFraction(atLeast: 0)
        case .longYear: return takeYear(digits: 4)
        case .year: return takeYear(digits: 2)
        case .upperPM: return takeHalf("AM", "PM")
        case .lowerPM: return takeHalf("am", "pm")
        case .zone: return takeZoneName()
        case .offset(let style): return takeOffset(style)
        case .fraction(_, let digits, let isTrimmed):
            return takeFraction(atLeast: isTrimmed ? 0 : digits, exactly: !isTrimmed)
        }
    }

    private mutating func take(_ number: Int?, below bound: Int, _ set: (inout TimeParser, Int) -> Void) -> Bool {
        guard let number, number < bound else { return false }
        set(&self, number)
        return true
    }

    /// One or two digits; two when `fixed`.
    private mutating func number(fixed: Bool) -> Int? {
        let digits = rest.prefix(2).prefix(while: isDigit)
        guard digits.count == 2 || (!fixed && digits.count == 1) else { return nil }
        rest = rest.dropFirst(digits.count)
        return Self.decimal(digits)
    }

    private mutating func takeYear(digits count: Int) -> Bool {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(isDigit) else { return false }
        rest = rest.dropFirst(count)
        year = Self.decimal(digits)
        if count == 2 { year += year >= 69 ? 1900 : 2000 }
        return true
    }

    private mutating func takeYearDay(padded: Bool) -> Bool {
        var missing = 3
        while padded, missing > 1, rest.first == UInt8(ascii: " ") {
            rest.removeFirst()
            missing -= 1
        }
        // Go takes up to three digits, and asks for three where the layout pads with zeros.
        let digits = rest.prefix(3).prefix(while: isDigit)
        guard digits.count == 3 || (padded && !digits.isEmpty) else { return false }
        rest = rest.dropFirst(digits.count)
        yearDay = Self.decimal(digits)
        return true
    }

    private static func decimal(_ digits: some Collection<UInt8>) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// A name in upper or lower case, in full or its first three letters.
    private mutating func take(
        name names: [String], whole: Bool, _ set: (inout TimeParser, Int) -> Void
    ) -> Bool {
        for (index, name) in names.enumerated() {
            let letters = whole ? Array(name.utf8) : Array(name.utf8.prefix(3))
            guard rest.prefix(letters.count).elementsEqual(letters, by: { $0 | 0x20 == $1 | 0x20 }) else { continue }
            rest = rest.dropFirst(letters.count)
            set(&self, index)
            return true
        }
        return false
    }

    private mutating func takeHalf(_ morning: StaticString, _ afternoon: StaticString) -> Bool {
        if take(afternoon) {
            isAfternoon = true
        } else if take(morning) {
            isAfternoon = false
        } else {
            return false
        }
        return true
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard text.withUTF8Buffer({ rest.starts(with: $0) }) else { return false }
        rest = rest.dropFirst(text.utf8CodeUnitCount)
        return true
    }

    /// A point or comma and digits: so many, or any number of them; nothing is fine when none need be.
    private mutating func takeFraction(atLeast count: Int, exactly: Bool = false) -> Bool {
        let isSeparated = rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",")
        var digits = rest.dropFirst().prefix(while: isDigit)
        guard isSeparated, !digits.isEmpty else { return count == 0 }
        guard digits.count >= count else { return false }
        if exactly { digits = digits.prefix(count) }
        rest = rest.dropFirst(1 + digits.count)
        nanosecond = Self.decimal(digits.prefix(9))
        for _ in min(digits.count, 9)..<9 { nanosecond *= 10 }
        return true
    }

    // MARK: Zones

    private mutating func takeOffset(_ style: TimeLayout.Offset) -> Bool {
        offsetSeconds = 0
        if style.usesZ, take("Z") { return true }
        guard let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { return false }
        rest.removeFirst()
        // Go takes offsets of 24 hours, 60 minutes and 60 seconds too.
        let bounds = [24, 60, 60]
        var parts = [0, 0, 0]
        for index in 0..<style.parts {
            if index > 0, style.hasColons, !take(":") { return false }
            guard let part = number(fixed: true), part <= bounds[index] else { return false }
            parts[index] = part
        }
        let offset = (parts[0] * 60 + parts[1]) * 60 + parts[2]
        offsetSeconds = sign == UInt8(ascii: "-") ? -offset : offset
        return true
    }

    /// The abbreviation of a zone's name, which says nothing of its offset. Go: time/format.go, parseTimeZone.
    private mutating func takeZoneName() -> Bool {
        if take("UTC") || take("ChST") || take("MeST") { return true }
        if take("GMT") {
            _ = takeHours()
            return true
        }
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { return takeHours() }
        let letters = rest.prefix(6).prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        let isName =
            switch letters.count {
            case 3: true
            case 4: letters.last == UInt8(ascii: "T") || letters.elementsEqual("WITA".utf8)
            case 5: letters.last == UInt8(ascii: "T")
            default: false
            }
        guard isName else { return false }
        rest = rest.dropFirst(letters.count)
        return true
    }

    /// A sign and an hour up to 23.
    private mutating func takeHours() -> Bool {
        guard let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { return false }
        let digits = rest.dropFirst().prefix(while: isDigit)
        guard !digits.isEmpty, digits.count < 10, Self.decimal(digits) <= 23 else { return false }
        rest = rest.dropFirst(1 + digits.count)
        return true
    }
}
