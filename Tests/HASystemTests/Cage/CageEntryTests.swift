import Testing

@testable import HASystem

/// Calls that change nothing and keep a list, of which some fail.
private final class RecordedCalls: Sendable {
    private let names = Guarded<[String]>([])
    private let failing: Set<String>
    private let user: UInt32

    /// Whether the parent has ended.
    private let hasLostParent: Bool

    init(failing: Set<String> = [], user: UInt32 = 0, hasLostParent: Bool = false) {
        self.failing = failing
        self.hasLostParent = hasLostParent
        self.user = user
    }

    var list: [String] { names.withLock { $0 } }

    private func step(_ name: String) throws(SystemError) {
        names.withLock { $0.append(name) }
        if failing.contains(name) { throw SystemError(number: 1) }
    }

    var calls: CageCalls {
        let user = user
        return CageCalls(
            closeFiles: { first throws(SystemError) in try self.step("close \(first)") },
            identity: { (user, user) },
            leave: { spaces throws(SystemError) in
                try self.step(spaces.contains(.user) ? "leave as user" : "leave as root")
            },
            raiseLoopback: { () throws(SystemError) in try self.step("loopback") },
            write: { path, _ throws(SystemError) in try self.step("write \(path)") },
            isFolder: { _ in true },
            mount: { mount throws(SystemError) in
                switch mount {
                case .separate: try self.step("separate")
                case .memory(let path, _): try self.step("memory \(path)")
                case .bind(let source, let path): try self.step("bind \(source) \(path)")
                case .attributes(let path, let set, let clear): try self.step("attributes \(path) \(set) \(clear)")
                }
            },
            forbidPrivileges: { () throws(SystemError) in try self.step("privileges") },
            limit: { limit, value throws(SystemError) in try self.step("limit \(limit) \(value)") },
            leaveGroups: { () throws(SystemError) in try self.step("groups") },
            dropCapabilities: { keeps throws(SystemError) in try self.step("capabilities \(keeps)") },
            landlockVersion: { () throws(SystemError) in
                try self.step("version")
                return 5
            },
            makeRules: { _ throws(SystemError) in
                try self.step("rules")
                return 9
            },
            addRule: { _, _, path, access throws(SystemError) in
                let rights = access.map { "\($0)" }.sorted().joined(separator: "+")
                try self.step("rule \(path) \(rights)")
            },
            enterRules: { _ throws(SystemError) in try self.step("enter") },
            filterCalls: { _ throws(SystemError) in try self.step("filter") },
            endWithParent: { () throws(SystemError) in
                try self.step("end with parent")
                if self.hasLostParent { throw SystemError(number: EPIPE) }
            },
            changeFolder: { path throws(SystemError) in try self.step("folder \(path)") },
            execute: { program, words, environment in
                try? self.step("execute \(words.joined(separator: " ")) \(environment.joined(separator: " "))")
                return SystemError(number: 2)
            })
    }
}

@Suite("Entering a cage") struct CageEntryTests {
    private func enter(_ calls: RecordedCalls, strict: Bool = false) -> (CageReport, CageReport.Failure) {
        var plan = CagePlan(program: "/usr/sbin/nginx", arguments: ["-t"], folder: "/private", readable: ["/srv"])
        plan.environment = ["A=b"]
        plan.libraries = ["/usr"]
        plan.covered = ["/run"]
        plan.hosts = "/private/hosts"
        plan.isStrict = strict
        let lines = Guarded("")
        let entry = CageEntry(plan: plan, calls: calls.calls) { line in lines.withLock { $0 += line } }
        let failure = entry.enter()
        return (CageReport(reading: Array(lines.withLock { $0 }.utf8)), failure)
    }

