import TestSupport
import Testing

/// What is left of a route when the program itself is killed.
@Suite("A route that is killed") struct RouteKilledTests {
    /// Killed as soon as the private folder is there, and a little later each time.
    @Test("no proxy goes on, and the next run removes the folder", arguments: ["haproxy.cfg", "nginx.conf"])
    func killed(_ output: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            #"[{"Id": "shop", "ApplicationProtocol": "http", "Domains": ["shop.test"], "Hosts": [{"Ip": "10.0.0.1", "Port": 80}]}]"#,
            to: "services.json")
        try folder.write(
            """
            {"targets": [{"name": "edge", "template": "\(projectFolder)/templates/\(output).tmpl",
              "services": "services.json", "output": "\(output)"}]}
            """, to: "haproxy-gen.json")
        folder.makeFolder("tmp")
        let run = try ProgramRun.bash(
            """
            export TMPDIR=$PWD/tmp
            for turns in 1 20 40 80 160; do
                '\(ProgramRun.binary)' route http://shop.test/ >/dev/null 2>&1 &
                ours=$!
                until [ -n "$(ls -A tmp)" ] || ! kill -0 $ours 2>/dev/null; do :; done
                for turn in $(seq $turns); do kill -0 $ours 2>/dev/null || break; done
                kill -9 $ours 2>/dev/null
                wait $ours 2>/dev/null
                for turn in $(seq 500); do
                    left=$(grep -l -a "$PWD/tm[p]/" /proc/[0-9]*/cmdline 2>/dev/null)
                    [ -z "$left" ] && break
                    sleep 0.02
                done
                [ -z "$left" ] || { echo "left: $left"; tr '\\0' ' ' <${left%%$'\\n'*}; }
            done
            '\(ProgramRun.binary)' route http://shop.test/ | head -1
            ls -A tmp
            """, in: folder.path)
        #expect(run.stdout == "GET http://shop.test/\n", "\(run)")
    }
}
