import Testing

@testable import HATemplate

/// Every function and method with numbers, texts and collections at the edge of what there is: whatever they give, a
/// result or a mistake, the process lives. A trap in arithmetic, a conversion or a subscript ends the test run.
@Suite struct ExtremeArgumentTests {
    /// In JSON.
    static let integers = [
        "0", "1", "-1", "2", "7", "63", "64", "65", "-64", "255", "1024", "4294967296", "-2147483649",
        "9007199254740993", "4611686018427387904", "9223372036854775806", "9223372036854775807",
        "-9223372036854775807", "-9223372036854775808",
    ]
    static let others = [
        "null", "true", "0.5", "-0.0", "1e18", "9.3e18", "-9.3e18", "1e308", "-1e308", "5e-324", #""""#, #""a""#,
        #""\u0000""#, #""é👩‍👩‍👧""#, #""9223372036854775807""#, #""-9223372036854775808""#, #""99999999999999999999""#,
        #""0x""#, #""1e400""#, #""%*d %.*f""#, #""%[9223372036854775807]d""#, #""%99999999999d %.99999999999f""#,
        #""%-+#0x %.1000x""#, #""a{1000}{1000}""#, #""(((""#, #""[z-a]""#, #""$9223372036854775807""#, #""\\""#,
        #""9999-12-31T23:59:59Z""#, #""0001-01-01T00:00:00-23:59""#, #""2006-01-02""#, #""Jan _2 15:04:05.000000000""#,
        #""9223372036854775807ns""#, #""-2562047h47m16.854775808s""#, #""1h""#, #""nanosecond""#, #""hour""#,
        #""%zz%""#,
        #""http://[::1]:99999999999/%2""#, #""::/128""#, #""0.0.0.0/0""#, #""/../..//""#, "[]", "{}", "[null]",
        "[9223372036854775807, -9223372036854775808, 1]", #"["b", "", "a"]"#, "[[1, 2], [3]]", #"[{"a": 1}, {}]"#,
        #"{"a": {"b": [1]}}"#, #"{"": null}"#,
    ]

    static let limits = {
        var limits = RenderLimits()
        limits.steps = 10_000
        limits.outputBytes = 1 << 16
        limits.scratchBytes = 1 << 20
        return limits
    }()

    @Test(arguments: FunctionLibrary.standard.all.map(\.name)) func functionsLive(name: String) throws {
        let function = try #require(FunctionLibrary.standard[name])
        let required = function.parameters.count { $0.requirement == .required }
        let isVariadic = function.parameters.last?.requirement == .variadic
        var random = FixedRandom(seed: UInt64(name.utf8.count))
        for count in required...(isVariadic ? required + 2 : function.parameters.count) {
            let operands = ["a", "b", "c", "d", "e", "f"].prefix(count).map { ".\($0)" }
            try call("{{ \(name) \(operands.joined(separator: " ")) }}", turns: count == 0 ? 1 : 60, &random)
        }
        guard function.parameters.contains(where: { !$0.type.isDisjoint(with: [.time, .duration]) }) else { return }
        for number in 0..<function.parameters.count {
            for wrapped in ["(time.AsTime .a)", #"(time.Duration "nanosecond" .a)"#] {
                var operands = [".b", ".c", ".d", ".e", ".f"].prefix(function.parameters.count).map { $0 }
                operands[number] = wrapped
                try call("{{ \(name) \(operands.joined(separator: " ")) }}", turns: 15, &random)
            }
        }
    }

