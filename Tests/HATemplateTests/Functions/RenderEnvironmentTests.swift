import Testing

@testable import HATemplate

/// Files, variables, messages, and what is only text here.
@Suite struct RenderEnvironmentTests {
    private static let environment = RenderEnvironment(
        variables: ["REGION": "eu", "UNSET": ""],
        files: .init(
            read: { $0 == "a/b.txt" ? .success(Array("hello\n".utf8)) : .failure($0 == "." ? .isFolder : .notFound) },
            list: { path in
                path == "."
                    ? .success([.init(name: "b", isFolder: true, size: 0), .init(name: "a", isFolder: false, size: 7)])
                    : .failure(.notFolder)
            },
            exists: { $0 == "link" ? .failure(.outside) : .success($0 == "a/b.txt") }))

    private func run(_ template: String, _ environment: RenderEnvironment) -> (String, [Diagnostic]) {
        var output = ByteBuffer()
        var warnings: [Diagnostic] = []
        do {
            let template = try Template.parse(SourceFile(name: "t", text: template))
            try template.render(
                .empty, options: RenderOptions(environment: environment), into: &output, warnings: &warnings)
        } catch let diagnostic as Diagnostic {
            return (summary(diagnostic), warnings)
        } catch {
            return ("\(error)", warnings)
        }
        return (output.withElements { String(decoding: $0, as: UTF8.self) }, warnings)
    }

    static let allowed: [(String, String)] = [
        (#"{{ getenv "REGION" }}{{ os.Getenv "UNSET" }}"#, "eu"), (#"{{ readFile "a/b.txt" }}"#, "hello\n"),
        (#"{{ os.ReadFile "./a//x/../b.txt" }}"#, "hello\n"),
        (#"{{ fileExists "a/b.txt" }} {{ os.FileExists "b" }}"#, "true false"),
        (#"{{ range readDir "." }}{{ .Name }} {{ .IsDir }} {{ .Size }};{{ end }}"#, "a false 7;b true 0;"),
        (#"{{ len (os.ReadDir "a/..") }}"#, "2"),
        (#"{{ readFile "../x" }}"#, #"1:4 not-allowed the path "../x" leads out of the template's folder"#),
        (#"{{ readFile "a/../../x" }}"#, #"1:4 not-allowed the path "a/../../x" leads out of the template's folder"#),
        (#"{{ fileExists "/etc/passwd" }}"#, #"1:4 not-allowed the path "/etc/passwd" is absolute"#),
        (#"{{ readDir "" }}"#, #"1:4 not-allowed the path "" is empty"#),
        (#"{{ readFile "a\x00b" }}"#, "1:4 not-allowed the path \"a\0b\" has a NUL character"),
        (#"{{ readFile "\xff" }}"#, "1:4 not-allowed the path \"\u{FFFD}\" is not UTF-8"),
        (#"{{ readFile "no" }}"#, #"1:4 file-access cannot read "no": there is no such file in the template's folder"#),
        (#"{{ readFile "." }}"#, #"1:4 file-access cannot read ".": it is a folder"#),
        (#"{{ readDir "x" }}"#, #"1:4 file-access cannot read "x": it is not a folder"#),
        (
            #"{{ fileExists "link" }}"#,
            #"1:4 file-access cannot read "link": a symbolic link leads out of the template's folder"#
        ),
        (#"{{ getenv "HOME" }}"#, "1:4 not-allowed the environment variable HOME is not allowed here"),
    ]

    @Test(arguments: allowed) func answersAndRefusals(_ template: String, _ expected: String) {
        let (result, _) = run(template, Self.environment)
        #expect(result == expected)
    }

    @Test func nothingIsAllowedUnlessGiven() {
        #expect(run(#"{{ readFile "a" }}"#, RenderEnvironment()).0 == "1:4 not-allowed files cannot be read here")
        #expect(run(#"{{ getenv "PATH" }}"#, RenderEnvironment()).0.hasPrefix("1:4 not-allowed"))
        #expect(mistake("{{ readFile .l }}", data: #"{"l": []}"#)?.hasPrefix("1:13 wrong-argument") == true)
        #expect(mistake("{{ getenv .l }}", data: #"{"l": []}"#)?.hasPrefix("1:11 wrong-argument") == true)
    }

    @Test func errorfStopsWithItsMessage() {
        #expect(mistake(#"a{{ errorf "no port for %s" "web" }}"#) == "1:5 template-error no port for web")
        #expect(mistake(#"{{ fmt.Erroridf "id" "%d" 3 }}"#) == "1:4 template-error 3")
        #expect(mistake("{{ errorf 3 }}") == "1:11 wrong-argument argument 1 must be a format string, not an int")
        #expect(mistake(#"{{ warnidf 3 "x" }}"#) == "1:12 wrong-argument argument 1 must be a name, not an int")
    }

    @Test func warningsAreCollected() {
        let text = #"{{ range 3 }}{{ warnf "same %s" "text" }}{{ warnf "n %d" . }}{{ end }}.{{ warnidf "id" "w" }}"#
        let (output, warnings) = run(text, RenderEnvironment())
        #expect(output == ".")
        #expect(
            warnings.map(summary) == [
                "1:17 template-warning same text", "1:45 template-warning n 0", "1:45 template-warning n 1",
                "1:45 template-warning n 2", "1:75 template-warning w",
            ])
        #expect(warnings.allSatisfy { $0.severity == .warning })
        #expect(run("{{ range 1000 }}{{ warnf `%d` . }}{{ end }}", RenderEnvironment()).1.count == 100)
        #expect(run("{{ warnf `x` }}{{ errorf `y` }}", RenderEnvironment()).1.count == 1)
    }

    static let plain: [(String, String)] = [
        (#"{{ safeHTML "<a>" }}{{ safe.HTML 3 }}{{ safeHTMLAttr "x" }}{{ safe.HTMLAttr nil }}"#, "<a>3x"),
        (#"{{ safeCSS "a" }}{{ safeJS 1.5 }}{{ safeJSStr true }}{{ safeURL "u" }}"#, "a1.5trueu"),
        (#"{{ safe.CSS "a" }}{{ safe.JS "b" }}{{ safe.JSStr "c" }}{{ safe.URL "d" }}"#, "abcd"),
        (#"{{ fmt.Print "a" 1 2 "b" }}{{ fmt.Printf "%d" 3 }}{{ fmt.Println 1 "a" }}"#, "a1 2b31 a\n"),
    ]

    @Test(arguments: plain) func textStaysText(_ template: String, _ expected: String) throws {
        #expect(try render(template) == expected)
    }

    @Test func safeRefusesCollections() {
        for name in ["HTML", "HTMLAttr", "CSS", "JS", "JSStr", "URL"] {
            #expect(mistake("{{ safe\(name) .l }}", data: #"{"l": []}"#)?.contains("wrong-argument argument 1") == true)
        }
    }
}
