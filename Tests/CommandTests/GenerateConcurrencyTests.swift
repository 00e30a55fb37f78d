import HAServices
import HASystem
import HATemplate
import TestSupport
import Testing

@testable import haproxy_gen

@Suite("haproxy-gen generate, many at once and killed", .serialized)
struct GenerateConcurrencyTests {
    @Test("8 writers of 50 payloads each lose no update")
    func writers() throws {
        let bench = try GenerateBench()
        // Each payload brings one service; all of them say that everything runs, so that none drops another's.
        let names = (1...8).flatMap { writer in (1...50).map { "w\(writer)-\($0)" } }
        let running = names.map { #"{"serviceName": "\#($0)", "id": "c-\#($0)", "ip": "10.0.0.1"}"# }
        for name in names {
            try bench.folder.write(
                #"{"table": "astro", "running": [\#(running.joined(separator: ","))], "candidates": [{"serviceName": "\#(name)", "#
                    + #""port": 80, "predicate": "\#(name).example", "containers": [{"id": "c-\#(name)", "ip": "10.0.0.1"}]}]}"#,
                to: "payloads/\(name).json")
        }
        let run = try ProgramRun.bash(
            """
            for writer in 1 2 3 4 5 6 7 8; do
                (for number in $(seq 50); do
                    "$PROGRAM" generate -t '\(GenerateBench.template)' --lock-timeout 60 --history 500 \
                        payloads/w$writer-$number.json >/dev/null 2>>errors-$writer || echo "$writer-$number: $?"
                done) &
            done
            wait
            cat errors-* | grep error
            """, in: bench.folder.path)
        #expect(run.stdout == "", "\(run)")
        #expect(try bench.state(["verify"]).exitCode == 0)
        let table = try #require(TableName("astro"))
        let directory = StateDirectory(path: bench.folder.path("state"))
        let current = try directory.current(table)
        // Each of them made a revision of what the one before had made.
        #expect(current.number == 400)
        #expect(current.counts == (400, 400))
        let stored = current.document.elements(of: current.document.root).compactMap { service in
            current.document.field("Id", of: service).flatMap { current.document.text(of: $0) }
        }
        #expect(Set(stored) == Set(names))
    }

    @Test("tables do not wait for each other; a table that is held is told")
    func otherTables() throws {
        let bench = try GenerateBench()
        _ = try bench.generate([], stdin: GenerateBench.start("web", "c1"))
        let held = try #require(TableName("astro"))
        let transaction = try StateDirectory(path: bench.folder.path("state")).begin(held)
        let other = try bench.generate(
            ["--lock-timeout", "0"], stdin: GenerateBench.start("web", "c1", table: "other"))
        #expect(other.exitCode == 0, "\(other)")
        let waiting = try bench.generate(
            ["--lock-timeout", "0.1"], stdin: GenerateBench.start("web", "c2", running: ["c1"]))
        #expect(waiting.exitCode == 3 && waiting.stdout == "")
        #expect(
            waiting.stderr == "haproxy-gen: error: process \(getpid()) holds state/astro/.lock; waited 0.1 s "
                + "(--lock-timeout waits longer)\n")
        _ = consume transaction
        #expect(try bench.state(["log", "astro"]).stdout.hasPrefix("revision 1, "))
    }

    @Test("killed at any moment, the table is whole and the next one succeeds")
    func killed() throws {
        let bench = try GenerateBench()
        // Large enough that the moments of a write are hit.
        let running = (0..<2_000).map {
            #"{"serviceName": "web", "id": "c\#($0)", "ip": "10.0.\#($0 / 250).\#($0 % 250 + 1)"}"#
        }
        func payload(_ count: Int) -> String {
            #"{"table": "astro", "running": [\#(running.prefix(count).joined(separator: ","))], "candidates": [{"#
                + #""serviceName": "web", "port": 80, "predicate": "web.example"}]}"#
        }
        try bench.folder.write(payload(1_000), to: "a.json")
        try bench.folder.write(payload(2_000), to: "b.json")
        let run = try ProgramRun.bash(
            """
            generate() { "$PROGRAM" generate -t '\(GenerateBench.template)' --history 3 $1.json >/dev/null 2>&1; }
            generate a; generate a
            for delay in 000 002 004 006 008 010 012 014 016 018 020 023 026 030 035 040 050 060 080 100; do
                for file in b a; do
                    "$PROGRAM" generate -t '\(GenerateBench.template)' --history 3 $file.json >/dev/null 2>&1 & process=$!
                    sleep 0.$delay
                    kill -KILL $process 2>/dev/null
                    wait $process 2>/dev/null
                    "$PROGRAM" state verify >/dev/null || echo "verify after $delay"
                done
            done
            generate b || echo 'the last one'
            "$PROGRAM" state verify >/dev/null || echo 'verify at the end'
            find state -name '*.tmp'
            """, in: bench.folder.path)
        #expect(run.stdout == "", "\(run)")
        #expect(try bench.state(["list"]).stdout.hasSuffix("2000\n"))
    }

