import HASystem
import TestSupport
import Testing

@testable import haproxy_gen

/// The daemon as a process of its own. Scripts wait for what they can see, never for a time.
@Suite("haproxy-gen watch") struct WatchCommandTests {
    private static func folder(_ watch: String = "", reload: String = "cksum a.cfg >> reloads") throws
        -> TemporaryFolder
    {
        try TemporaryFolder([
            "t.cfg": "{{ range . }}backend {{ .Id }}\n{{ end }}", "s/one.json": #"{"Id": "one", "Port": 1}"#,
            "haproxy-gen.json": """
            {"watch": {"reloadInterval": "0s", "refresh": "1h"\(watch)},
             "targets": [{"name": "a", "template": "t.cfg", "services": "s", "output": "a.cfg", "dialect": "plain",
                          "reload": "\(reload)"}]}
            """,
        ])
    }

    /// `see FILE TEXT` waits until a file has a text.
    private static let tools = """
        see() { for try in $(seq 1 3000); do grep -qs -- "$2" "$1" && return; sleep 0.01; done
                echo "no '$2' in $1:"; cat "$1" log; kill -9 $process; exit 9; }
        put() { printf '%s' "$2" > "s/.$1.tmp"; mv "s/.$1.tmp" "s/$1.json"; }

        """

    private static func log(_ folder: TemporaryFolder) -> String { (try? folder.read("log")) ?? "" }

    private static func run(_ script: String, in folder: TemporaryFolder) throws -> ProgramRun {
        try ProgramRun.bash(tools + script, in: folder.path)
    }

    @Test("a life: start, changes, a bad service, a bad project, drift, HUP, and the end")
    func life() throws {
        let folder = try Self.folder()
        let run = try Self.run(
            """
            "$PROGRAM" watch 2> log & process=$!
            see a.cfg one
            put two '{"Id": "two", "Port": 2}'
            see a.cfg two
            put two '{"Id": "two", "Port": "x"}'
            see log 's/two.json:1:.*wrong-type.*last good version'
            put two '{"Id": "three", "Port": 3}'
            see a.cfg three
            see log "'two' is out of quarantine"
            echo junk > a.cfg
            see a.cfg three
            see log 'changed by somebody else and is put back'
            cp haproxy-gen.json good; echo '{' > .new; mv .new haproxy-gen.json
            see log 'project file is broken, the old one stays'
            mv good haproxy-gen.json
            see log 'project file is good again'
            mv s gone
            see log 'no such file or folder; its last 2 services stay'
            mv gone s
            see log 'there is an answer again'
            kill -HUP $process
            see log 'a signal asks for it'
            kill -TERM $process; wait $process; echo "status $?"
            """, in: folder)
        #expect(run.stdout.hasSuffix("status 0\n"), "\(run)")
        #expect(try folder.read("log").hasSuffix("info: ending\n"))
        #expect(try folder.names().filter { $0.hasSuffix(".tmp") }.isEmpty)
    }

    @Test("once: what was done decides the code")
    func once() throws {
        let folder = try Self.folder(reload: "test ! -e broken && cksum a.cfg >> reloads")
        let run = try Self.run(
            """
            for step in good again bad mended broken; do
              case $step in
                bad) echo '{{ range . }}' > t.cfg;;
                mended) echo '{{ range . }}{{ .Id }}{{ end }}' > t.cfg;;
                broken) echo > broken; put two '{"Id": "two", "Port": 2}';;
              esac
              "$PROGRAM" watch --once 2>> log; echo $step $?
            done
            """, in: folder)
        #expect(run.stdout == "good 0\nagain 0\nbad 1\nmended 0\nbroken 3\n", "\(run) \(Self.log(folder))")
        #expect(try folder.read("a.cfg") == "one\n")
    }

