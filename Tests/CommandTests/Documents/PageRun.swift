import TestSupport
@testable import HAServices
@testable import haproxy_gen

/// Runs what a page shows, in a folder of its own.
///
/// The folder holds the repository's `templates` and `examples`; the program is on the path.
struct PageRun {
    /// A block that shows something else than what happens.
    struct Mistake {
        /// 1-based.
        let line: Int
        let shown: [String]
        let real: [String]
    }

    private let folder: TemporaryFolder
    private var template: String?
    private var data: String?
    private(set) var page: Page
    private(set) var mistakes: [Mistake] = []

    /// Runs a page from its beginning to its end; `page` is then as it should be.
    init(_ page: Page) throws {
        self.page = page
        folder = try TemporaryFolder()
        for name in ["templates", "examples"] { folder.link(name, to: "\(projectFolder)/\(name)") }
        var replacements: [(Range<Int>, [String])] = []
        for block in page.blocks {
            let shown = Array(page.lines[block.content])
            guard let real = try run(block, shown), real != shown else { continue }
            mistakes.append(Mistake(line: block.content.lowerBound + 1, shown: shown, real: real))
            replacements.append((block.content, real))
        }
        for (range, real) in replacements.reversed() { self.page.lines.replaceSubrange(range, with: real) }
    }

    /// What a block should show; nil when it shows nothing that happens.
    private mutating func run(_ block: Page.Block, _ shown: [String]) throws -> [String]? {
        switch (block.language, block.title) {
        case ("console", _):
            return try runCommands(shown)
        case ("text", "output"):
            return try output()
        case (let language, let name) where name.contains("."):
            try folder.write(shown.map { $0 + "\n" }.joined(), to: name)
            if language == "gotmpl" { template = name }
            if language == "json" { data = name }
            return nil
        default:
            return nil
        }
    }

    private func output() throws -> [String] {
        var words = ["render", "--dialect", "plain", "-t", template ?? "-"]
        if let data { words += [data == "data.json" ? "--data" : "-s", data] }
        let run = try ProgramRun.run(words, in: folder.path)
        return Self.lines(run.stdout + run.stderr)
    }

    // MARK: Commands

    private func runCommands(_ shown: [String]) throws -> [String] {
        let steps = Self.steps(shown)
        var script = "exec 2>&1\nstatus=0\nrecall() { return $status; }\n"
        for step in steps {
            let command = step.command.joined(separator: "\n").dropFirst(2)
            script += "printf '\\036'\nrecall\n\(command)\nstatus=$?\n"
        }
        let programs = ProgramRun.binary.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let environment = ["PATH": programs.joined(separator: "/") + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin"]
        let run = try ProgramRun.bash(script, environment: environment, in: folder.path)
        let outputs = run.stdout.split(separator: "\u{1E}", omittingEmptySubsequences: false).dropFirst()
        var result: [String] = []
        for (step, output) in zip(steps, outputs) {
            let real = Self.lines(String(output))
            result += step.command + (Self.matches(step.output[...], real[...]) ? step.output : real)
        }
        return result
    }

    private static func steps(_ lines: [String]) -> [(command: [String], output: [String])] {
        var steps: [(command: [String], output: [String])] = []
        for line in lines {
            if line.hasPrefix("$ ") {
                steps.append(([line], []))
            } else if let last = steps.last, last.output.isEmpty, last.command.last?.hasSuffix("\\") == true {
                steps[steps.count - 1].command.append(line)
            } else if !steps.isEmpty {
                steps[steps.count - 1].output.append(line)
            }
        }
        return steps
    }

    /// Whether an output is as a page shows it, with `…` for lines or parts of a line that are left out.
    private static func matches(_ shown: ArraySlice<String>, _ real: ArraySlice<String>) -> Bool {
        guard let first = shown.first else { return real.isEmpty }
        let rest = shown.dropFirst()
        if first == "…" {
            return (0...real.count).contains { matches(rest, real.dropFirst($0)) }
        }
        guard let line = real.first, shows(first, line) else { return false }
        return matches(rest, real.dropFirst())
    }

    private static func shows(_ shown: String, _ line: String) -> Bool {
        let parts = shown.split(separator: "…", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return shown == line }
        guard line.hasPrefix(first) else { return false }
        var rest = line.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