    @Test("root: mounts before Landlock, rights go before the rules, the filter comes last")
    func root() throws {
        let recorded = RecordedCalls()
        let (report, failure) = enter(recorded)
        #expect(report == CageReport() && failure.step == .program)
        let order = [
            "close 4", "leave as root", "loopback", "separate", "memory /run", "bind /private/hosts /etc/hosts",
            "bind /usr /usr", "bind /private /private", "attributes / 3 0", "attributes /usr 0 2",
            "attributes /run 0 1",
            "attributes /private 0 1", "privileges", "limit core 0", "version", "groups", "capabilities true",
            "folder /private", "rules", "rule /usr read", "rule /srv read", "rule /usr/sbin/nginx read+run",
            "rule /private read+write", "rule /run read+write", "enter", "end with parent", "filter",
            "execute /usr/sbin/nginx -t A=b",
        ]
        let places = order.map { recorded.list.firstIndex(of: $0) }
        #expect(
            !places.contains(nil) && places.compactMap { $0 } == places.compactMap { $0 }.sorted(), "\(recorded.list)")
        #expect(!recorded.list.contains("leave as user"))
    }

    @Test("an ordinary user goes through a user namespace and has no rights to drop")
    func user() {
        let recorded = RecordedCalls(user: 1000)
        #expect(enter(recorded).0 == CageReport())
        #expect(recorded.list.contains("leave as user") && recorded.list.contains("write /proc/self/uid_map"))
        #expect(!recorded.list.contains { $0.hasPrefix("capabilities") || $0 == "leave as root" })
    }

    @Test(
        "what a system lacks is reported, and the rest holds",
        arguments: [
            (["leave as root", "leave as user"], [CageReport.Part.namespaces]), (["separate"], [.mounts]),
            (["bind /private /private"], [.mounts]), (["attributes / 3 0"], [.mounts]), (["version"], [.landlock]),
            (["filter"], [.calls]), (["leave as root", "leave as user", "version"], [.namespaces, .landlock]),
            (["leave as root"], []), (["loopback", "groups"], []), (["end with parent"], []),
        ])
    func fallbacks(_ failing: [String], _ missing: [CageReport.Part]) {
        let recorded = RecordedCalls(failing: Set(failing))
        let (report, failure) = enter(recorded)
        #expect(report.missing == missing && failure.step == .program)
        // Without rules for files, root reads no keys but its own.
        #expect(recorded.list.contains("capabilities \(!missing.contains(.landlock))"))
        // Without mounts, the covered folders are the machine's.
        let isOpen = missing.contains(.landlock) || missing.contains(.namespaces) || missing.contains(.mounts)
        #expect(recorded.list.contains("rule /run read+write") == !isOpen)
    }

    @Test(
        "what must work and does not keeps the program from beginning",
        arguments: [
            ("close 4", CageReport.Step.descriptors), ("privileges", .privileges), ("limit memory \(4 << 30)", .limits),
            ("capabilities true", .capabilities), ("folder /private", .folder), ("rules", .rules),
            ("rule /srv read", .rules), ("enter", .rules),
        ])
    func failures(_ failing: String, _ step: CageReport.Step) {
        let recorded = RecordedCalls(failing: [failing])
        #expect(enter(recorded).1 == CageReport.Failure(step, SystemError(number: 1)))
        #expect(!recorded.list.contains { $0.hasPrefix("execute") })
    }

    @Test("nothing is run for a parent that has ended")
    func lostParent() {
        let recorded = RecordedCalls(hasLostParent: true)
        #expect(enter(recorded).1 == CageReport.Failure(.program, SystemError(number: EPIPE)))
        #expect(!recorded.list.contains { $0.hasPrefix("execute") })
    }

    @Test("asked to be strict, it runs nothing where neither rules nor a file system of its own can be had")
    func strict() {
        let bare = RecordedCalls(failing: ["leave as root", "leave as user", "version"])
        #expect(enter(bare, strict: true).1.step == .strictness)
        #expect(!bare.list.contains { $0.hasPrefix("execute") })
        for failing in [["version"], ["leave as root", "leave as user"]] {
            #expect(enter(RecordedCalls(failing: Set(failing)), strict: true).1.step == .program)
        }
    }
}
