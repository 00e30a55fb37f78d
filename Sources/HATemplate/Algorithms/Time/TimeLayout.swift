/// Go's time layouts: a layout shows how the reference time, `Mon Jan 2 15:04:05 MST 2006`, would be written.
///
/// Go: time/format.go, nextStdChunk.
struct TimeLayout {
    /// A part of a layout that stands for a part of a time.
    enum Element: Equatable {
        case longMonth, month, numericMonth, zeroMonth
        case longWeekday, weekday
        case day, underDay, zeroDay, underYearDay, zeroYearDay
        case hour, hour12, zeroHour12
        case minute, zeroMinute, second, zeroSecond
        case longYear, year
        case upperPM, lowerPM
        case zone
        case offset(Offset)
        /// A fraction of so many digits, after a point or comma; `isTrimmed` without zeros at the end.
        case fraction(separator: UInt8, digits: Int, isTrimmed: Bool)
    }

    /// How an offset from UTC is written.
    struct Offset: Equatable {
        /// `Z` where the offset is none.
        var usesZ: Bool
        var hasColons: Bool
        /// Hours alone, or with minutes, or with minutes and seconds.
        var parts: Int
    }

    /// Text as it stands, or an element.
    enum Piece {
        case text(Range<Int>)
        case element(Element)
    }

    let bytes: [UInt8]
    let pieces: [Piece]

    init(_ layout: some Collection<UInt8>) {
        bytes = Array(layout)
        var pieces: [Piece] = []
        var textStart = 0
        var offset = 0
        while offset < bytes.count {
            guard let (element, length, lead) = Self.element(bytes[offset...]) else {
                offset += 1
                continue
            }
            if offset + lead > textStart { pieces.append(.text(textStart..<(offset + lead))) }
            pieces.append(.element(element))
            offset += lead + length
            textStart = offset
        }
        if textStart < bytes.count { pieces.append(.text(textStart..<bytes.count)) }
        self.pieces = pieces
    }

    init(_ layout: String) {
        self.init(Array(layout.utf8))
    }

    /// The element that a rest of a layout begins with, its length, and how many bytes of plain text stand before it.
    private static func element(_ rest: ArraySlice<UInt8>) -> (Element, length: Int, lead: Int)? {
        switch rest.first {
        case UInt8(ascii: "."), UInt8(ascii: ","): return fraction(rest)
        case UInt8(ascii: "J"), UInt8(ascii: "M"): return name(rest)
        // "_2006" is an underscore before the year.
        case UInt8(ascii: "_") where starts(rest, "_2006"): return (.longYear, 4, 1)
        default: break
        }
        guard let found = table.first(where: { starts(rest, $0.text) }) else { return nil }
        return (found.element, found.text.utf8CodeUnitCount, 0)
    }

    /// A short name counts only when no lower-case letter follows: `Janet` is plain text.
    private static func name(_ rest: ArraySlice<UInt8>) -> (Element, length: Int, lead: Int)? {
        if starts(rest, "January") { return (.longMonth, 7, 0) }
        if starts(rest, "Monday") { return (.longWeekday, 6, 0) }
        if starts(rest, "MST") { return (.zone, 3, 0) }
        let follower = rest.dropFirst(3).first ?? 0
        guard !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(follower) else { return nil }
        if starts(rest, "Jan") { return (.month, 3, 0) }
        return starts(rest, "Mon") ? (.weekday, 3, 0) : nil
    }

    /// `.000` or `.999`, when no further digit follows.
    private static func fraction(_ rest: ArraySlice<UInt8>) -> (Element, length: Int, lead: Int)? {
        let digit = rest.dropFirst().first
        guard let separator = rest.first, digit == UInt8(ascii: "0") || digit == UInt8(ascii: "9") else { return nil }
        let digits = rest.dropFirst().prefix { $0 == digit }
        if let follower = rest.dropFirst(1 + digits.count).first, isDigit(follower) { return nil }
        let isTrimmed = digit == UInt8(ascii: "9")
        return (.fraction(separator: separator, digits: digits.count, isTrimmed: isTrimmed), 1 + digits.count, 0)
    }

    private static func starts(_ rest: ArraySlice<UInt8>, _ text: StaticString) -> Bool {
        text.withUTF8Buffer { rest.starts(with: $0) }
    }

    /// The first that fits counts.
    private static let table: [(text: StaticString, element: Element)] = [
        ("01", .zeroMonth), ("02", .zeroDay), ("03", .zeroHour12), ("04", .zeroMinute), ("05", .zeroSecond),
        ("06", .year), ("002", .zeroYearDay), ("15", .hour), ("1", .numericMonth), ("2006", .longYear), ("2", .day),
        ("_2", .underDay), ("__2", .underYearDay), ("3", .hour12), ("4", .minute), ("5", .second), ("PM", .upperPM),
        ("pm", .lowerPM),
        ("-070000", .offset(.init(usesZ: false, hasColons: false, parts: 3))),
        ("-07:00:00", .offset(.init(usesZ: false, hasColons: true, parts: 3))),
        ("-0700", .offset(.init(usesZ: false, hasColons: false, parts: 2))),
        ("-07:00", .offset(.init(usesZ: false, hasColons: true, parts: 2))),
        ("-07", .offset(.init(usesZ: false, hasColons: false, parts: 1))),
        ("Z070000", .offset(.init(usesZ: true, hasColons: false, parts: 3))),
        ("Z07:00:00", .offset(.init(usesZ: true, hasColons: true, parts: 3))),
        ("Z0700", .offset(.init(usesZ: true, hasColons: false, parts: 2))),
        ("Z07:00", .offset(.init(usesZ: true, hasColons: true, parts: 2))),
        ("Z07", .offset(.init(usesZ: true, hasColons: false, parts: 1))),
    ]
}

