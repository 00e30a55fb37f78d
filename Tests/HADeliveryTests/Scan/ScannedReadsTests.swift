import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

/// What the scan found to be read decides what a cage opens and what a verdict rests on.
@Suite("What a check reads") struct ScannedReadsTests {
    private static let certificate = "-----BEGIN CERTIFICATE-----\n"

    @Test("a cage opens what is read, and nothing else that a word names")
    func cage() throws {
        let outside = try TemporaryFolder(["secret.pem": Self.certificate, "folder/a.pem": Self.certificate])
        let project = try TemporaryFolder(["out/edge": ""])
        let output = project.path("out/edge")
        func readable(_ line: String, _ reads: Set<String>?) throws -> [String] {
            let text = ConfigurationText(
                Array("frontend f\n \(line.replacing("DIR", with: outside.path))\n".utf8), dialect: .haproxy)
            let cage = ProxyCage(
                files: .system, outputFolder: PrivateFolder.folder(of: output), text: text,
                reads: reads.map { Set($0.map(outside.path)) })
            let real = try FileSystem.system.realPath(outside.path) + "/"
            return cage.readable().filter { $0.hasPrefix(real) }.map { String($0.dropFirst(real.count)) }
        }
        for line in [
            "description DIR/secret.pem", "http-request set-header X DIR/secret.pem", "acl a path DIR/secret.pem",
            "monitor-uri DIR/folder", "errorloc 503 DIR/secret.pem",
        ] {
            #expect(try readable(line, []).isEmpty, "\(line)")
        }
        #expect(try readable("bind :1 ssl crt DIR/secret.pem", ["secret.pem"]) == ["secret.pem"])
        #expect(try readable("bind :1 ssl crt DIR/folder", ["folder"]) == ["folder/a.pem"])
        // Where code is allowed, it may read what the text names.
        #expect(try readable("description DIR/secret.pem", nil) == ["secret.pem"])
    }

    struct Change: CustomTestStringConvertible {
        let file: String
        let text: String?
        var testDescription: String { file }

        init(_ file: String, _ text: String?) { (self.file, self.text) = (file, text) }
    }

    static let changes = [
        Change("out/certs/a.pem", "b"), Change("out/certs/b.pem", "new"), Change("out/certs/a.pem", nil),
        Change("out/deep/l", "b.pem\n"), Change("out/deep/c.pem", "b"), Change("out/deep/c.pem.ocsp", "new"),
        Change("out/deep/c.pem.key", "b"), Change("out/deep/c.pem.issuer", "new"), Change("out/deep/spoe", "b"),
        Change("out/deep/p.lst", "b"), Change("out/deep/m.map", "b"), Change("out/base/d.pem", "b"),
        Change("out/base/d.pem.sctl", "new"), Change("folder/z.cfg", "b"), Change("folder/new.cfg", "b"),
    ]

    @Test("a verdict is forgotten when what it rests on changes", arguments: changes)
    func verdict(change: Change) throws {
        let folder = try TemporaryFolder([
            "out/edge": "", "out/certs/a.pem": "a", "out/deep/l": "deep/c.pem\n", "out/deep/c.pem": "a",
            "out/deep/c.pem.key": "a", "out/deep/p.lst": "a", "out/deep/m.map": "a", "out/base/d.pem": "a",
            "out/deep/spoe": "[e]\nspoe-message m\n acl a src -f deep/p.lst\n args src,map(deep/m.map)\n",
            "folder/z.cfg": "# a\n", "other/x": "",
        ])
        let text = ConfigurationText(
            Array(
                """
                global
                 crt-base base
                frontend f
                 bind :1 ssl crt certs
                 bind :2 ssl crt-list deep/l
                 bind :3 ssl crt d.pem
                 filter spoe engine e config deep/spoe

                """.utf8), dialect: .haproxy)
        let report = ConfigurationScan.scan(
            text, output: folder.path("out/edge"), command: "haproxy -c -f folder -f {file}",
            workingFolder: folder.path, files: .system
        ) { _ in nil }
        #expect(report.refusals.isEmpty, "\(report.refusals)")
        let basis = try #require(
            VerdictBasis(
                text, folder: folder.path("out"), name: "edge", replaced: [:], reads: report.reads,
                program: "/dev/null",
                libraries: ["/dev/null"], files: .system))
        #expect(VerdictBasis.holds(basis.identities, files: .system))
        // Neither the output nor what nobody names counts.
        try folder.write("x", to: "out/edge")
        try folder.write("x", to: "other/x")
        #expect(VerdictBasis.holds(basis.identities, files: .system))
        if let text = change.text {
            try folder.write(text, to: change.file)
        } else {
            try FileSystem.system.remove(folder.path(change.file))
        }
        #expect(!VerdictBasis.holds(basis.identities, files: .system))
    }

    @Test("bases count from the output's folder", arguments: ["crt-base", "ca-base", "key-base"])
    func bases(directive: String) {
        let text = ConfigurationText(Array("global\n \(directive) certs\n \(directive) /x\n".utf8), dialect: .haproxy)
        #expect(text.folders(from: "out") == ["out", "out/certs", "/x"])
    }
}
