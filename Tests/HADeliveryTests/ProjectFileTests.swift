import HAServices
import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

@Suite("Project file") struct ProjectFileTests {
    private static func read(_ text: String, name: String = "haproxy-gen.json") throws -> ProjectFile {
        try ProjectFile.read(InputFile(name: name, bytes: Array(text.utf8)))
    }

    private static func target(_ members: String, name: String = "a") -> String {
        let rest = members.isEmpty ? "" : ", " + members
        return #"{"targets": [{"name": "\#(name)", "template": "t.cfg", "services": "s", "output": "o"\#(rest)}]}"#
    }

    struct Mistake: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        let expected: [String]
        /// Whether the mistake is one of shape, which the JSON Schema finds too.
        let isShape: Bool

        init(_ description: String, _ text: String, isShape: Bool = true, _ expected: String...) {
            testDescription = description
            self.text = text
            self.expected = expected
            self.isShape = isShape
        }
    }

    static let mistakes: [Mistake] = [
        .init("no object", "[]", "1:1: error: the project must be an object [wrong-type]"),
        .init("no targets", "{}", "1:1: error: the project has no 'targets' [bad-value]"),
        .init("empty list", #"{"targets": []}"#, "1:13: error: the project has no targets [bad-value]"),
        .init(
            "unknown keys, near and far", #"{"target": [], "targets": [{"nam": "x"}], "zzz": 1}"#,
            "1:2: error: the project has no key 'target'; did you mean 'targets'? [unknown-key]",
            "1:28: error: the target has no 'name' [bad-value]",
            "1:28: error: the target has no 'template' [bad-value]",
            "1:28: error: the target has no 'output' [bad-value]",
            "1:28: error: the target has none of 'services', 'sources', 'table' and 'data' [bad-value]",
            "1:29: error: a target has no key 'nam'; did you mean 'name'? [unknown-key]",
            "1:43: error: the project has no key 'zzz' [unknown-key]"),
        .init(
            "a time without a unit, an unknown setting",
            #"{"watch": {"quiet": "20", "drft": "x"}, "targets": [{"name": "a", "template": "t.cfg", "#
                + #""services": "s", "output": "o"}]}"#,
            #"1:21: error: 'quiet' must be a whole number with a unit, such as "20ms", "1s" or "5m" [bad-value]"#,
            "1:27: error: 'watch' has no key 'drft'; did you mean 'drift'? [unknown-key]"),
        .init(
            "each without a place in the path, of what it cannot be",
            #"{"targets": [{"name": "a", "template": "t.cfg", "services": "s", "output": "o", "each": "service"},"#
                + #" {"name": "b", "template": "t.cfg", "services": "s", "output": "{Id}", "each": ".Source"},"#
                + #" {"name": "c", "template": "t.cfg", "services": "s", "output": "{each}", "each": "x"}]}"#,
            "1:76: error: the output of a target with 'each' needs {Id} or {each} in its path [bad-value]",
            "1:163: error: the output of a target with 'each' needs {each} in its path [bad-value]",
            #"1:271: error: 'each' must be "service" or a field such as ".Attributes.team" [bad-value]"#),
        .init(
            "an address without a port",
            #"{"watch": {"listen": "127.0.0.1"}, "targets": [{"name": "a", "template": "t.cfg", "services": "s", "#
                + #""output": "o"}]}"#, isShape: false,
            #"1:22: error: 'listen' has no port; write "127.0.0.1:9090" or "unix:/run/haproxy-gen.sock" [bad-value]"#),
        .init(
            "a time out of range",
            #"{"watch": {"refresh": "1ms"}, "targets": [{"name": "a", "template": "t.cfg", "services": "s", "output": "o"}]}"#,
            isShape: false, "1:23: error: 'refresh' must be from 1s to 24h [number-out-of-range]"),
        .init(
            "a source of a wrong type",
            #"{"sources": [{"name": "a", "type": "file"}], "#
                + #""targets": [{"name": "a", "template": "t.cfg", "services": "s", "output": "o"}]}"#,
            "1:36: error: 'type' must be one of files, table; did you mean 'files'? [bad-value]"),
        .init(
            "sources: a foreign key, one that is not there",
            #"{"sources": [{"name": "near", "type": "files", "paths": "p", "table": "t"}], "#
                + #""targets": [{"name": "a", "template": "t.cfg", "sources": "nea", "output": "o"}]}"#, isShape: false,
            "1:62: error: a source of type 'files' has no 'table' [bad-value]",
            "1:136: error: the project has no source 'nea'; did you mean 'near'? [bad-value]"),
        .init(
            "wrong dialect", target(#""dialect": "haprxy""#),
            "1:92: error: 'dialect' must be one of auto, haproxy, nginx, plain; did you mean 'haproxy'? [bad-value]"),
        .init(
            "a mode for everybody", target(#""mode": "0666""#),
            "1:89: error: 'mode' must not let everybody write the file [bad-value]"),
        .init(
            "a decimal mode", target(#""mode": "0999""#),
            #"1:89: error: 'mode' must be octal digits such as "0644" [bad-value]"#),
        .init(
            "guards", target(#""guards": {"minServer": 1, "maxRemoved": 2}"#),
            "1:92: error: 'guards' has no key 'minServer'; did you mean 'minServers'? [unknown-key]",
            "1:122: error: 'maxRemoved' must be from 0 to 1 [number-out-of-range]"),
        .init(
            "a time-out of text", target(#""checkTimeout": "x""#),
            "1:97: error: 'checkTimeout' must be a whole number [wrong-type]"),
        .init(
            "a name that is a path",
            #"{"targets": [{"name": "../x", "template": "t.cfg", "services": "s", "output": "o"}]}"#,
            "1:23: error: the name of a target must be letters, digits and -_. and begin with a letter or digit "
                + "[bad-value]"),
        .init(
            "data and services", target(#""data": "d""#),
            "1:81: error: a target has either 'data' or 'services' [bad-value]"),
        .init("not JSON", "{", isShape: false, "1:2: error: "),
        .init(
            "two targets of one name and output",
            "{\"targets\": [\(one), \(one)]}", isShape: false,
            "1:82: error: two targets are called 'a' [duplicate-id]",
            "1:82: error: the targets 'a' and 'a' write the same output [duplicate-id]"),
        .init(
            "targets that are no list", #"{"targets": {}}"#,
            "1:13: error: 'targets' must be a list of targets [wrong-type]"),
        .init(
            "a target that is no object", #"{"targets": [1]}"#, "1:14: error: a target must be an object [wrong-type]"),
        .init(
            "no version kept", #"{"keep": 0, "targets": [\#(one)]}"#,
            "1:10: error: 'keep' must be from 1 to 1000 [number-out-of-range]"),
        .init(
            "an empty state", #"{"state": "", "targets": [\#(one)]}"#,
            "1:11: error: 'state' must not be empty [bad-value]"),
        .init(
            "a name that is too long", target("", name: String(repeating: "n", count: 65)),
            "1:23: error: the name of a target must be letters, digits and -_. and begin with a letter or digit "
                + "[bad-value]"),
        .init("an owner that is a number", target(#""owner": 0"#), "1:90: error: 'owner' must be text [wrong-type]"),
        .init(
            "a mode that hides the file from its owner", target(#""mode": "0044""#),
            "1:89: error: 'mode' must let the owner read the file [bad-value]"),
        .init(
            "params that are a list", target(#""params": []"#), "1:91: error: 'params' must be an object [wrong-type]"),
        .init("a list of numbers", target(#""include": [1]"#), "1:93: error: 'include' must be text [wrong-type]"),
        .init(
            "equal delimiters", target(#""delims": ["<", "<"]"#),
            "1:91: error: 'delims' must be a list of two different texts [bad-value]"),
        .init(
            "an unknown choice", target(#""blankLines": "drop""#),
            "1:95: error: 'blankLines' must be one of keep, squeeze, remove [bad-value]"),
        .init(
            "a table that leads out", target(#""table": "..""#),
            "1:90: error: '..' cannot be the name of a table [bad-value]"),
        .init(
            "guards of wrong types", target(#""guards": {"minServers": -1, "requireServices": "yes"}"#),
            "1:106: error: 'minServers' must be from 0 to 1000000 [number-out-of-range]",
            "1:129: error: 'requireServices' must be true or false [wrong-type]"),
        .init(
            "a reload of no time", target(#""reloadTimeout": 0"#),
            "1:98: error: 'reloadTimeout' must be from 1 to 3600 [number-out-of-range]"),
        .init("an empty check", target(#""check": """#), "1:90: error: 'check' must not be empty [bad-value]"),
    ]

    private static let one = #"{"name": "a", "template": "t.cfg", "services": "s", "output": "o"}"#

    @Test("mistakes", arguments: mistakes)
    func mistake(_ mistake: Mistake) throws {
        let error = #expect(throws: Diagnostics.self) { try Self.read(mistake.text) }
        let found = error?.items.map(\.description) ?? []
        #expect(found.count == mistake.expected.count, "\(found)")
        for (found, expected) in zip(found, mistake.expected) {
            #expect(found.hasPrefix("haproxy-gen.json:" + expected))
        }
    }

    @Test("the first of two targets of one name and output is pointed at")
    func repetitions() {
        let error = #expect(throws: Diagnostics.self) { try Self.read("{\"targets\": [\(Self.one), \(Self.one)]}") }
        #expect(error?.items.first?.notes.count == 1)
    }

    @Test(
        "many mistakes are counted, and cost their number",
        arguments: [
            "{\"targets\": [\(Array(repeating: one, count: 20_000).joined(separator: ","))]}",
            "{\"targets\": [{\((0..<40_000).map { "\"k\($0)\": 1" }.joined(separator: ","))}]}",
            "{\"targets\": [\(Array(repeating: "1", count: 40_000).joined(separator: ","))]}",
        ])
    func many(_ text: String) {
        // An error of many lines is not for the macro to print.
        var items: [Diagnostic] = []
        do { _ = try Self.read(text) } catch { items = (error as? Diagnostics)?.items ?? [] }
        let (count, last) = (items.count, items.last?.message ?? "")
        #expect(count == 1_001)
        #expect(last.hasSuffix(" more mistakes"))
    }

    static let allKeys = #"""
        {"$schema": "x", "state": "var", "keep": 3, "tests": ["t/*.json"],
         "sources": [{"name": "local", "type": "files", "paths": ["l"]}, {"name": "m", "type": "table", "table": "astro"}],
         "watch": {"quiet": "30ms", "atMost": "1s", "reloadInterval": "0s", "refresh": "2m", "quarantine": "off",
           "drift": "report", "initialWait": "3s", "drain": "5s", "listen": "127.0.0.1:9090", "tokenFile": "t"},
         "targets": [{"name": "a", "template": "t.conf",
          "services": ["s", "/abs/*.json"], "table": "astro", "sources": ["m", "local"], "output": "out/{each}", "each": ".Attributes.team", "dialect": "auto",
          "params": {"n": 1}, "paramFiles": ["p.json"], "include": ["i"], "env": ["HOME"], "missingKey": "zero",
          "trustConfig": ["state"],
          "blankLines": "keep", "delims": ["[[", "]]"], "check": "c {file}", "checkTimeout": 5, "reload": "r",
          "reloadTimeout": 6, "mode": "0640", "owner": "root:haproxy",
          "guards": {"minServers": 1, "maxRemoved": 0.5, "requireServices": true}}]}
        """#

    @Test("all keys, with paths from the file")
    func all() throws {
        let project = try Self.read(Self.allKeys, name: "../haproxy-gen.json")
        let target = try #require(project.targets.first)
        #expect(project.state == "../var" && project.keep == 3 && project.tests == ["../t/*.json"])
        #expect(target.input.template == "../t.conf" && target.output == "../out/{each}")
        #expect(target.each == .field(["Attributes", "team"]))
        let table = RenderInput.StoredTable(folder: "../var", name: try #require(TableName("astro")))
        #expect(target.input.root == .services(["../s", "/abs/*.json"], table: table))
        #expect(target.input.dialect == .nginx && target.input.blankLines == .keep)
        #expect(target.input.trustedSources == [.state])
        #expect(target.input.settings.count == 2 && target.input.includes == ["../i"])
        #expect(target.mode == 0o640 && target.owner == "root:haproxy" && target.reloadTimeout == 6000)
        #expect(
            target.input.named == [
                .init(name: "m", kind: .table(table), trustsConfig: true),
                .init(name: "local", kind: .files(["../l"]), trustsConfig: true),
            ])
        let watch = project.watch
        #expect([watch.quiet, watch.atMost, watch.reloadInterval, watch.refresh] == [30, 1_000, 0, 120_000])
        #expect([watch.initialWait, watch.drain] == [3_000, 5_000])
        #expect(watch.quarantine == .off && watch.drift == .report)
        #expect(watch.listen == .tcp(host: "127.0.0.1", port: 9090) && watch.tokenFile == "../t")
        #expect(target.guards.minServers == 1 && target.guards.maxRemoved == 0.5 && target.guards.requireServices)
    }

    @Test(
        "proxym's check looks at the new output where it names the old one",
        arguments: [
            ("haproxy -c -f /o.cfg", "haproxy -c -f {file}"), ("haproxy -c -f '/o.cfg'", "haproxy -c -f {file}"),
            ("haproxy -c -f \"/o.cfg\";", "haproxy -c -f {file};"), ("c --file=/o.cfg&&d", "c --file={file}&&d"),
            ("c /o.cfg.bak /x/o.cfg", "c /o.cfg.bak /x/o.cfg"), ("c '/o.cfg x'", "c '/o.cfg x'"), ("/o.cfg", "{file}"),
        ])
    func proxymCheck(_ line: String, _ expected: String) {
        let variables = [
            "PROXYM_PROXY_TEMPLATE_PATH": "t.cfg", "PROXYM_PROXY_CONFIG_FILE_PATH": "/o.cfg",
            "PROXYM_FILE_CONFIGS_PATH": "s", "PROXYM_PROXY_CHECK_COMMAND": line,
        ]
        #expect(Self.proxymTarget(variables)?.check == expected)
    }

    private static func proxymTarget(_ variables: [String: String]) -> ProjectTarget? {
        guard case .project(let project) = ProxymVariables.read({ variables[$0] }, files: .system) else { return nil }
        return project.targets.first
    }

    private static let proxymNames = [
        "PROXYM_PROXY_TEMPLATE_PATH", "PROXYM_PROXY_CONFIG_FILE_PATH", "PROXYM_FILE_CONFIGS_PATH",
    ]

    @Test("without one of proxym's three paths there is no project", arguments: 0..<3)
    func proxymMissing(_ missing: Int) {
        var names = Self.proxymNames
        let name = names.remove(at: missing)
        let answer = ProxymVariables.read({ names.contains($0) ? "x.cfg" : nil }, files: .system)
        guard case .incomplete([name]) = answer else {
            Issue.record("\(answer)")
            return
        }
        guard case .absent = ProxymVariables.read({ _ in nil }, files: .system) else {
            Issue.record("a sign of proxym where there is none")
            return
        }
    }

    @Test(
        "proxym's switches", arguments: ["PROXYM_PROXY_ENABLED", "PROXYM_FILE_ENABLED"], ["0", "1", ""])
    func proxymSwitches(_ name: String, _ value: String) {
        var variables = Dictionary(uniqueKeysWithValues: Self.proxymNames.map { ($0, "x.cfg") })
        variables[name] = value
        switch ProxymVariables.read({ variables[$0] }, files: .system) {
        case .disabled(let off): #expect(value == "0" && off == name)
        case .project: #expect(value != "0")
        case .incomplete, .absent: Issue.record("not complete")
        }
    }

    @Test("proxym's commands run under bash where there is one")
    func proxymShell() {
        let variables = Dictionary(uniqueKeysWithValues: Self.proxymNames.map { ($0, "x.cfg") })
        let hasBash = (try? FileSystem.system.status("/bin/bash")) != nil
        #expect(Self.proxymTarget(variables)?.shell == (hasBash ? "/bin/bash" : "/bin/sh"))
        var files = FileSystem.system
        files.status = { _ throws(SystemError) in throw SystemError(number: ENOENT) }
        guard case .project(let project) = ProxymVariables.read({ variables[$0] }, files: files) else {
            Issue.record("no project")
            return
        }
        #expect(project.targets.first?.shell == "/bin/sh")
    }

    @Test(
        "patterns",
        arguments: [
            ("*.json", "a.json", true), ("*.json", ".a.json", false), ("a?c", "abc", true), ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false), ("*a*b", "xaxxb", true), ("*a*b", "xaxxbc", false), ("[", "[", true),
        ])
    func pattern(_ pattern: String, _ name: String, _ expected: Bool) {
        #expect(FilePattern.matches(Array(pattern.utf8)[...], Array(name.utf8)[...]) == expected)
    }

    @Test("patterns find files in every folder")
    func patternFiles() throws {
        let folder = try TemporaryFolder(["s/a.json": "", "s/x/b.json": "", "s/x/y/c.json": "", "s/d.txt": ""])
        let found = FilePattern(folder.path("s/**/*.json"))?.matches(.system)
        #expect(found == ["s/a.json", "s/x/b.json", "s/x/y/c.json"].map(folder.path))
    }
}
