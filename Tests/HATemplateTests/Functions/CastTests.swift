import Testing

/// The casts of Hugo and its neighbors.
@Suite struct CastTests {
    /// Expression and result, as Hugo 0.168 gives it.
    static let results: [(String, String)] = [
        (#"int "012""#, "10"),
        (#"int "3.7""#, "3"),
        (#"int "3.0""#, "3"),
        (#"int "3.00""#, "3"),
        (#"int "-3.7""#, "-3"),
        (#"int "0x1F""#, "31"),
        (#"int "0b101""#, "5"),
        (#"int "0o17""#, "15"),
        (#"int "1_000""#, "1000"),
        (#"int """#, "0"),
        ("int nil", "0"),
        ("int true", "1"),
        ("int false", "0"),
        ("int 3.99", "3"),
        ("int -3.99", "-3"),
        (#"int "9223372036854775807""#, "9223372036854775807"),
        (#"int "+5""#, "5"),
        (#"int "-5""#, "-5"),
        (#"int "-012""#, "-10"),
        (#"int "0""#, "0"),
        (#"int "00""#, "0"),
        (#"int "-0""#, "0"),
        (#"int ".""#, "0"),
        (#"int ".5""#, "0"),
        (#"int "5.""#, "5"),
        (#"int (time.ParseDuration "3s")"#, "3000000000"),
        (#"int "000""#, "0"),
        (#"int "0000012""#, "10"),
        (#"float "3.7""#, "3.7"),
        (#"float "1e3""#, "1000"),
        (#"float """#, "0"),
        ("float nil", "0"),
        ("float true", "1"),
        (#"float "0x1p4""#, "16"),
        (#"float "1_000.5""#, "1000.5"),
        (#"float "inf""#, "+Inf"),
        (#"float "NaN""#, "NaN"),
        ("float 3", "3"),
        (#"float "012""#, "12"),
        (#"float ".5""#, "0.5"),
        (#"float "5.""#, "5"),
        (#"float "-Infinity""#, "-Inf"),
        ("string 1000000.0", "1000000"),
        ("string 1e21", "1000000000000000000000"),
        ("string 1e-7", "0.0000001"),
        ("string 0.1", "0.1"),
        ("string 3", "3"),
        ("string true", "true"),
        ("string nil", ""),
        (#"string "x""#, "x"),
        (#"string (time.ParseDuration "90m")"#, "1h30m0s"),
        ("string 123456789012345678901234.0", "123456789012345690000000"),
        ("string 1e6", "1000000"),
        ("string -0.0", "-0"),
        ("string 2.50", "2.5"),
        (#"string (safeHTML "x")"#, "x"),
        ("int (string 7)", "7"),
    ]

    @Test(arguments: results) func givesWhatHugoGives(_ expression: String, _ expected: String) throws {
        #expect(try render("{{ printf \"%v\" (\(expression)) }}") == expected)
    }

    /// What Hugo refuses too.
    static let refused = [
        #"int "08""#,
        #"int "009""#,
        #"int "1e3""#,
        #"int " 3""#,
        #"int "3 ""#,
        #"int "abc""#,
        #"int "9223372036854775808""#,
        #"int "1.2.3""#,
        #"int "true""#,
        "int (div 1.0 0)",
        #"int "1,000""#,
        #"int "0x""#,
        #"int "08.5""#,
        #"float "abc""#,
        #"float "0x1F""#,
        #"float "1e400""#,
        #"float " 1""#,
    ]

    @Test(arguments: refused) func refusesWhatHugoRefuses(_ expression: String) {
        #expect(mistake("{{ print (\(expression)) }}") != nil)
    }

    static let own: [(String, String)] = [
        (#"toInt "7" | toString"#, "7"), (#"toFloat "2.50""#, "2.5"), (#"cast.ToInt "7""#, "7"),
        (#"cast.ToFloat "7""#, "7"), (#"cast.ToString 7"#, "7"), (#"parseBool "T""#, "true"),
        ("parseBool false", "false"),
        (#"parseInt "012""#, "12"), (#"atoi "-5""#, "-5"), ("atoi 5", "5"),
    ]

    @Test(arguments: own) func neighboursNames(_ expression: String, _ expected: String) throws {
        #expect(try render("{{ \(expression) }}") == expected)
    }

    @Test func mistakesPointAtTheArgument() {
        #expect(
            mistake(#"{{ int "08" }}"#) == #"1:8 wrong-argument argument 1 must be an integer, not a string "08""#)
        #expect(mistake("{{ int 1e30 }}") == "1:8 wrong-argument argument 1 must be an integer, not a float64 1e+30")
        #expect(mistake(#"{{ float "x" }}"#) == #"1:10 wrong-argument argument 1 must be a number, not a string "x""#)
        #expect(mistake("{{ string .l }}", data: #"{"l": []}"#)?.hasPrefix("1:11 wrong-argument") == true)
        #expect(mistake(#"{{ parseBool "x" }}"#)?.hasPrefix("1:14 wrong-argument argument 1 must be true or") == true)
        #expect(mistake(#"{{ parseInt "0x1" }}"#)?.hasPrefix("1:13 wrong-argument") == true)
    }
}
