import Testing

/// Hugo's arithmetic.
@Suite struct MathTests {
    /// Expression and result, as Hugo 0.168 gives it.
    static let results: [(String, String)] = [
        ("add 1 2", "3"),
        ("add 1 2.5", "3.5"),
        ("add 1.5 1.5", "3"),
        (#"add "a" "b""#, "ab"),
        ("add 1 2 3", "6"),
        (#"add "a" "b" "c""#, "abc"),
        ("add 1.0 2", "3"),
        ("sub 7 2", "5"),
        ("sub 7 2.5", "4.5"),
        ("sub 7 2 1", "4"),
        ("mul 3 4", "12"),
        ("mul 3 1.5", "4.5"),
        ("mul 2 3 4", "24"),
        ("div 7 2", "3"),
        ("div -7 2", "-3"),
        ("div 7 2.0", "3.5"),
        ("div 100 5 2", "10"),
        ("mod 7 3", "1"),
        ("mod -7 3", "-1"),
        ("mod 7.5 2", "1"),
        (#"mod "7" "3""#, "1"),
        ("mod -9223372036854775808 -1", "0"),
        ("modBool 6 3", "true"),
        ("modBool 7 3", "false"),
        ("modBool 6.5 3", "true"),
        ("math.Mod 7 -3", "1"),
        ("pow 2 3", "8"),
        ("pow 2 0.5", "1.4142135623730951"),
        ("pow 2 -1", "0.5"),
        (#"pow "2" "3""#, "8"),
        ("math.Abs -3", "3"),
        ("math.Abs -2.1", "2.1"),
        (#"math.Abs "-3""#, "3"),
        ("math.Abs nil", "0"),
        ("math.Abs true", "1"),
        ("math.Ceil 2.1", "3"),
        ("math.Ceil -2.1", "-2"),
        ("math.Ceil 3", "3"),
        ("math.Floor 2.9", "2"),
        ("math.Floor -2.1", "-3"),
        (#"math.Floor "3.5""#, "3"),
        ("math.Floor nil", "0"),
        ("math.Log 2.718281828459045", "1"),
        ("math.Log 0", "-Inf"),
        ("math.Log -1", "NaN"),
        ("math.Log 8", "2.0794415416798357"),
        ("math.Max 1 2", "2"),
        ("math.Max 1 2.5", "2.5"),
        (#"math.Max "3" 2"#, "3"),
        ("math.Max 1", "1"),
        ("math.Max nil 1", "1"),
        ("math.Max true 0", "1"),
        ("math.Min 1 2", "1"),
        ("math.Min 1 2.5", "1"),
        (#"math.Min "3" 2"#, "2"),
        ("math.Sum 1 2 3", "6"),
        ("math.Sum 1 2.5", "3.5"),
        (#"math.Sum "3" 2"#, "5"),
        ("math.Sum nil", "0"),
        ("math.Product 2 3", "6"),
        ("math.Product 2.5", "2.5"),
        (#"math.Product "2" 2"#, "4"),
        ("math.Round 2.5", "3"),
        ("math.Round -2.5", "-3"),
        ("math.Round 2.4", "2"),
        (#"math.Round "2.5""#, "3"),
        ("math.Round 3", "3"),
        ("math.Sqrt 81", "9"),
        ("math.Sqrt 2", "1.4142135623730951"),
        ("math.Sqrt -1", "NaN"),
        (#"math.Sqrt "81""#, "9"),
        ("math.Sqrt true", "1"),
        ("math.Sqrt nil", "0"),
        (#"add (time.ParseDuration "1h") 1"#, "3600000000001"),
        ("add 0.1 0.2", "0.30000000000000004"),
        ("sub 1 1.0", "0"),
        ("mul 1e308 10", "+Inf"),
        ("add 1e3 1", "1001"),
        ("math.Max 9007199254740993 1", "9.007199254740992e+15"),
        ("math.Sum 9007199254740993 1", "9.007199254740992e+15"),
        ("math.Round 9007199254740993", "9.007199254740992e+15"),
        ("math.Abs -9223372036854775808", "9.223372036854776e+18"),
        ("mod 7.9 2.9", "1"),
        ("mod true 1", "0"),
        ("mod nil 3", "0"),
        (#"modBool "6" 3"#, "true"),
        ("math.Ceil true", "1"),
        (#"math.Ceil "2.1""#, "3"),
        ("math.Ceil -0.5", "-0"),
        ("math.Round -0.4", "-0"),
        ("math.Product 9223372036854775807 2", "1.8446744073709552e+19"),
        ("pow 1.1 10", "2.593742460100002"),
        ("pow 10 -2", "0.01"),
        ("pow 10 -5", "1e-05"),
        ("pow 2.5 3.5", "24.705294220065465"),
        ("pow 1.0001 10000", "2.718145926824356"),
        ("pow 7 20", "7.9792266297612e+16"),
        ("pow 10 15", "1e+15"),
        ("pow 10 22", "1e+22"),
        ("pow 10 23", "1e+23"),
        ("pow 2 62", "4.611686018427388e+18"),
        ("pow 0 0", "1"),
        ("pow -8 0.3333", "NaN"),
        ("pow -2 3", "-8"),
        ("pow 5 0", "1"),
        ("pow 0 -1", "+Inf"),
        ("pow 1e100 3.1", "+Inf"),
        ("pow 9.7 1.3", "19.177997361695166"),
        ("pow 123.456 2.5", "169348.16848325962"),
        ("pow 0.5 10.5", "0.0006905339660024879"),
        ("pow 1.5 -7.25", "0.05288571397442164"),
        ("math.Log 10", "2.302585092994046"),
        ("math.Log 3", "1.0986122886681096"),
        ("math.Log 7.5", "2.0149030205422647"),
        ("math.Log 123456", "11.7236400962654"),
        ("math.Log 0.001", "-6.907755278982137"),
        ("math.Log 1.5", "0.4054651081081644"),
        ("math.Log 100", "4.605170185988092"),
        ("math.Log 1e-10", "-23.025850929940457"),
        ("math.Log 99999999", "18.420680733952366"),
        ("math.Log 0.9", "-0.10536051565782628"),
        ("math.Log 6.02e23", "54.75454439818378"),
    ]

    @Test(arguments: results) func givesWhatHugoGives(_ expression: String, _ expected: String) throws {
        #expect(try render("{{ printf \"%v\" (\(expression)) }}") == expected)
    }

    /// What Hugo refuses too.
    static let refused = [
        #"add "1" 2"#,
        #"add 1 "2""#,
        "add 1",
        "add",
        "add nil 1",
        "add true 1",
        #"sub "a" "b""#,
        "div 7 0",
        "div 7.0 0.0",
        "div 7 0.0",
        "mod 7 0",
        #"mod 7 "x""#,
        "modBool 7 0",
        #"pow 2 "x""#,
        "pow 2 3 2",
        #"math.Abs "x""#,
        #"math.Ceil "x""#,
        #"math.Max "x" 2"#,
        "math.Max",
        #"math.Sum "x""#,
        "math.Sum",
        "math.Product",
        #"math.Product "x""#,
        #"math.Round "x""#,
        #"math.Sqrt "x""#,
        "mod 3 nil",
        #"div "a" 1"#,
        "div nil 1",
        "div 1 nil",
        #"mul "a" 2"#,
        #"mul "a" "b""#,
        #"add "a" 1"#,
        #"add 1 "a""#,
        "sub 1",
        "math.Add 1",
        #"math.Max "a" "b""#,
        #"math.Log "x""#,
    ]

    @Test(arguments: refused) func refusesWhatHugoRefuses(_ expression: String) {
        #expect(mistake("{{ print (\(expression)) }}") != nil)
    }

    @Test func listsAreAggregated() throws {
        let data = #"{"l": [1, 2.5, "3"], "e": []}"#
        #expect(try render("{{ math.Sum .l 1 }} {{ math.Max .l }} {{ math.Min .l }}", data: data) == "7.5 3 1")
        #expect(try render("{{ math.Sum .e }} {{ math.Product .l }}", data: data) == "0 7.5")
    }

    @Test func overflowIsAnError() {
        for expression in [
            "add 9223372036854775807 1", "sub -9223372036854775807 10", "mul 9223372036854775807 2",
            "div -9223372036854775808 -1",
        ] {
            #expect(
                mistake("{{ \(expression) }}") == "1:4 arithmetic the result does not fit in an integer of 64 bits")
        }
        #expect((try? render("{{ mod -9223372036854775808 -1 }}")) == "0")
    }

    @Test func mistakesPointAtTheArgument() {
        #expect(
            mistake("{{ div 6 2 0 }}") == "1:12 wrong-argument argument 3 must be a number other than 0, not an int 0")
        #expect(mistake(#"{{ add 1 "2" }}"#) == #"1:10 wrong-argument argument 2 must be a number, not a string "2""#)
        #expect(mistake("{{ mod 7 0 }}")?.hasPrefix("1:10 wrong-argument argument 2 must be an integer other") == true)
        #expect(mistake("{{ add 1 }}") == "1:4 wrong-argument-count add takes at least 2 arguments, not 1")
        #expect(
            mistake("{{ math.Sum 1 .l }}", data: #"{"l": ["x"]}"#)
                == #"1:15 wrong-argument argument 2 must be a list of numbers, not a list with a string "x""#)
    }
}