    @Test("JSON lines, by the option and by proxym's variables")
    func json() throws {
        let folder = try Self.folder()
        let run = try Self.run(
            """
            PROXYM_LOG_FORMAT=json PROXYM_LOG_APPLOG_LEVEL=WARN "$PROGRAM" watch --once 2>> log; cat log
            rm a.cfg
            "$PROGRAM" watch --once --format json 2>> log; tail -1 log
            """, in: folder)
        #expect(run.stdout.contains(#""event":"delivered","message":"a: "#), "\(run)")
        #expect(run.stdout.split(separator: "\n").count == 1)
    }

    @Test("TERM ends within a second although a reload hangs; what was under way is finished at the next start")
    func hangingReload() throws {
        let folder = try Self.folder(
            reload: "test -e quick || { echo > hangs; exec sleep 300; }; cksum a.cfg >> reloads")
        let run = try Self.run(
            """
            "$PROGRAM" watch 2> log & process=$!
            see hangs ''
            kill -TERM $process; start=$(date +%s%N); wait $process; echo "status $?"
            [ $(( ($(date +%s%N) - start) / 1000000 )) -lt 5000 ] && echo soon
            pkill -f 'sleep 300' -P 1 ; [ -e reloads ] || echo not reloaded
            echo > quick
            "$PROGRAM" watch --once 2>> log; echo "once $?"; wc -l < reloads; cat a.cfg
            """, in: folder)
        #expect(
            run.stdout == "status 0\nsoon\nnot reloaded\nonce 0\n1\nbackend one\n", "\(run) \(Self.log(folder))")
    }

    @Test("a second signal ends at once")
    func secondSignal() throws {
        let folder = try Self.folder(#", "drain": "300s""#)
        let run = try Self.run(
            """
            "$PROGRAM" watch 2> log & process=$!
            see a.cfg one
            kill -TERM $process; see log ending
            kill -TERM $process; wait $process; echo "status $?"
            """, in: folder)
        #expect(run.stdout == "status 143\n", "\(run)")
    }

    @Test("eight daemons on one project and state: no double delivery, no torn file")
    func eight() throws {
        let folder = try Self.folder()
        let run = try Self.run(
            """
            for i in 1 2 3 4 5 6 7 8; do "$PROGRAM" watch 2>> log & processes="$processes $!"; process=$!; done
            see a.cfg one
            for i in 1 2 3 4 5 6 7 8 9; do
              put two "{\\"Id\\": \\"n$i\\", \\"Port\\": 2}"; see a.cfg n$i
              printf 'backend one\\nbackend n%s\\n' $i | cksum >> wanted
            done
            for i in $(seq 1 500); do [ $(wc -l < reloads) -ge 10 ] && break; sleep 0.01; done
            sleep 0.5
            kill -TERM $processes; wait
            cut -d' ' -f1 reloads | uniq -d | sed 's/^/twice /'
            cut -d' ' -f1 reloads | tail -n +2 | while read sum; do grep -q "^$sum " wanted || echo torn; done
            wc -l < reloads
            """, in: folder)
        #expect(run.stdout == "10\n", "\(run) \(Self.log(folder))")
    }

    @Test("status and metrics, and where they are served is said")
    func server() throws {
        let folder = try Self.folder()
        let run = try Self.run(
            """
            "$PROGRAM" watch --listen 127.0.0.1:0 2> log & process=$!
            see a.cfg one
            see log 'listening on 127.0.0.1:'
            port=$(sed -n 's/.*listening on 127.0.0.1://p' log)
            ask() { exec 3<>/dev/tcp/127.0.0.1/$port; printf 'GET %s HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' $1 >&3; cat <&3; exec 3<&-; }
            for i in $(seq 1 500); do ask /status | grep -q OK && break; sleep 0.01; done
            ask /status | head -1 | tr -d '\\r'; ask /ready | tail -1
            ask /metrics | grep '^haproxygen_services'
            kill -TERM $process; wait $process; echo "status $?"
            """, in: folder)
        #expect(
            run.stdout
                == "HTTP/1.1 200 OK\nready\nhaproxygen_services{source=\"@a\"} 1\nstatus 0\n", "\(run)")
    }

    @Test("a log that nobody reads: deliveries go on, and TERM ends it")
    func unreadLog() throws {
        let folder = try Self.folder()
        let run = try Self.run(
            """
            mkfifo pipe; exec 7<> pipe
            dd if=/dev/zero of=pipe oflag=nonblock bs=4096 count=1000 2> /dev/null
            "$PROGRAM" watch 2> pipe & process=$!
            see a.cfg one
            for i in $(seq 1 300); do kill -HUP $process; done
            put two '{"Id": "two", "Port": 2}'
            see a.cfg two
            kill -TERM $process; wait $process; echo "status $?"
            """, in: folder)
        #expect(run.stdout == "status 0\n", "\(run)")
    }

    @Test("a network address without a token: one line warns of it")
    func openDoor() throws {
        for (settings, warnings) in [("", 1), (#", "tokenFile": "token""#, 0)] {
            let folder = try Self.folder(#", "listen": "0.0.0.0:0""# + settings)
            try folder.write("0123456789abcdef\n", to: "token")
            let run = try Self.run(
                """
                chmod 0640 token
                "$PROGRAM" watch 2> log & process=$!
                see a.cfg one
                see log 'listening on 0.0.0.0:'
                kill -TERM $process; wait $process; grep -c 'warning: 0.0.0.0:.* without a token' log
                """, in: folder)
            #expect(run.stdout == "\(warnings)\n", "\(run) \(Self.log(folder))")
        }
        let entry = WatchCommand.openDoor(.tcp(host: "0.0.0.0", port: 1))
        #expect(entry.message.contains("/health, /metrics, /ready, /status; everything else is refused"))
    }

    @Test("without a project there is nothing to watch; proxym's variables make one")
    func projects() throws {
        let folder = try TemporaryFolder([
            "t.txt": "{{ range . }}{{ .Id }}{{ end }}\n", "s/a.json": #"{"Id": "a", "Port": 1}"#,
        ])
        #expect(try ProgramRun.run(["watch"], in: folder.path).exitCode == 2)
        let variables = [
            "PROXYM_PROXY_TEMPLATE_PATH": "t.txt", "PROXYM_PROXY_CONFIG_FILE_PATH": "o.txt",
            "PROXYM_FILE_CONFIGS_PATH": "s", "PROXYM_PROXY_CHECK_COMMAND": "true",
        ]
        let run = try ProgramRun.run(["watch", "--once"], environment: variables, in: folder.path)
        #expect(run.exitCode == 0, "\(run)")
        #expect(try folder.read("o.txt") == "a\n")
    }

    @Test("services: what the sources give, merged")
    func services() throws {
        let folder = try TemporaryFolder([
            "t.cfg": "", "a/x.json": #"{"Id": "x", "Port": 1}"#, "b/y.json": #"[{"Id": "y", "Port": 2}, {"Id": "x"}]"#,
            "haproxy-gen.json": """
            {"sources": [{"name": "a", "type": "files", "paths": "a"}, {"name": "b", "type": "files", "paths": "b"}],
             "targets": [{"name": "t", "template": "t.cfg", "sources": ["a", "b"], "output": "o"}]}
            """,
        ])
        let all = try ProgramRun.run(["services", "--format", "human"], in: folder.path)
        #expect(all.stdout == "x  a  a/x.json\ny  b  b/y.json\n", "\(all)")
        #expect(all.stderr.contains("the service 'x' of the source 'b' is left out"))
        let one = try ProgramRun.run(["services", "--source", "a"], in: folder.path)
        #expect(one.stdout.contains(#""Id": "x""#) && !one.stdout.contains(#""Id": "y""#), "\(one)")
        try folder.write(one.stdout, to: "snapshot.json")
        try folder.write("{{ range . }}{{ .Id }}{{ end }}", to: "ids.txt")
        let ids = try ProgramRun.run(["render", "-t", "ids.txt", "-s", "snapshot.json"], in: folder.path)
        #expect(ids.stdout == "x", "\(ids)")
        #expect(try ProgramRun.run(["services", "--source", "aa"], in: folder.path).exitCode == 2)
        try folder.write("{", to: "a/x.json")
        #expect(try ProgramRun.run(["services"], in: folder.path).exitCode == 1)
    }
}
