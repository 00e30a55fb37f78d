import TestSupport
import Testing

@testable import haproxy_gen

@Suite("Help")
struct HelpTests {
    @Test("the text of every command", arguments: Program.declaration.family().map(\.path))
    func goldens(_ path: [String]) throws {
        let command = try #require(Program.declaration.descendant(path))
        let help = HelpText(command: command, path: [Program.name] + path, width: 80)
        try expectGolden(help.text, (["help"] + path).joined(separator: "-") + ".txt")
    }

    @Test("no line is wider than the terminal", arguments: [40, 60, 80, 120])
    func width(_ width: Int) {
        for (path, command) in Program.declaration.family() {
            let text = HelpText(command: command, path: [Program.name] + path, width: width).text
            // Examples are to be copied: they are not broken.
            let examples = command.examples.flatMap { ["  " + $0.line, "  # " + $0.purpose] }
            for line in text.split(separator: "\n") where line.count > width && !examples.contains(String(line)) {
                Issue.record("\(path), width \(width): \(line)")
            }
        }
    }

    @Test(
        "wrapping",
        arguments: [
            ("", 10, 0, ""),
            ("one two three", 20, 0, "one two three"),
            ("one two three", 7, 0, "one two\nthree"),
            ("one two three", 7, 2, "one two\n  three"),
            ("unbreakable word", 4, 0, "unbreakable\nword"),
            ("  spaces   between ", 40, 0, "spaces between"),
        ])
    func wrapping(_ text: String, _ width: Int, _ indent: Int, _ expected: String) {
        #expect(TextWrap.wrap(text, width: width, indent: indent) == expected)
    }

    @Test("the help command, the option and its letter print one text")
    func spellings() throws {
        let option = try ProgramRun.run(["render", "--help"])
        #expect(option.exitCode == 0 && option.stderr == "")
        #expect(try ProgramRun.run(["render", "-h"]) == option)
        #expect(try ProgramRun.run(["help", "render"]) == option)
        #expect(
            option.stdout
                == HelpText(command: RenderCommand.declaration, path: ["haproxy-gen", "render"], width: 80).text)
    }
}
