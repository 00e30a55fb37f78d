import TestSupport
import Testing

/// `check` lists every `raw` for whoever reviews a template.
@Suite struct RawTextTests {
    private func check(_ words: [String], _ files: [String: String] = [:]) throws -> ProgramRun {
        let usual = ["t.cfg.tmpl": "# é {{ raw \"x\" }}\n"]
        let folder = try TemporaryFolder(usual.merging(files) { $1 })
        return try withExtendedLifetime(folder) {
            try ProgramRun.run(["check", "--syntax", "t.cfg.tmpl"] + words, in: folder.path)
        }
    }

    @Test func aNoteIsShownAndChangesNoExitCode() throws {
        let run = try check([])
        #expect(run.exitCode == 0 && run.stdout.isEmpty, "\(run)")
        #expect(run.stderr.hasPrefix("t.cfg.tmpl:1:8: note: raw writes this value as it is"), "\(run)")
        #expect(run.stderr.contains("[raw-text]\n  # é {{ raw \"x\" }}\n         ^~~\n"), "\(run)")
        #expect(run.stderr.contains(": 0 errors, 0 warnings, 1 note in "), "\(run)")
    }

    @Test func formatsSayNote() throws {
        let json = try check(["--format", "json"]).stdout
        #expect(json.contains(#""severity": "note""#) && json.contains(#""column": 8"#), "\(json)")
        #expect(json.contains("\"warnings\": 0,\n    \"notes\": 1,"), "\(json)")
        let sarif = try check(["--format", "sarif"]).stdout
        #expect(sarif.contains(#""ruleId": "raw-text""#) && sarif.contains(#""level": "note""#), "\(sarif)")
        let github = try check(["--format", "github"]).stdout
        #expect(github.hasPrefix("::notice file=t.cfg.tmpl,line=1,endLine=1,col=8,endColumn=11,title=raw-text::raw "))
    }

    @Test func aCommentSilencesIt() throws {
        let silenced = "{{/* haproxy-gen:ignore raw-text */}}\n{{ raw \"x\" }}\n"
        let run = try check([], ["t.cfg.tmpl": silenced])
        #expect(run.exitCode == 0 && run.stderr.hasPrefix("1 template: 0 errors, 0 warnings in"))
        let useless = try check([], ["t.cfg.tmpl": "{{/* haproxy-gen:ignore raw-text */}}\nx\n"])
        #expect(useless.stderr.contains("[unused-ignore]"), "\(useless)")
    }
}
