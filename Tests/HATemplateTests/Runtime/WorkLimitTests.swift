import Testing

@testable import HATemplate

/// Whatever a template does with large values, it ends within its limits, with an error at its place. Work decides here
/// and no clock, so that the answers are the same on every machine.
@Suite struct WorkLimitTests {
    /// In JSON: large values of every kind, and small ones for the parameters beside them.
    static let large: [String: String] = [
        "text": "\"" + String(repeating: "aaab c<'", count: 500) + "\"",
        "names": "[" + (0..<300).map { "\"a name-\($0 % 977).example.org\"" }.joined(separator: ",") + "]",
        "numbers": "[" + (0..<800).map { String(($0 * 7919) % 20_011) }.joined(separator: ",") + "]",
        "lists": "[" + (0..<120).map { "[\($0 % 11),[\"x\"]]" }.joined(separator: ",") + "]",
        "maps": "[" + (0..<120).map { #"{"id":"n\#($0)","zone":"z\#($0 % 7),y","port":\#($0)}"# }.joined(separator: ",")
            + "]",
        "map": "{" + (0..<150).map { #""key\#($0)":{"a":\#($0)}"# }.joined(separator: ",") + "}",
        "count": "2000", "small": "2", "word": "\"zone\"", "pattern": "\"(a|ab)*c|(b+)+x\"", "comma": "\",\"",
    ]

    /// What a parameter gets by turns.
    private static func operands(_ parameter: Function.Parameter) -> [String] {
        if parameter.isPattern { return ["pattern", "text"] }
        let kinds: [(ValueType, [String])] = [
            (.string, ["text", "word"]), (.list, ["names", "maps", "numbers", "lists"]), (.map, ["map"]),
            (.int, ["small", "count"]),
        ]
        let fitting = kinds.filter { parameter.type.contains($0.0) }.flatMap(\.1)
        return fitting.isEmpty ? ["small"] : fitting
    }

    private static let data = Result {
        let text = "{\(large.map { "\"\($0)\":\($1)" }.joined(separator: ","))}"
        return try Document.json(name: "d", bytes: Array(text.utf8))
    }

    private static func failure(
        _ template: String, _ document: Document = .empty, _ change: (inout RenderLimits) -> Void = { _ in }
    ) throws -> Diagnostic? {
        var limits = RenderLimits()
        change(&limits)
        let compiled = try Template.parse(SourceFile(name: "t", text: template), dialect: .plain)
        var output = ByteBuffer()
        do throws(Diagnostic) {
            try compiled.render(document, options: RenderOptions(limits: limits), into: &output)
            return nil
        } catch {
            return error
        }
    }

    static let callable = FunctionLibrary.standard.all.filter { function in
        if case .native = function.body { true } else { false }
    }.map(\.name)

    /// Every function in an endless loop, with each combination of large values up to a bound.
    @Test(arguments: callable) func everyFunctionEnds(name: String) throws {
        let function = try #require(FunctionLibrary.standard[name])
        let isVariadic = function.parameters.last?.requirement == .variadic
        let required = function.parameters.count { $0.requirement == .required }
        let document = try Self.data.get()
        for count in Set([required, isVariadic ? required + 2 : function.parameters.count]) {
            let choices = (0..<count).map { Self.operands(function.parameters[min($0, function.parameters.count - 1)]) }
            for turn in 0..<min(3, choices.reduce(1) { $0 * $1.count }) {
                var rest = turn
                let operands = choices.map { choice in
                    defer { rest /= choice.count }
                    return "$." + choice[rest % choice.count]
                }
                let call = ([name] + operands).joined(separator: " ")
                let failure = try Self.failure("\n{{ range 100000000 }}{{ $_ := \(call) }}{{ end }}", document) {
                    $0.work = 200_000
                }
                let found = try #require(failure, "\(call) never ends")
                let place = try #require(found.location, "\(call): \(found.message)")
                #expect(LineIndex(place.file).position(at: place.range.start).line == 2)
            }
        }
    }

    @Test(
        "templates that grow or repeat without bound",
        arguments: [
            #"{{ $s := "x" }}{{ range 100000000 }}{{ $s = print $s "y" }}{{ end }}"#,
            #"{{ $s := "xy" }}{{ range 100 }}{{ $s = print $s $s }}{{ end }}"#,
            #"{{ $s := "xy" }}{{ range 100 }}{{ $s = printf "%s%s" $s $s }}{{ end }}"#,
            #"{{ $s := "xy" }}{{ range 100 }}{{ $s = add $s $s }}{{ end }}"#,
            #"{{ $s := "xy" }}{{ range 100 }}{{ $s = replace $s "x" "xyx" }}{{ end }}"#,
            #"{{ $s := "xy" }}{{ range 100 }}{{ $s = strings.Repeat 2 $s }}{{ end }}"#,
            #"{{ $s := "x<" }}{{ range 100 }}{{ $s = html $s $s }}{{ end }}"#,
            #"{{ $s := "x<" }}{{ range 100 }}{{ $s = quote $s $s }}{{ end }}"#,
            #"{{ $s := "xy" }}{{ range 100 }}{{ $s = join $s (slice $s $s "") }}{{ end }}"#,
            #"{{ $s := "xy" }}{{ range 100 }}{{ $s = replaceRE "x" "xyx" $s }}{{ end }}"#,
            #"{{ $m := dict }}{{ range $i := 100000000 }}{{ $m = merge $m (dict (print $i) 1) }}{{ end }}"#,
            #"{{ $l := slice }}{{ range $i := 100000000 }}{{ $l = $l | append $i }}{{ end }}"#,
            #"{{ $l := seq 100000 }}{{ range 100000000 }}{{ range $l }}{{ end }}{{ end }}"#,
            #"{{ range 100000000 }}{{ $_ := printf "%1000000d" 1 }}{{ end }}"#,
            #"{{ range 100000000 }}{{ $_ := printf "%.1000000f" 1.5 }}{{ end }}"#,
            #"{{ range 100000000 }}{{ $_ := printf "%*d" 1000000 1 }}{{ end }}"#,
            #"{{ range 100000000 }}{{ $_ := seq 1000000 }}{{ end }}"#,
            #"{{ range 100000000 }}{{ $_ := until 1000000 }}{{ end }}"#,
            #"{{ $s := strings.Repeat 100000 "a" }}{{ range 100000000 }}{{ if eq $s (print $s "") }}{{ end }}{{ end }}"#,
            #"{{ $l := seq 100000 }}{{ range 100000000 }}{{ $_ := sort $l "value" "desc" }}{{ end }}"#,
            #"{{ $l := seq 100000 }}{{ $_ := apply $l "strings.Repeat" "." "0123456789" }}"#,
            #"{{ define "p" }}{{ range 1000 }}x{{ end }}{{ end }}{{ range 100000000 }}{{ $_ := partial "p" }}{{ end }}"#,
            #"{{ define "p" }}{{ template "p" }}{{ template "p" }}{{ end }}{{ template "p" }}"#,
        ]) func endsWithItsPlace(template: String) throws
    {
        let found = try #require(
            try Self.failure(template) {
                $0.work = 20_000_000
                $0.scratchBytes = 16 << 20
            })
        #expect(found.code == .limitExceeded, "\(found.message)")
        #expect(found.location != nil)
    }

    /// Deep values that hold others many times over.
    @Test func sharedValuesAreCounted() throws {
        let nested = "{{ $l := slice 1 2 }}{{ range 40 }}{{ $l = slice $l $l }}{{ end }}"
        for call in [#"printf "%v" $l"#, "jsonify $l", "print $l $l", "html $l $l"] {
            let found = try #require(
                try Self.failure("\(nested){{ $_ := \(call) }}") {
                    $0.scratchBytes = 1 << 20; $0.outputBytes = 1 << 20
                })
            #expect(found.code == .limitExceeded, "\(call): \(found.message)")
        }
    }

    @Test func workIsTheSameEveryTime() throws {
        let template = #"{{ range $i := 1000 }}{{ print $i "-" | strings.Repeat 10 }}{{ end }}"#
        func ends(_ work: Int) throws -> Bool { try Self.failure(template) { $0.work = work } == nil }
        var (low, high) = (0, 10_000_000)
        while low + 1 < high {
            let middle = (low + high) / 2
            if try ends(middle) { high = middle } else { low = middle }
        }
        #expect(try ends(high) && !(try ends(high - 1)))
        #expect((80_000..<400_000).contains(high), "\(high)")
    }

    @Test func processorTimeHasALimit() throws {
        final class Clock: @unchecked Sendable {
            var time: Int64 = 0
        }
        let clock = Clock()
        var options = RenderOptions()
        options.processorClock = {
            clock.time += 1_000_000_000
            return clock.time
        }
        let template = try Template.parse(
            SourceFile(
                name: "t",
                text: #"{{ $s := strings.Repeat 1000000 "a" }}{{ range 100000000 }}{{ $_ := print $s }}{{ end }}"#))
        var output = ByteBuffer()
        let failure = #expect(throws: Diagnostic.self) {
            try template.render(.empty, options: options, into: &output)
        }
        #expect(failure?.code == .limitExceeded)
        #expect(failure?.message == "rendering takes more than 10.0 seconds of processor time")
        // One look at the start, and then until 10 s are over.
        #expect(clock.time == 12_000_000_000)
    }

    /// Frames of templates that call each other are memory too.
    @Test func framesAreLimited() throws {
        let variables = (0..<200).map { "{{ $v\($0) := \($0) }}" }.joined()
        let template = #"{{ define "p" }}\#(variables){{ template "p" }}{{ end }}{{ template "p" }}"#
        let found = try #require(try Self.failure(template) { $0.scratchBytes = 1 << 17 })
        #expect(found.message.contains("take more than"))
    }

    @Test func sourceMapsForgetWhatWroteNothing() throws {
        let template = try Template.parse(
            SourceFile(
                name: "t", text: #"{{ define "p" }}{{ end }}{{ range 100000 }}{{ "" }}{{ template "p" }}{{ end }}x"#))
        var output = ByteBuffer()
        let map = try template.renderWithSourceMap(.empty, into: &output)
        #expect(map.count < 10)
    }
}
