import Testing

@testable import HATemplate

@Suite struct MachineTests {
    /// Templates that fail while running: the place, the code and a part of the message.
    static let failures: [(template: String, data: String, place: String, message: String)] = [
        ("{{.x.y}}", #"{"x": 1}"#, "1:3 unknown-field", "int has no field or method y"),
        ("a\n{{.hsot}}", #"{"host": 1}"#, "2:3 missing-key", #"the map has no key "hsot" (did you mean host?)"#),
        ("{{.x.y}}", #"{"x": null}"#, "1:3 nil-value", "there is no value to take .y of"),
        ("{{template \"t\" .}}{{define \"t\"}}\n{{.nope}}{{end}}", "{}", "2:3 missing-key", "nope"),
        ("{{template \"no\"}}", "1", "1:12 undefined-template", #"there is no template "no""#),
        ("{{eq 1 \"a\"}}", "1", "1:3 cannot-compare", "cannot compare an int with a string"),
        ("{{lt .l 1}}", #"{"l": []}"#, "1:3 cannot-compare", "[]interface {}"),
        ("{{index .l 3}}", #"{"l": [1]}"#, "1:3 index-out-of-range", "the index 3 is out of range"),
        ("{{index .l \"a\"}}", #"{"l": [1]}"#, "1:12 wrong-argument", "argument 2 must be an integer, not a string"),
        ("{{printf 1}}", "1", "1:10 wrong-argument", "argument 1 must be a format string, not an int"),
        ("{{len}}", "1", "1:3 wrong-argument-count", "len takes 1 argument, not none"),
        ("{{ne 1}}", "1", "1:3 wrong-argument-count", "ne takes 2 arguments, not 1"),
        ("{{len 1}}", "1", "1:3 wrong-argument", "a value of type int has no length"),
        ("{{range 1.5}}{{end}}", "1", "1:9 cannot-range", "cannot range over a value of type float64"),
        ("{{range $i, $v := 3}}{{end}}", "1", "1:9 cannot-range", "one variable"),
        ("{{\n  $x = 1}}", "1", "2:3 undefined-variable", "$x is not declared"),
        ("{{9223372036854775808}}", "1", "1:3 bad-number", "does not fit"),
        ("{{.x 1}}", #"{"x": 1}"#, "1:3 not-a-function", ".x is a field"),
        ("{{call .x}}", #"{"x": 1}"#, "1:3 not-a-function", "cannot be called"),
    ]

    @Test(arguments: failures)
    func fails(example: (template: String, data: String, place: String, message: String)) throws {
        let found = try #require(mistake(example.template, data: example.data))
        #expect(found.hasPrefix(example.place + " "), "\(found)")
        #expect(found.contains(example.message), "\(found)")
    }

    @Test func anErrorShowsTheCallsThatLedToIt() throws {
        let template = "{{define \"a\"}}{{.x}}{{end}}{{define \"b\"}}{{template \"a\" .}}{{end}}\n{{template \"b\" .}}"
        let compiled = try Template.parse(SourceFile(name: "t", text: template))
        let document = try Document.json(name: "d", bytes: Array("{}".utf8))
        var output = ByteBuffer()
        do {
            try compiled.render(document, into: &output)
            Issue.record("it did not fail")
        } catch {
            let places = error.notes.compactMap(\.location).map { LineIndex($0.file).position(at: $0.range.start) }
            #expect(places == [SourcePosition(line: 1, column: 53), SourcePosition(line: 2, column: 12)])
        }
    }

    // MARK: Limits

    private func failure(_ template: String, _ change: (inout RenderLimits) -> Void) throws -> DiagnosticCode? {
        var limits = RenderLimits()
        change(&limits)
        let compiled = try Template.parse(SourceFile(name: "t", text: template))
        var output = ByteBuffer()
        do {
            try compiled.render(.empty, options: RenderOptions(limits: limits), into: &output)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(arguments: [
        ("{{define \"x\"}}{{.Id.a}}{{end}}{{template \"x\"}}", true),
        ("{{template \"x\"}}{{define \"x\"}}{{.Id.a}}{{end}}", true),
        ("{{define \"x\"}}{{.Id.a}}{{end}}{{template \"x\" .nothing}}", false),
    ])
    func aCallWithoutADotIsNamed(template: String, isNamed: Bool) throws {
        let parsed = try Template.parse(SourceFile(name: "t", text: template))
        let document = try Document.json(name: "d", bytes: Array(#"{"nothing": null}"#.utf8))
        let says = "called from here" + (isNamed ? " without a dot; a \".\" after the name hands this one on" : "")
        var output = ByteBuffer()
        let error = #expect(throws: Diagnostic.self) { try parsed.render(document, into: &output) }
        #expect(error?.notes.map(\.message).last == says)
        let subject = CheckSubject.document(document)
        let finding = parsed.check(against: subject).first { $0.code == .nilValue }
        #expect(finding?.notes.map(\.message).last == says)
    }

    @Test func endlessRecursionEnds() throws {
        #expect(try failure(#"{{define "a"}}{{template "a"}}{{end}}{{template "a"}}"#) { _ in } == .limitExceeded)
    }

    @Test func longLoopsEnd() throws {
        #expect(try failure("{{range 1000}}{{range 1000}}{{end}}{{end}}") { $0.steps = 100_000 } == .limitExceeded)
        #expect(try failure("{{range 100}}{{end}}") { $0.steps = 100_000 } == nil)
    }

    @Test func largeOutputEnds() throws {
        #expect(try failure("{{range 1000}}{{print 12345678}}{{end}}") { $0.outputBytes = 1_000 } == .limitExceeded)
        #expect(try failure("{{range 1000}}{{/* */}}literal{{end}}") { $0.outputBytes = 1_000 } == .limitExceeded)
    }

    @Test func valuesMadeOnTheWayAreLimited() throws {
        let template = #"{{$s := "x"}}{{range 40}}{{$s = print $s $s}}{{end}}"#
        #expect(try failure(template) { $0.scratchBytes = 1 << 20 } == .limitExceeded)
    }

    /// A list of ten lists, each of which is the same list of ten, and so on: ten million million elements.
    private static let manyTimesOver =
        "{{$a := slice 1}}{{range 13}}{{$a = slice $a $a $a $a $a $a $a $a $a $a}}{{end}}"
    private static let mapsManyTimesOver =
        #"{{$a := dict}}{{range 22}}{{$a = dict "x" $a "y" $a}}{{end}}"#

    @Test(arguments: [
        "{{$a}}", "{{print $a}}", #"{{warnf "%v" $a}}"#, #"{{errorf "%v" $a}}"#, "{{html $a}}",
    ])
    func aValueThatIsThereManyTimesOverHasAnEnd(_ use: String) throws {
        let code = try failure(Self.manyTimesOver + use) { ($0.outputBytes, $0.scratchBytes) = (1 << 16, 1 << 16) }
        #expect(code == .limitExceeded)
    }

    @Test(arguments: [
        "compare.Eq $a $a", "eq 1 (len (uniq $a))", "in (slice $b $a) $a", "not (in (slice $b) $a)",
    ])
    func comparingLooksAtEachListOnce(_ condition: String) throws {
        let other = Self.manyTimesOver.replacing("$a", with: "$b").replacing("slice 1", with: "slice 2")
        let template = Self.manyTimesOver + other + "{{if not (\(condition))}}{{errorf `no`}}{{end}}"
        #expect(try failure(template) { _ in } == nil)
    }

    @Test func mapsThatAreThereManyTimesOverAreNotMerged() throws {
        #expect(try failure(Self.mapsManyTimesOver + "{{$_ := merge $a $a}}") { _ in } == .limitExceeded)
    }

    /// Values that nothing holds any more make room: this makes 100 MB of text, of which a line is in use at a time.
    @Test func longLoopsReuseTheirMemory() throws {
        let template = """
            {{$kept := print "kept" 1}}{{$last := ""}}{{range $i := 100000}}\
            {{$last = printf "%01000d" $i}}{{end}}{{$kept}} {{slice $last 995}}
            """
        #expect(try failure(template) { $0.scratchBytes = 40 << 20 } == nil)
        #expect(try render(template) == "kept1 99999")
    }

    /// A list that grows by what a loop makes survives being moved.
    @Test func valuesInUseSurviveACollection() throws {
        let template = """
            {{define "row"}}{{range $i := 2000}}{{$x := printf "%05000d" $i}}{{end}}{{.}}{{end}}\
            {{$a := print "a" "b"}}{{range $i := 5}}{{$b := print $a $i}}{{template "row" $b}}{{$b}} {{end}}{{$a}}
            """
        #expect(try render(template) == "ab0ab0 ab1ab1 ab2ab2 ab3ab3 ab4ab4 ab")
    }

    // MARK: Values

    @Test func invalidUTF8PassesThrough() throws {
        let compiled = try Template.parse(SourceFile(name: "t", bytes: [0xFF, 0xC3] + Array("{{\"\\xfe\"}}".utf8)))
        var output = ByteBuffer()
        try compiled.render(.empty, into: &output)
        #expect(output.array == [0xFF, 0xC3, 0xFE])
    }

    @Test func composedAndDecomposedKeysDiffer() throws {
        let data = "{\"\u{E9}\": 1, \"e\u{301}\": 2}"
        #expect(try render("{{len .}} {{index . \"\u{E9}\"}} {{index . \"e\u{301}\"}}", data: data) == "2 1 2")
    }

    @Test func integersStayIntegers() throws {
        #expect(
            try render("{{.a}} {{.b}} {{.c}}", data: #"{"a": 1000000, "b": 9223372036854775807, "c": 1e6}"#)
                == "1000000 9223372036854775807 1e+06")
    }
}

extension MachineTests {
    /// A failure names the value that it happened on, by its path and place.
    @Test(arguments: [
        ("{{range .hosts}}{{.Prot}}{{end}}", "the value is hosts[0]@1:12"),
        ("{{range .hosts}}{{index .ports 5}}{{end}}", "the value is hosts[0].ports@1:22"),
        ("{{range .hosts}}{{printf .port}}{{end}}", "the value is hosts[0].port@1:38"),
        ("{{range .name}}{{end}}", "the value is name@2:10"),
    ])
    func namesTheData(template: String, expected: String) throws {
        let data = "{\"hosts\": [{\"ports\": [1, 2], \"port\": 80}],\n \"name\": \"x\"}"
        let compiled = try Template.parse(SourceFile(name: "t", text: template))
        let document = try Document.json(name: "d", bytes: Array(data.utf8))
        var output = ByteBuffer()
        do {
            try compiled.render(document, into: &output)
            Issue.record("it did not fail")
        } catch {
            let notes = error.notes.compactMap { note in
                note.location.map { location in
                    let position = LineIndex(location.file).position(at: location.range.start)
                    return "\(note.message)@\(position.line):\(position.column)"
                }
            }
            #expect(notes.contains(expected), "\(notes)")
        }
    }
}
