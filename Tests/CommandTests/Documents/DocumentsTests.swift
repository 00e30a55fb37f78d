import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HAServices
@testable import haproxy_gen

/// The documents say what is true: what they show is run, what they list is compared, what they name exists.
@Suite("Documents")
struct DocumentsTests {
    /// With `UPDATE_GOLDEN=1` the page is rewritten and the test fails, as for goldens.
    @Test("a page shows what happens", arguments: Page.paths)
    func runs(_ path: String) throws {
        let page = try Page(path)
        let run = try PageRun(page)
        var real = run.page
        real.lines = GeneratedParts.refresh(real.lines)
        if getenv("UPDATE_GOLDEN") != nil {
            let installer = FileInstaller(files: .system, temporaries: .unregistered)
            if try installer.install(Array(real.text.utf8), at: "\(projectFolder)/\(path)") == .wrote {
                Issue.record("rewrote \(path): read the difference before you commit it")
            }
            return
        }
        for mistake in run.mistakes {
            Issue.record(
                """
                \(path):\(mistake.line) shows what does not happen; UPDATE_GOLDEN=1 rewrites it
                --- shown
                \(mistake.shown.joined(separator: "\n"))
                --- real
                \(mistake.real.joined(separator: "\n"))
                """)
        }
        #expect(
            GeneratedParts.refresh(page.lines) == page.lines,
            "a table of \(path) differs from the program's declarations; UPDATE_GOLDEN=1 rewrites it")
    }

    @Test("the README lists every command, its page every option")
    func everyCommand() throws {
        let names = GeneratedParts.names(in: try Page("docs/commands.md").lines)
        for (path, _) in Program.declaration.family() {
            #expect(names.contains((["options"] + path).joined(separator: " ")))
        }
        #expect(names.contains("exit codes"))
        #expect(GeneratedParts.names(in: try Page("README.md").lines).contains("commands"))
    }

    @Test("every field and method of services and hosts is listed, in their order")
    func everyField() throws {
        let page = try Page("docs/services.md")
        let (service, host) = (ServiceModel.service, ServiceModel.host)
        #expect(page.firstCells(under: "Fields of a service") == service.fieldNames)
        #expect(page.firstCells(under: "Fields of a host") == host.fieldNames)
        #expect(
            page.firstCells(under: "What a template can ask besides")
                == service.methods.map { ".\($0.name)" } + host.methods.map { ".\($0.name)" })
    }

    @Test("haproxy accepts the configuration that the README shows")
    func acceptedConfiguration() throws {
        let page = try Page("README.md")
        let shown = page.blocks.filter { $0.section == "A template and its output" && $0.language == "console" }
        let configuration = try #require(shown.first).content.dropFirst().map { page.lines[$0] + "\n" }.joined()
        let folder = try TemporaryFolder(["edge.cfg": configuration])
        let haproxy = ProgramRun.installed("haproxy") ?? "/usr/sbin/haproxy"
        let check = try ProgramRun.run(["-c", "-f", folder.path("edge.cfg")], executable: haproxy)
        #expect(check.exitCode == 0, "\(check)")
    }

    // MARK: Diagnostics

    @Test("every code has a section, and every section a code")
    func everyCode() throws {
        let sections = try Page("docs/diagnostics.md").headings.filter { $0.level == 3 }.map(\.text)
        for codes in Self.codesByLayer.map(\.codes) {
            // Each layer's stand in its order.
            #expect(sections.filter { codes.map(\.rawValue).contains($0) } == codes.map(\.rawValue))
        }
        #expect(sections.count == DiagnosticCode.all.count)
        #expect(Set(sections).count == sections.count)
    }

    private static let codesByLayer: [(file: String, codes: [DiagnosticCode])] = [
        ("Sources/HATemplate/Diagnostics/DiagnosticCode.swift", DiagnosticCode.engineCodes),
        ("Sources/HAServices/Schema/ServiceCodes.swift", DiagnosticCode.serviceCodes),
        ("Sources/HADelivery/Check/DeliveryCodes.swift", DiagnosticCode.deliveryCodes),
    ]

    @Test("every code that is declared is in the list of its file")
    func listedCodes() throws {
        for (file, codes) in Self.codesByLayer {
            let declared = try Page(file).lines.compactMap { line -> String? in
                guard let start = line.firstRange(of: "= Self(\"") else { return nil }
                return String(line[start.upperBound...].prefix { $0 != "\"" })
            }
            #expect(declared == codes.map(\.rawValue), "\(file)")
        }
    }

    /// What the examples print is checked by `runs`; here it is the section's code and no other.
    @Test("the example of a code causes that code", arguments: DiagnosticCode.all.map(\.rawValue))
    func example(_ code: String) throws {
        let page = try Page("docs/diagnostics.md")
        let consoles = page.blocks.filter { $0.section == code && $0.language == "console" }
        let shown = consoles.flatMap { page.lines[$0.content] }
        let labels = ["error: ", "warning: ", "note: "]
        let codes = shown.filter { line in labels.contains { line.hasPrefix($0) || line.contains(" \($0)") } }
            .compactMap(Self.code)
        if Self.notRun.contains(code) {
            #expect(consoles.isEmpty)
        } else {
            #expect(Set(codes) == [code])
        }
    }

    /// No template is known that causes the one, and none that is small causes the other.
    static let notRun = [DiagnosticCode.structureChanged.rawValue, DiagnosticCode.checkIncomplete.rawValue]

    /// `unknown-key` of a line that ends in `[unknown-key]`.
    private static func code(of line: String) -> String? {
        guard line.hasSuffix("]"), let opening = line.lastIndex(of: "["), line[..<opening].hasSuffix(" ") else {
            return nil
        }
        return String(line[line.index(after: opening)...].dropLast())
    }

    // MARK: What pages point to

    @Test("links lead to files and headings that exist", arguments: Page.paths)
    func links(_ path: String) throws {
        let folder = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        for line in try Page(path).prose {
            for link in line.matches(of: /\]\(([^)]+)\)/).map({ String($0.output.1) }) where !link.contains("://") {
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                let target = parts[0].isEmpty ? path : Self.normal(folder + parts[0])
                #expect(Self.exists(target), "\(path) links to \(link)")
                guard parts.count > 1, Self.exists(target) else { continue }
                let anchors = try Page(target).headings.map { Self.anchor($0.text) }
                #expect(anchors.contains(parts[1]), "\(path) links to \(link)")
            }
        }
    }

    @Test("paths in a text exist", arguments: Page.paths)
    func paths(_ path: String) throws {
        let tops = ["Sources/", "Tests/", "Tools/", "templates/", "examples/", "docs/", "scripts/"]
        for line in try Page(path).prose {
            for name in line.matches(of: /`([^`]+)`/).map({ String($0.output.1) })
            where tops.contains(where: name.hasPrefix) && !name.contains(where: { "<*… ".contains($0) }) {
                #expect(Self.exists(name), "\(path) names \(name)")
            }
        }
    }

    /// `Suite.name` is a test, or a table of cases, in the file `Suite.swift`.
    @Test("tests that COMPATIBILITY.md names exist")
    func namedTests() throws {
        let files = try Self.swiftFiles(below: "\(projectFolder)/Tests")
        for line in try Page("COMPATIBILITY.md").prose {
            for match in line.matches(of: /`([A-Z]\w+Tests)\.(\w+)`/) {
                let (suite, name) = (String(match.output.1), String(match.output.2))
                let path = try #require(files.first { $0.hasSuffix("/\(suite).swift") }, "no \(suite).swift")
                let text = String(decoding: try FileReader(files: .system).read(path).bytes, as: UTF8.self)
                let isThere = text.contains("func \(name)(") || text.contains("static let \(name)")
                #expect(isThere, "\(suite).swift has no \(name)")
            }
        }
    }

    private static func swiftFiles(below folder: String) throws -> [String] {
        try FileSystem.system.names(folder).flatMap { name in
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".swift") { return [path] }
            guard try FileSystem.system.status(path).kind == .folder else { return [] }
            return try swiftFiles(below: path)
        }
    }

    private static func exists(_ path: String) -> Bool {
        (try? FileSystem.system.status("\(projectFolder)/\(path)")) != nil
    }

    /// Without `..`.
    private static func normal(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") {
            if part == "..", !parts.isEmpty { parts.removeLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// As the usual viewers name a heading.
    private static func anchor(_ heading: String) -> String {
        heading.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }.replacing(" ", with: "-")
    }
}