    @Test("a full disk changes nothing", .enabled(if: ProgramRun.canLimitFiles))
    func fullDisk() throws {
        let bench = try GenerateBench()
        _ = try bench.generate([], stdin: GenerateBench.start("web", "c1"))
        let before = bench.contents()
        try bench.folder.write(GenerateBench.start("web", "c2", running: ["c1"]), to: "next.json")
        // A limit on the size of files fails as a full disk does, and needs no rights.
        let run = try ProgramRun.bash(
            "(ulimit -f 0; \"$PROGRAM\" generate -t '\(GenerateBench.template)' next.json) 2>&1 | cat; echo ${PIPESTATUS[0]}",
            environment: ProgramRun.uncounted, in: bench.folder.path)
        #expect(
            run.stdout == "haproxy-gen: error: cannot write state/astro/history/2.json: the file would be larger than "
                + "the system allows\n3\n")
        #expect(bench.contents() == before)
    }

    @Test("a disk without space changes nothing", .enabled(if: geteuid() == 0))
    func tinyDisk() throws {
        let bench = try GenerateBench()
        bench.folder.makeFolder("state")
        let mount = try ProgramRun.bash("mount -t tmpfs -o size=64k none state", in: bench.folder.path)
        guard mount.exitCode == 0 else { return }  // a container may not
        defer { _ = try? ProgramRun.bash("umount state", in: bench.folder.path) }
        _ = try bench.generate([], stdin: GenerateBench.start("web", "c1"))
        let before = bench.contents()
        _ = try ProgramRun.bash("head -c 1000000 /dev/zero > state/filler", in: bench.folder.path)
        let run = try bench.generate([], stdin: GenerateBench.start("web", "c2", running: ["c1"]))
        #expect(run.exitCode == 3 && run.stdout == "")
        #expect(
            run.stderr
                == "haproxy-gen: error: cannot write state/astro/history/2.json: no space left on the disk\n")
        _ = try ProgramRun.bash("rm state/filler", in: bench.folder.path)
        #expect(bench.contents() == before)
        #expect(try bench.generate([], stdin: GenerateBench.start("web", "c2", running: ["c1"])).exitCode == 0)
    }

    @Test("a folder of somebody else, and one that is read-only", .enabled(if: geteuid() == 0))
    func otherOwner() throws {
        guard ProgramRun.installed("setpriv") != nil else { return }
        let bench = try GenerateBench()
        _ = try bench.generate([], stdin: GenerateBench.start("web", "c1"))
        try bench.folder.write(GenerateBench.start("web", "c2", running: ["c1"]), to: "next.json")
        let before = bench.contents()
        let asNobody = """
            chmod 755 .; cp "$PROGRAM" program; \
            setpriv --reuid 65534 --regid 65534 --clear-groups ./program generate -t cosmos.cfg.tmpl next.json
            """
        _ = try ProgramRun.bash("cp '\(GenerateBench.template)' .", in: bench.folder.path)
        let run = try ProgramRun.bash(asNobody, in: bench.folder.path)
        #expect(run.exitCode == 3 && run.stdout == "", "\(run)")
        #expect(
            run.stderr.contains("permission denied") && run.stderr.contains("state/astro")
                && run.stderr.contains("belongs to user 0, and this is user 65534"), "\(run)")
        #expect(bench.contents() == before)
        // Reading needs no rights to write.
        let shown = try ProgramRun.bash(
            "setpriv --reuid 65534 --regid 65534 --clear-groups ./program state list", in: bench.folder.path)
        #expect(shown.exitCode == 0 && shown.stdout.contains("astro"))

        let mount = try ProgramRun.bash(
            "mount --bind state state && mount -o remount,ro,bind state", in: bench.folder.path)
        guard mount.exitCode == 0 else { return }
        defer { _ = try? ProgramRun.bash("umount state", in: bench.folder.path) }
        let readOnly = try bench.generate(["next.json"])
        #expect(readOnly.exitCode == 3 && readOnly.stderr.contains("state/astro"), "\(readOnly)")
        #expect(readOnly.stderr.contains("the file system is read-only"), "\(readOnly)")
        #expect(bench.contents() == before)
        #expect(try bench.state(["verify"]).exitCode == 0)
    }
}
