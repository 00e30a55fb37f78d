import Testing

@testable import HASystem

@Suite("Plans of cages") struct CagePlanTests {
    private var plan: CagePlan {
        var plan = CagePlan(
            program: "/usr/sbin/haproxy", arguments: ["-c", "-f", "a=b", "--", "readable=/etc/shadow"],
            folder: "/tmp/x=y", readable: ["/srv/a b", "/srv/--"])
        plan.environment.append("ADDR=10.0.0.1=x")
        plan.hosts = "/tmp/x=y/hosts"
        plan.isStrict = true
        plan.limits.memory = 5
        return plan
    }

    @Test("a plan comes through a command line as it was, whatever its words hold")
    func words() throws {
        #expect(CagePlan(words: plan.words) == plan)
        var plain = CagePlan(program: "/bin/true", arguments: [], folder: "/tmp")
        plain.covered = []
        plain.environment = []
        #expect(CagePlan(words: plain.words) == plain)
    }

    @Test("words that are no plan are refused")
    func wrong() {
        for words in [
            [], ["--"], ["folder=/tmp", "--"], ["--", "/bin/true"], ["folder=tmp", "--", "/bin/true"],
            ["folder=/tmp", "--", "true"], ["folder=/tmp", "what=x", "--", "/bin/true"],
            ["folder=/tmp", "memory=-1", "--", "/bin/true"], ["folder=/tmp", "time=x", "--", "/bin/true"],
            ["folder", "--", "/bin/true"],
        ] { #expect(CagePlan(words: words) == nil, "\(words)") }
    }

    @Test("no folder with keys is readable by itself, and a program elsewhere has its own libraries")
    func paths() {
        let plan = CagePlan(program: "/opt/haproxy/sbin/haproxy", arguments: [], folder: "/tmp")
        #expect(
            !plan.readable.contains { ["/", "/etc", "/etc/ssl", "/etc/ssl/private", "/root", "/home"].contains($0) })
        #expect(plan.libraries.contains("/opt/haproxy/lib"))
        #expect(!CagePlan(program: "/haproxy", arguments: [], folder: "/tmp").libraries.contains { $0.hasPrefix("//") })
    }

    @Test("a report says what it was told, and nothing that a program could have written makes one up")
    func reports() {
        let failure = CageReport.Failure(.rules, SystemError(number: 22))
        let text = CageReport.line(missing: .landlock) + CageReport.line(missing: .mounts) + CageReport.line(failure)
        #expect(
            CageReport(reading: Array(text.utf8)) == CageReport(missing: [.landlock, .mounts], failure: failure))
        #expect(
            CageReport(reading: Array("missing everything\nfailed rules\nConfiguration file is valid\n".utf8))
                == .init())
        #expect(CageReport().note == nil && CageReport.none.note?.contains("Landlock") == true)
    }
}
