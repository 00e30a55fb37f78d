import HATemplate
import Testing

@testable import Benchmarks

@Suite("Benchmarks")
struct BenchmarkTests {
    @Test(
        "a quantile lies between two values where it falls there",
        arguments: [([3, 1, 2], 0.5, 2), ([4, 1, 3, 2], 0.5, 2.5), ([0, 10], 0.25, 2.5), ([7], 0.75, 7)])
    func quantile(_ values: [Double], _ share: Double, _ expected: Double) {
        #expect(Samples(values: values).quantile(share) == expected)
    }

    @Test("nothing measured has no median")
    func emptySamples() {
        #expect(Samples().median.isNaN)
        #expect(Samples().noise.isNaN)
        #expect(Cell.ratio(Samples().median).text == "-")
        #expect(Cell.ratio(Samples().median).json == "null")
    }

    @Test("a ratio is taken turn by turn, so that a slow moment counts for both")
    func ratio() {
        let (slow, fast) = (Samples(values: [20, 400, 20]), Samples(values: [10, 200, 10]))
        #expect(slow.ratio(to: fast).values == [2, 2, 2])
        #expect(slow.ratio(to: fast).noise == 0)
    }

    @Test(
        "numbers are shown with so many decimals",
        arguments: [(0.0, 2, "0.00"), (1.005, 0, "1"), (0.0449, 2, "0.04"), (-2.5, 1, "-2.5"), (1e300, 1, "1e+300")])
    func decimals(_ number: Double, _ decimals: Int, _ expected: String) {
        #expect(number.rounded(to: decimals) == expected)
    }

    @Test("a table is Markdown for people and JSON for programs")
    func table() {
        let table = Table(
            title: "Speed", columns: ["engine", "ms"],
            rows: [[.text("ours"), .number(1.25, decimals: 2)], [.text("a peer"), .none]])
        #expect(
            table.markdown == """
                Speed

                | engine |   ms |
                | ------ | ---: |
                | ours   | 1.25 |
                | a peer |    - |

                """)
        #expect(
            table.json == """
                  {"title": "Speed", "rows": [
                    {"engine": "ours", "ms": 1.25},
                    {"engine": "a peer", "ms": null}
                  ]}
                """)
    }

    // MARK: Bars

    /// Every bar reached exactly.
    private var reached: [Bar: Figure] {
        Dictionary(uniqueKeysWithValues: Bar.allCases.map { ($0, Figure(Samples(values: [$0.limit]))) })
    }

    @Test("a bar reached exactly is met, and nothing is complained of")
    func barsMet() {
        #expect(Bar.allCases.allSatisfy { $0.isMet($0.limit) })
        #expect(Bar.complaints(reached).isEmpty)
    }

    @Test("a bar missed by more than half is named; one missed by little, or by the clock alone, is not")
    func barsMissed() {
        var measured = reached
        measured[.go] = Figure(Samples(values: [3.9]))
        measured[.dialect] = Figure(Samples(values: [1.9]))
        measured[.memory] = Figure(Samples(values: [3.1]))
        measured[.program] = Figure(Times(clock: Samples(values: [1]), processors: Samples(values: [4])))
        measured[.small] = Figure(Samples(values: [100]))
        measured[.loop] = nil
        #expect(
            Bar.complaints(measured) == [
                "rendering, against Go's text/template: 3.90, far from 6.00",
                "rendering, against the loop written by hand: not measured",
                "peak memory, against the program in Go: 3.10, far from 2.00",
            ])
        let verdicts = Bar.table(measured).rows.map { "\($0[0].text): \($0[6].text)" }
        #expect(verdicts.contains("haproxy dialect, against plain: missed"))
        #expect(verdicts.contains("whole program, against the one in Go: met by processors"))
    }

    @Test("a figure that is no number is far from its bar")
    func barNotANumber() {
        #expect(Bar.go.isMissedByFar(.nan))
        #expect(Bar.memory.isMissedByFar(.nan))
    }

    // MARK: What is measured

    @Test("the loop written by hand prints what the engine prints", arguments: [1, 5, 260])
    func loop(_ count: Int) throws {
        let bytes = try SampleServices(count: count).json
        let document = try Work.document("services.json", bytes)
        let text = FileText(bytes)
        var byHand = HandWrittenOutput()
        HandWrittenLoop(document, file: text).render(into: &byHand)
        withExtendedLifetime(text) {}
        let file = SourceFile(name: "proxym.cfg.tmpl", bytes: try contents(of: Suite.template))
        var output = ByteBuffer()
        try Template.parse(file, dialect: .haproxy).render(document, into: &output)
        #expect(output.array == byHand.array)
    }

    @Test("every layout holds the same services")
    func layouts() throws {
        let documents = try [SampleServices.Layout.lines, .compact, .indented].map { layout in
            let document = try Work.document("services.json", SampleServices(count: 7, hosts: 3, layout: layout).json)
            return document.json(of: document.root)
        }
        #expect(documents[0] == documents[1])
        #expect(documents[0] == documents[2])
        #expect(!documents[0].isEmpty)
    }

    // MARK: The command

    @Test("results stand between the marks of a page; a page without them is refused")
    func page() throws {
        let page = "before\n<!-- measured -->\nold\n<!-- end measured -->\nafter\n"
        let expected = "before\n<!-- measured -->\n\nnew\n\n<!-- end measured -->\nafter\n"
        let made = try Suite.page(page, with: "new\n")
        #expect(made == expected)
        #expect(try Suite.page(made, with: "new\n") == expected)
        #expect(throws: BenchmarkError.self) { try Suite.page("<!-- measured -->\n", with: "new") }
    }

    @Test("a wrong option is refused by name", arguments: [["--sizes", "ten"], ["--turns"], ["--speed", "1"]])
    func options(_ arguments: [String]) {
        #expect { try Options(arguments) } throws: { "\($0)".contains(arguments[0]) }
    }

    @Test("a worker that ends before it answers is an error, and so is a program that fails")
    func failures() throws {
        #expect(throws: BenchmarkError.self) { try ChildWorker(["/bin/sh", "-c", "read order"]).time(rounds: 1) }
        #expect(throws: BenchmarkError.self) { try ChildProgram(["/bin/false"]).wait() }
        #expect(throws: BenchmarkError.self) { try ChildProgram(["/no/such/program"]) }
    }
}
