import TestSupport
import Testing

@testable import haproxy_gen

struct CompletionCase: Sendable, CustomTestStringConvertible {
    /// The words before the cursor, the last one begun.
    let words: [String]
    let expected: [String]

    init(_ words: [String], _ expected: [String]) {
        self.words = words
        self.expected = expected
    }

    var testDescription: String { words.joined(separator: "␣") }

    static let all: [CompletionCase] = [
        .init(["r"], ["render", "route"]),
        .init([""], Program.declaration.subcommands.map(\.name).sorted()),
        .init(["--v"], ["--version"]),
        .init(["render", "--d"], ["--data", "--delims", "--dialect"]),
        .init(["render", "--dialect", ""], ["auto", "haproxy", "nginx", "plain"]),
        .init(["render", "--dialect", "n"], ["nginx"]),
        .init(["render", "-s", "services", "--missing-key", "z"], ["zero"]),
        .init(["render", "-t", "ha"], ["haproxy.cfg.tmpl"]),
        .init(["render", "--template", "ha"], ["haproxy.cfg.tmpl"]),
        .init(["--color", "n"], ["never"]),
        .init(["--color", "never", "ren"], ["render"]),
        .init(["completions", ""], ["bash", "fish", "zsh"]),
        .init(["completions", "z"], ["zsh"]),
        .init(["help", "c"], ["check", "completions"]),
    ]
}

@Suite("Completions")
struct CompletionsTests {
    private static let files = ["haproxy.cfg.tmpl": "", "two words.json": "", "services/a.json": ""]

    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder(files)
        for shell in CompletionsCommand.Shell.allCases {
            try folder.write(CompletionsCommand.script(for: shell, of: Program.declaration), to: ".script.\(shell)")
        }
        return folder
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).sorted()
    }

    @Test("the command prints the script", arguments: CompletionsCommand.Shell.allCases)
    func printed(_ shell: CompletionsCommand.Shell) throws {
        let run = try ProgramRun.run(["completions", shell.rawValue])
        #expect(run.exitCode == 0 && run.stderr == "")
        #expect(run.stdout == CompletionsCommand.script(for: shell, of: Program.declaration))
    }

    @Test(
        "the shell accepts the script",
        arguments: CompletionsCommand.Shell.allCases.filter { ProgramRun.installed($0.rawValue) != nil })
    func syntax(_ shell: CompletionsCommand.Shell) throws {
        let folder = try Self.folder()
        let executable = try #require(ProgramRun.installed(shell.rawValue))
        let run = try ProgramRun.run(["-n", folder.path(".script.\(shell)")], executable: executable)
        #expect(run == ProgramRun(exitCode: 0, stdout: "", stderr: ""))
    }

    @Test(
        "bash",
        arguments: CompletionCase.all + [
            // bash hands over '--option=value' as three words.
            .init(["render", "--dialect", "=", "n"], ["nginx"]),
            .init(["render", "--dialect", "="], ["auto", "haproxy", "nginx", "plain"]),
            .init(["render", "-t", "two"], ["two words.json"]),
            .init(
                ["render", "-s", ""],
                [".script.bash", ".script.fish", ".script.zsh", "haproxy.cfg.tmpl", "services", "two words.json"]),
            .init(["render", "--delims", ""], []),
        ])
    func bash(_ test: CompletionCase) throws {
        let folder = try Self.folder()
        let script = """
            source .script.bash
            COMP_WORDS=(haproxy-gen \(test.words.map { "'\($0)'" }.joined(separator: " ")))
            COMP_CWORD=\(test.words.count)
            _haproxy_gen
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let run = try ProgramRun.bash(script, in: folder.path)
        #expect(run.exitCode == 0 && run.stderr == "")
        #expect(Self.lines(run.stdout) == test.expected)
    }

    @Test(
        "fish", .enabled(if: ProgramRun.installed("fish") != nil, "fish is not installed"),
        arguments: CompletionCase.all + [
            .init(["render", "--dialect=n"], ["--dialect=nginx"]),
            .init(["render", "-t", "two"], ["two words.json"]),
        ])
    func fish(_ test: CompletionCase) throws {
        let folder = try Self.folder()
        let executable = try #require(ProgramRun.installed("fish"))
        let line = (["haproxy-gen"] + test.words).joined(separator: " ")
        let run = try ProgramRun.run(
            ["--no-config", "-c", "source .script.fish; complete -C '\(line)'"],
            environment: ["HOME": folder.path], in: folder.path, executable: executable)
        #expect(run.exitCode == 0)
        // A description follows each word after a tab.
        let words = run.stdout.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }.sorted()
        #expect(words == test.expected)
    }
}