// MARK: Writing

extension TimeLayout {
    /// How a time prints: `2006-01-02 15:04:05.999999999 -0700 MST`.
    static let standard = TimeLayout("2006-01-02 15:04:05.999999999 -0700 MST")

    /// How a time stands in JSON.
    static let rfc3339 = TimeLayout("2006-01-02T15:04:05.999999999Z07:00")

    /// Appends a time as the layout says. Go: time/format.go, appendFormat.
    func append(_ time: Timestamp, into output: inout ByteBuffer) {
        let civil = CivilTime(time)
        for piece in pieces {
            switch piece {
            case .text(let range): output.append(bytes[range])
            case .element(let element): Self.append(element, civil, time, into: &output)
            }
        }
    }

    private static func append(
        _ element: Element, _ civil: CivilTime, _ time: Timestamp, into output: inout ByteBuffer
    ) {
        switch element {
        case .longMonth: output.append(CivilTime.monthNames[civil.month - 1])
        case .month: output.append(String(CivilTime.monthNames[civil.month - 1].prefix(3)))
        case .numericMonth: output.append(decimal: civil.month)
        case .zeroMonth: output.append(civil.month, width: 2)
        case .longWeekday: output.append(CivilTime.weekdayNames[civil.weekday])
        case .weekday: output.append(String(CivilTime.weekdayNames[civil.weekday].prefix(3)))
        case .day: output.append(decimal: civil.day)
        case .underDay: output.append(civil.day, width: 2, padding: UInt8(ascii: " "))
        case .zeroDay: output.append(civil.day, width: 2)
        case .underYearDay: output.append(civil.yearDay, width: 3, padding: UInt8(ascii: " "))
        case .zeroYearDay: output.append(civil.yearDay, width: 3)
        case .hour: output.append(civil.hour, width: 2)
        case .hour12: output.append(decimal: (civil.hour + 11) % 12 + 1)
        case .zeroHour12: output.append((civil.hour + 11) % 12 + 1, width: 2)
        case .minute: output.append(decimal: civil.minute)
        case .zeroMinute: output.append(civil.minute, width: 2)
        case .second: output.append(decimal: civil.second)
        case .zeroSecond: output.append(civil.second, width: 2)
        case .longYear: output.append(civil.year, width: 4)
        case .year: output.append(civil.year % 100, width: 2)
        case .upperPM: output.append(civil.hour >= 12 ? "PM" as StaticString : "AM" as StaticString)
        case .lowerPM: output.append(civil.hour >= 12 ? "pm" as StaticString : "am" as StaticString)
        case .zone:
            if time.offset == 0 {
                output.append("UTC" as StaticString)
            } else {
                append(.init(usesZ: false, hasColons: false, parts: 2), time.offset, into: &output)
            }
        case .offset(let style): append(style, time.offset, into: &output)
        case .fraction(let separator, let digits, let isTrimmed):
            append(fraction: civil.nanosecond, digits, separator, isTrimmed, into: &output)
        }
    }

    private static func append(_ style: Offset, _ offset: Int, into output: inout ByteBuffer) {
        if style.usesZ, offset == 0 { return output.append(UInt8(ascii: "Z")) }
        let magnitude = abs(offset)
        output.append(UInt8(ascii: offset < 0 ? "-" : "+"))
        output.append(magnitude / 3600, width: 2)
        for part in [magnitude / 60 % 60, magnitude % 60].prefix(style.parts - 1) {
            if style.hasColons { output.append(UInt8(ascii: ":")) }
            output.append(part, width: 2)
        }
    }

    private static func append(
        fraction nanosecond: Int, _ digits: Int, _ separator: UInt8, _ isTrimmed: Bool, into output: inout ByteBuffer
    ) {
        let start = output.count
        output.append(separator)
        var rest = nanosecond
        var unit = 100_000_000
        for _ in 0..<digits {
            output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: unit > 0 ? rest / unit : 0))
            rest = unit > 0 ? rest % unit : 0
            unit /= 10
        }
        guard isTrimmed else { return }
        let shown = output.withElements { $0[(start + 1)...].lastIndex { $0 != UInt8(ascii: "0") } }
        output.truncate(to: shown.map { $0 + 1 } ?? start)
    }
}

extension Buffer where Element == UInt8 {
    /// An integer of at least `width` digits.
    fileprivate mutating func append(_ number: Int, width: Int, padding: UInt8 = UInt8(ascii: "0")) {
        var bound = 10
        var missing = width - 1
        while number >= bound {
            bound *= 10
            missing -= 1
        }
        append(repeating: padding, count: missing)
        append(decimal: number)
    }
}
