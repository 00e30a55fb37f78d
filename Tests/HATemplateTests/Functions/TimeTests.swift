import Testing

@testable import HATemplate

/// Times and durations as Hugo's templates use them.
@Suite struct TimeTests {
    /// Expression and result, as Hugo 0.168 gives it.
    static let results: [(String, String)] = [
        (#"(time "2026-01-02").Year"#, "2026"),
        (
            #"(time "2026-01-02T15:04:05+02:00").Format "2006-01-02T15:04:05Z07:00 MST""#,
            "2026-01-02T15:04:05+02:00 +0200"
        ),
        (#"time "2026-01-02T15:04:05+02:00""#, "2026-01-02 15:04:05 +0200 +0200"),
        (#"time "2026-01-02""#, "2026-01-02 00:00:00 +0000 UTC"),
        (#"time "2026-01-02 15:04:05""#, "2026-01-02 15:04:05 +0000 UTC"),
        (#"time "2026-01-02 15:04:05.123""#, "2026-01-02 15:04:05.123 +0000 UTC"),
        (#"time "2026-01-02T15:04:05.5Z""#, "2026-01-02 15:04:05.5 +0000 UTC"),
        (#"time "Mon, 02 Jan 2006 15:04:05 MST""#, "2006-01-02 15:04:05 +0000 UTC"),
        (#"time "Mon, 02 Jan 2006 15:04:05 UTC""#, "2006-01-02 15:04:05 +0000 UTC"),
        (#"time "Mon, 02 Jan 2006 15:04:05 GMT""#, "2006-01-02 15:04:05 +0000 UTC"),
        (#"time "Mon, 02 Jan 2006 15:04:05 -0700""#, "2006-01-02 15:04:05 -0700 -0700"),
        (#"time "02 Jan 06 15:04 UTC""#, "2006-01-02 15:04:00 +0000 UTC"),
        (#"time "02 Jan 2006""#, "2006-01-02 00:00:00 +0000 UTC"),
        ("time 0", "1970-01-01 00:00:00 +0000 UTC"),
        ("time 1700000000", "2023-11-14 22:13:20 +0000 UTC"),
        (#"time "2026-01-02 15:04:05 +0200""#, "2026-01-02 15:04:05 +0200 +0200"),
        (#"time "2026-01-02 15:04:05 +02:00""#, "2026-01-02 15:04:05 +0200 +0200"),
        (#"time "2026-01-02 15:04:05Z""#, "2026-01-02 15:04:05 +0000 UTC"),
        (#"time "2026-01-02 15:04:05.999999999 +0000 UTC""#, "2026-01-02 15:04:05.999999999 +0000 UTC"),
        (#"time "2026-01-02" "UTC""#, "2026-01-02 00:00:00 +0000 UTC"),
        (#"time.AsTime "2026-01-02T15:04:05-0700""#, "2026-01-02 15:04:05 -0700 -0700"),
        (#"(time "2026-01-02").Month"#, "January"),
        (#"int (time "2026-01-02").Month"#, "1"),
        (#"string (time "2026-01-02").Month"#, "January"),
        (#"add (time "2026-01-02").Month 1"#, "2"),
        (#"eq (time "2026-01-02").Month 1"#, "true"),
        (#"(time "2026-01-02").Weekday"#, "Friday"),
        (#"printf "%d" (time "2026-01-02").Weekday"#, "5"),
        (#"(time "2026-01-02").YearDay"#, "2"),
        (#"(time "2026-01-02").Unix"#, "1767312000"),
        (#"(time "2026-01-02").UnixMilli"#, "1767312000000"),
        (#"(time "2026-01-02").UnixNano"#, "1767312000000000000"),
        (#"(time "2026-01-02").AddDate 0 1 30"#, "2026-03-04 00:00:00 +0000 UTC"),
        (#"(time "2026-01-31").AddDate 0 1 0"#, "2026-03-03 00:00:00 +0000 UTC"),
        (#"(time "2026-01-02").Add (time.ParseDuration "36h")"#, "2026-01-03 12:00:00 +0000 UTC"),
        (#"(time "2026-01-02").Add 3600000000000"#, "2026-01-02 01:00:00 +0000 UTC"),
        (#"(time "2026-01-02").Add (add 1 2)"#, "2026-01-02 00:00:00.000000003 +0000 UTC"),
        (#"(time "2026-01-02").Sub (time "2025-12-31")"#, "48h0m0s"),
        (#"(time "2026-01-02").Before (time "2025-12-31")"#, "false"),
        (#"(time "2026-01-02").After (time "2025-12-31")"#, "true"),
        (#"(time "2026-01-02").Equal (time "2026-01-02")"#, "true"),
        (#"(time "2026-01-02").Compare (time "2026-01-03")"#, "-1"),
        (#"(time "2026-01-02").IsZero"#, "false"),
        (#"(time "2026-01-02T15:04:05+02:00").UTC"#, "2026-01-02 13:04:05 +0000 UTC"),
        (#"(time "2026-01-02T15:04:05+02:00").Local"#, "2026-01-02 13:04:05 +0000 UTC"),
        (#"(time "2026-01-02T15:04:05Z").Truncate (time.ParseDuration "1h")"#, "2026-01-02 15:00:00 +0000 UTC"),
        (#"(time "2026-01-02T15:44:05Z").Round (time.ParseDuration "1h")"#, "2026-01-02 16:00:00 +0000 UTC"),
        (#"(time "2026-01-02T15:44:05Z").String"#, "2026-01-02 15:44:05 +0000 UTC"),
        (#"(time "2026-01-02T15:44:05Z").Hour"#, "15"),
        (#"eq (time "2026-01-02") (time "2026-01-02")"#, "true"),
        (#"printf "%s" (time "2026-01-02")"#, "2026-01-02 00:00:00 +0000 UTC"),
        (
            #"printf "%#v" (time "2026-01-02T15:04:05+02:00")"#,
            #"time.Date(2026, time.January, 2, 15, 4, 5, 0, time.Location(""))"#
        ),
        (
            #"printf "%#v" (time "2026-01-02T15:04:05.5Z")"#,
            "time.Date(2026, time.January, 2, 15, 4, 5, 500000000, time.UTC)"
        ),
        (#"printf "%#v" (time.ParseDuration "3s")"#, "3000000000"),
        (#"printf "%x" (time.ParseDuration "3s")"#, "3373"),
        (#"printf "%q" (time.ParseDuration "3s")"#, #""3s""#),
        (#"printf "%d" (time.ParseDuration "3s")"#, "3000000000"),
        (#"printf "%10v|" (time.ParseDuration "3s")"#, "        3s|"),
        (#"printf "%05d|" (time.ParseDuration "3ns")"#, "00003|"),
        (#"printf "%t" (time.ParseDuration "3s")"#, "%!t(time.Duration=3000000000)"),
        (#"printf "%+v" (time.ParseDuration "3s")"#, "3s"),
        (#"print (time.ParseDuration "3s") (time.ParseDuration "4s")"#, "3s 4s"),
        (#"time.Format "2006" "2026-01-02""#, "2026"),
        (#"time.Format ":date_full" "2026-01-02""#, "Friday, January 2, 2026"),
        (#"time.Format ":date_long" "2026-01-02""#, "January 2, 2026"),
        (#"time.Format ":date_medium" "2026-01-02""#, "Jan 2, 2026"),
        (#"time.Format ":date_short" "2026-01-02""#, "1/2/26"),
        (#"time.Format ":time_full" "2026-01-02""#, "12:00:00 am UTC"),
        (#"time.Format ":time_long" "2026-01-02""#, "12:00:00 am UTC"),
        (#"time.Format ":time_medium" "2026-01-02""#, "12:00:00 am"),
        (#"time.Format ":time_short" "2026-01-02""#, "12:00 am"),
        (#"time.Format ":foo" "2026-01-02""#, ":foo"),
        (#"time.Format "2006" 0"#, "1970"),
        (#"dateFormat "2006" "2026-01-02""#, "2026"),
        (#"time.Duration "hour" 24"#, "24h0m0s"),
        (#"time.Duration "h" 24"#, "24h0m0s"),
        (#"duration "minute" "5""#, "5m0s"),
        (#"duration "ms" 5"#, "5ms"),
        (#"duration "µs" 5"#, "5µs"),
        (#"duration "us" 5"#, "5µs"),
        (#"duration "ns" 5"#, "5ns"),
        (#"duration "s" 5"#, "5s"),
        (#"duration "m" 5"#, "5m0s"),
        (#"duration "hour" nil"#, "0s"),
        (#"time.ParseDuration "1h30m""#, "1h30m0s"),
        (#"time.ParseDuration "1.5h""#, "1h30m0s"),
        (#"time.ParseDuration "-1.5h""#, "-1h30m0s"),
        (#"time.ParseDuration "100ms""#, "100ms"),
        (#"time.ParseDuration "1us""#, "1µs"),
        (#"time.ParseDuration "1µs""#, "1µs"),
        (#"time.ParseDuration "1μs""#, "1µs"),
        (#"time.ParseDuration "1ns""#, "1ns"),
        (#"time.ParseDuration "0""#, "0s"),
        (#"time.ParseDuration "+5s""#, "5s"),
        (#"time.ParseDuration ".5s""#, "500ms"),
        (#"time.ParseDuration "5.s""#, "5s"),
        (#"time.ParseDuration "9223372036854775807ns""#, "2562047h47m16.854775807s"),
        (#"time.ParseDuration "-9223372036854775808ns""#, "-2562047h47m16.854775808s"),
        (#"time.ParseDuration "1.0000000001s""#, "1s"),
        (#"time.ParseDuration "0.3333333333333333333h""#, "20m0s"),
        (#"(time.ParseDuration "1h30m").Hours"#, "1.5"),
        (#"(time.ParseDuration "1h30m").Minutes"#, "90"),
        (#"(time.ParseDuration "-1h30m").Abs"#, "1h30m0s"),
        (#"(time.ParseDuration "1h31m").Round (time.ParseDuration "1h")"#, "2h0m0s"),
        (#"(time.ParseDuration "1h31m").Truncate (time.ParseDuration "1h")"#, "1h0m0s"),
        (#"(time.ParseDuration "1h31m").String"#, "1h31m0s"),
        (#"math.Abs (time.ParseDuration "3s")"#, "3e+09"),
        (#"float (time.ParseDuration "3s")"#, "3e+09"),
        (#"string (time "2026-01-02T15:04:05.5+02:00")"#, "2026-01-02 15:04:05.5 +0200 +0200"),
        (#"(time "2026-01-02").Truncate 0"#, "2026-01-02 00:00:00 +0000 UTC"),
        (#"time.Format ":time_full" "2026-01-02T13:04:05Z" | printf "%q""#, #""1:04:05\u202fpm UTC""#),
        (#"time.Format ":time_short" "2026-01-02T13:04:05+02:00"|printf "%q""#, #""1:04\u202fpm""#),
        (#"time.Format ":time_full" "2026-01-02T13:04:05+02:00"|printf "%q""#, #""1:04:05\u202fpm ""#),
        (#"time.Format ":date_short" "2026-11-22T13:04:05+02:00"|printf "%q""#, #""11/22/26""#),
        (#"time.Format "a:date_short" "2026-11-22T13:04:05+02:00"|printf "%q""#, #""a:date_short""#),
        (
            #"time.Format ":date_short :date_long" "2026-11-22T13:04:05+02:00"|printf "%q""#,
            #"":date_short :date_long""#
        ),
        (#"time.Format ":time_long" "2026-01-02T13:04:05+02:00"|printf "%q""#, #""1:04:05\u202fpm ""#),
        (#"(time "2026-01-02").UnixMicro"#, "1767312000000000"),
        (#"(time "2026-01-02").GoString"#, "time.Date(2026, time.January, 2, 0, 0, 0, 0, time.UTC)"),
        (
            #"printf "%08.3f|%s|%x" (time.ParseDuration "1s") (time "2026-01-02").Month (time "2026-01-02").Weekday"#,
            "%!f(time.Duration=1000000000)|January|467269646179"
        ),
        (
            #"time.Format "Monday 2 January, 15h04 Janet Monkey _2006 .0000 .99x 0" "2026-01-02T15:04:05.123Z""#,
            "Friday 2 January, 15h04 Janet Monkey _2026 .1230 .12x 0"
        ),
        (#"time "2026-01-02T15:04:05,123Z""#, "2026-01-02 15:04:05.123 +0000 UTC"),
        (#"time "Friday, 02-Jan-26 15:04:05 UTC""#, "2026-01-02 15:04:05 +0000 UTC"),
        (#"time "Fri Jan  2 15:04:05 2026""#, "2026-01-02 15:04:05 +0000 UTC"),
        (#"time "Fri Jan  2 15:04:05 EST 2026""#, "2026-01-02 15:04:05 +0000 UTC"),
        (#"time "Fri Jan 02 15:04:05 -0500 2026""#, "2026-01-02 15:04:05 -0500 -0500"),
        (#"time (time "2026-01-02")"#, "2026-01-02 00:00:00 +0000 UTC"),
        ("time -5", "1969-12-31 23:59:55 +0000 UTC"),
        (#"int (time "2026-01-02").Weekday"#, "5"),
        (#"(time "2026-01-02T15:04:05+02:00").Unix"#, "1767359045"),
        (#"(time "2026-01-02T15:04:05+02:00").Hour"#, "15"),
        (#"(time "2026-01-02T15:04:05+02:00").AddDate 0 0 -1"#, "2026-01-01 15:04:05 +0200 +0200"),
        (#"(time "2026-01-02T15:04:05+02:00").Truncate (duration "hour" 24)"#, "2026-01-02 02:00:00 +0200 +0200"),
    ]

    @Test(arguments: results) func givesWhatHugoGives(_ expression: String, _ expected: String) throws {
        #expect(try render("{{ printf \"%v\" (\(expression)) }}") == expected)
    }

    /// What Hugo refuses too.
    static let refused = [
        #"time "2026-02-30""#,
        #"time "x""#,
        #"time """#,
        "time 1700000000.5",
        "time true",
        #"time "1700000000""#,
        #"time "2026-01-02T15:04""#,
        #"(time "2026-01-02T15:44:05Z").Foo"#,
        #"(time "2026-01-02T15:44:05Z").Format"#,
        #"(time "2026-01-02T15:44:05Z").Format 3"#,
        #"(time "2026-01-02T15:44:05Z").Year 3"#,
        #"(time "2026-01-02T15:44:05Z").AddDate 1"#,
        #"(time "2026-01-02T15:44:05Z").AddDate "1" 2 3"#,
        #"(time "2026-01-02T15:44:05Z").Sub 3"#,
        #"time.Format "2006" "x""#,
        #"time.Format nil "2026-01-02""#,
        #"time.Format 2006 "2026-01-02""#,
        #"duration "day" 5"#,
        #"duration "hour" "x""#,
        "duration 3 3",
        #"time.ParseDuration """#,
        #"time.ParseDuration "5""#,
        #"time.ParseDuration "5d""#,
        #"time.ParseDuration "h""#,
        #"time.ParseDuration ".s""#,
        #"time.ParseDuration "9223372036854775808ns""#,
        #"time.ParseDuration "2562048h""#,
        #"time.ParseDuration "1h 30m""#,
        "time.ParseDuration 5",
        "time.ParseDuration nil",
        #"(time.ParseDuration "1h31m").Foo"#,
        #"add 1.0 "2""#,
        #"add "1" 2.0"#,
        #"math.Mul 2 "3""#,
        #"div 1.0 "0""#,
        #"time "2026-1-2""#,
        #"time " 2026-01-02""#,
        #"time "2026-01-02T15:04:05-07:00:30""#,
        #"time "2026-01-02T24:00:00Z""#,
        #"time "2026-01-02T15:04:60Z""#,
    ]

    @Test(arguments: refused) func refusesWhatHugoRefuses(_ expression: String) {
        #expect(mistake("{{ print (\(expression)) }}") != nil)
    }

    /// What lies beyond 64 bits of nanoseconds, or needs a zone's name.
    static let beyond: [(String, String)] = [
        (#"time "3:04PM""#, "1:4 arithmetic the time lies outside the years 1678 to 2261"),
        // Without a year it is the year 0, which has this day.
        (#"time "Feb 29 10:00:00""#, "1:4 arithmetic the time lies outside the years 1678 to 2261"),
        ("time 1700000000000", "1:4 arithmetic the time lies outside the years 1678 to 2261"),
        (#"time "1500-01-01""#, "1:4 arithmetic the time lies outside the years 1678 to 2261"),
        (#"(time "2026-01-02").AddDate 300 0 0"#, "1:5 arithmetic the time lies outside the years 1678 to 2261"),
        (
            #"(time "2026-01-02").AddDate 9223372036854775807 0 0"#,
            "1:5 arithmetic the time lies outside the years 1678 to 2261"
        ),
        (#"duration "hour" 2562048"#, "1:4 arithmetic the result does not fit in an integer of 64 bits"),
        (#"now"#, "1:4 not-allowed the time of this render is not known"),
        ("time nil", "1:9 wrong-argument argument 1 must be a time, not nil"),
        (
            #"time "2026-01-02" "Europe/Berlin""#,
            #"1:22 wrong-argument argument 2 must be UTC, the only zone known here, not a string "Europe/Berlin""#
        ),
    ]

    @Test(arguments: beyond) func theBoundsAreErrors(_ expression: String, _ expected: String) {
        #expect(mistake("{{ \(expression) }}") == expected)
    }

    @Test func nowIsGiven() throws {
        let text =
            #"{{ now }} {{ now.Unix }} {{ now.Format "15:04" }} {{ time.Now.Month }} "#
            + #"{{ time.Now.Format "06" }}{{ print time.Now.Day }}"#
        let template = try Template.parse(SourceFile(name: "t", text: text))
        var output = ByteBuffer()
        try template.render(.empty, options: RenderOptions(now: 1_795_250_255_500_000_000), into: &output)
        #expect(
            output.withElements { String(decoding: $0, as: UTF8.self) }
                == "2026-11-21 08:37:35.5 +0000 UTC 1795250255 08:37 November 2621")
    }

    /// Every day of 400 years, and the ends of what can be held.
    @Test func calendarAgreesWithItself() {
        var civil = CivilTime(year: 1800, month: 1, day: 1)
        for day in 0..<146_097 {
            let time = CivilTime(year: 1800, month: 1, day: 1 + day).timestamp(offsetMinutes: 0)
            let read = time.map { CivilTime($0) }
            #expect(read?.year == civil.year && read?.month == civil.month && read?.day == civil.day)
            civil.day += 1
            if civil.day > CivilTime.days(inMonth: civil.month, of: civil.year) {
                (civil.day, civil.month) = (1, civil.month + 1)
                if civil.month > 12 { (civil.month, civil.year) = (1, civil.year + 1) }
            }
        }
        for nanoseconds in [Int64.min, .max] {
            let text = ByteBuffer.text { TimeText.append(.time(Timestamp(nanoseconds: nanoseconds)), into: &$0) }
            let bounds = ["1677-09-21 00:12:43.145224192 +0000 UTC", "2262-04-11 23:47:16.854775807 +0000 UTC"]
            #expect(bounds.contains(text))
        }
    }

    /// Layout, text, and the time read in seconds since 1970; nil when it cannot be read. From Go's time.Parse.
    static let readings: [(String, String, Int?)] = [
        ("2006-01-02 15:04", "2026-01-02 03:04", 1_767_323_040), ("2006-002", "2026-032", 1_769_904_000),
        ("2006-__2", "2024- 60", 1_709_164_800), ("Jan _2 2006", "feb  3 2026", 1_770_076_800),
        ("January 2, 06 3pm", "FEBRUARY 3, 26 12am", 1_770_076_800),
        ("2006-01-02 -07:00:00", "2026-01-02 +01:00:00", 1_767_308_400),
        ("2006-01-02Z0700", "2026-01-02Z", 1_767_312_000), ("2006-01-02 MST", "2026-01-02 CEST", 1_767_312_000),
        ("2006-01-02 5.000", "2026-01-02 7.123", 1_767_312_007), ("2006-01-02 5.000", "2026-01-02 7.1", nil),
        ("2006-01-02", "2026-13-02", nil), ("2006-01-02", "2026-02-29", nil), ("2006-002", "2026-366", nil),
        ("3:04 2006", "13:00 2026", nil), ("2006-01-02", "2026-01-02 ", nil), ("Mon 2006", "Abc 2026", nil),
        ("2006-01-02 002", "2026-02-01 033", nil),
    ]

    @Test(arguments: readings) func readsLayouts(_ layout: String, _ text: String, _ expected: Int?) {
        let bytes = Array(text.utf8)
        let reading = bytes.withUnsafeBufferPointer { TimeLayout(layout).parse($0) }
        if let expected {
            guard case .time(let time) = reading else { return #expect(Bool(false), "\(reading)") }
            #expect(time.unixSeconds == expected)
        } else {
            #expect(reading == .mismatch)
        }
    }

    @Test func methodsTakeArguments() throws {
        let data = #"{"layout": "2006", "t": "2026-01-02"}"#
        #expect(try render("{{ (time .t).Format .layout }}", data: data) == "2026")
        #expect(try render("{{ .layout | (time .t).Format }}", data: data) == "2026")
        #expect(
            try render("{{ $t := time .t }}{{ $t.Format .layout }}-{{ ($t.Format .layout) }}", data: data)
                == "2026-2026")
        #expect(try render("{{ with time .t }}{{ .Format $.layout }}{{ .Year }}{{ end }}", data: data) == "20262026")
        #expect(
            try render(
                #"{{ range $i, $d := .l }}{{ ($d | time).AddDate 0 0 $i }}{{ end }}"#, data: #"{"l": ["2026-01-31"]}"#)
                == "2026-01-31 00:00:00 +0000 UTC")
    }

    @Test func mistakesInMethodsPointAtTheirArguments() {
        let start = #"{{ (time "2026-01-02")"#
        #expect(mistake(start + ".Format 3 }}") == "1:31 wrong-argument argument 1 must be a layout, not an int")
        #expect(
            mistake(start + ".AddDate 1 }}") == "1:5 wrong-argument-count the method .AddDate takes 3 arguments, not 1")
        #expect(
            mistake(start + ".Format }}") == "1:5 wrong-argument-count the method .Format takes 1 argument, not none")
        #expect(mistake(start + ".Sub 3 }}")?.hasPrefix("1:28 wrong-argument argument 1 must be a time") == true)
        #expect(
            mistake(start + ".Yaer }}")
                == "1:5 unknown-field time.Time has no field or method Yaer (did you mean Year?)")
        #expect(
            mistake("{{ (time.ParseDuration .x).Hours }}", data: #"{"x": "5d"}"#)?.hasPrefix("1:24 wrong-argument")
                == true)
        #expect(mistake("{{ .n.Hours }}", data: #"{"n": 5}"#) == "1:4 unknown-field int has no field or method Hours")
        // A field that takes no arguments is a mistake before its arguments are.
        #expect(mistake("{{ .m (div 1 0) }}", data: #"{"m": 1}"#)?.hasPrefix("1:4 not-a-function") == true)
    }
}