    @Test(arguments: [
        #"{{ $t := time.AsTime .a }}{{ $d := time.Duration "nanosecond" .b }}"#
            + #"{{ $t.Add $d }}{{ $t.Truncate $d }}{{ $t.Round $d }}{{ $d.Round $d }}{{ $d.Abs }}{{ $d.Hours }}"#,
        #"{{ $t := time.AsTime .a }}{{ $t.AddDate .b .c .d }}"#, #"{{ $t := time.AsTime .a }}{{ $t.AddDate 0 .b 0 }}"#,
        "{{ $t := time.AsTime .a }}{{ $u := time.AsTime .b }}{{ $t.Sub $u }}{{ $t.Unix }}{{ $t.UnixNano }}{{ $t.YearDay }}",
        #"{{ ((time.AsTime .a).Add (time.Duration "hour" .b)).Format .c }}"#,
        #"{{ (time.Duration "hour" .a).Truncate (time.Duration "nanosecond" .b) }}"#,
        #"{{ (time.Duration "nanosecond" .a).Round (time.Duration "nanosecond" .b) }}"#,
        "{{ range $i, $v := .a }}{{ $i }}{{ $v }}{{ break }}{{ end }}", "{{ range $v := .a }}{{ $v }}{{ end }}",
        "{{ .a.b.c }}", "{{ $x := .a }}{{ if lt $x .b }}{{ $x }}{{ end }}",
    ]) func constructsLive(template: String) throws {
        var random = FixedRandom(seed: 1)
        try call(template, turns: 400, &random)
    }

    /// Renders a template over random values; most of them are mistakes, which are as good as results.
    private func call(_ template: String, turns: Int, _ random: inout FixedRandom) throws {
        let compiled: Template
        do { compiled = try Template.parse(SourceFile(name: "t", text: template)) } catch { return }
        for _ in 0..<turns {
            let fields = ["a", "b", "c", "d", "e", "f"].map { field in
                #""\#(field)": \#(random.chance(50) ? random.pick(Self.integers) : random.pick(Self.others))"#
            }
            let data = "{\(fields.joined(separator: ", "))}"
            let document = try Document.json(name: "d", bytes: Array(data.utf8))
            var output = ByteBuffer()
            do throws(Diagnostic) {
                try compiled.render(document, options: RenderOptions(limits: Self.limits), into: &output)
            } catch {
                continue
            }
        }
    }

    // MARK: Examples

    /// As they are, and with one more argument, which may be an optional one.
    static let examples = FunctionLibrary.standard.all.map(\.example).flatMap { example in
        [example, example.hasSuffix(" }}") ? "\(example.dropLast(3)) 1 }}" : example]
    }

    /// The example of every function with each of its literals, and pairs of them, replaced.
    @Test(arguments: examples) func examplesLive(example: String) throws {
        let places = Self.literals(in: Array(example.utf8))
        let values = (Self.integers + Self.others).filter { !"[{n".contains($0.first ?? "[") }
        var random = FixedRandom(seed: UInt64(example.utf8.count))
        for place in places {
            for value in values { try renderReplacing([place], in: example, with: [value]) }
        }
        guard places.count > 1 else { return }
        for _ in 0..<100 {
            let first = random.below(places.count - 1)
            let second = first + 1 + random.below(places.count - 1 - first)
            try renderReplacing(
                [places[first], places[second]], in: example, with: [random.pick(values), random.pick(values)])
        }
    }

    /// Numbers and quoted strings, none beside a letter or a dot.
    private static func literals(in text: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < text.count {
            let start = index
            index += 1
            if text[start] == UInt8(ascii: "\"") {
                index = (text[index...].firstIndex(of: UInt8(ascii: "\"")) ?? text.count - 1) + 1
                found.append(start..<index)
            } else if (48...57).contains(text[start]), text[start - 1] == UInt8(ascii: " ") {
                while (48...57).contains(text[index]) { index += 1 }
                if text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: ")") { found.append(start..<index) }
            }
        }
        return found
    }

    private func renderReplacing(_ places: [Range<Int>], in example: String, with values: [String]) throws {
        var text = Array(example.utf8)
        for (place, value) in zip(places, values).reversed() { text.replaceSubrange(place, with: value.utf8) }
        guard let compiled = try? Template.parse(SourceFile(name: "t", bytes: text)) else { return }
        var output = ByteBuffer()
        try? compiled.render(.empty, options: RenderOptions(limits: Self.limits), into: &output)
    }
}
