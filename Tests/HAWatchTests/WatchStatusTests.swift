import HADelivery
import Testing

@testable import HAWatch

@Suite("Status and metrics") struct WatchStatusTests {
    private static func status() -> WatchStatus {
        var status = WatchStatus(version: "1.2")
        status.take(targets: [], sources: ["lo\"cal"])
        var report = DeliveryReport()
        report.services = ["lo\"cal": 3]
        report.ending = .reloaded
        var target = DeliveryReport.Target(name: "edge")
        target.summary = ["x"]
        (target.render, target.check, target.reload) = (1_500, 40_000, 700)
        report.targets = [target]
        status.targets = [.init(name: "edge", output: "o")]
        status.take(report, time: 50_000, now: 1_000)
        report.ending = .failed
        report.causes = ["no"]
        report.problems = ["lo\"cal": "down"]
        status.take(report, time: 60_000, now: 2_000)
        return status
    }

    @Test("Prometheus's text")
    func metrics() {
        let lines = Self.status().metrics.split(separator: "\n").map(String.init)
        for line in [
            #"haproxygen_build_info{version="1.2"} 1"#,
            #"haproxygen_renders_total{target="edge",result="success"} 1"#,
            #"haproxygen_renders_total{target="edge",result="error"} 1"#,
            #"haproxygen_render_duration_seconds_bucket{target="edge",le="0.001"} 0"#,
            #"haproxygen_render_duration_seconds_bucket{target="edge",le="0.002"} 2"#,
            #"haproxygen_render_duration_seconds_sum{target="edge"} 0.003"#,
            #"haproxygen_render_duration_seconds_count{target="edge"} 2"#,
            #"haproxygen_reloads_total{target="edge",how="reload",result="success"} 1"#,
            #"haproxygen_source_up{source="lo\"cal"} 0"#,
            #"haproxygen_source_last_success_timestamp_seconds{source="lo\"cal"} 1000"#,
            #"haproxygen_source_errors_total{source="lo\"cal"} 1"#,
            #"haproxygen_services{source="lo\"cal"} 3"#,
            #"haproxygen_event_to_proxy_seconds_bucket{le="0.05"} 1"#,
            #"haproxygen_event_to_proxy_seconds_count 1"#,
            #"haproxygen_config_last_applied_timestamp_seconds{target="edge"} 1000"#,
            #"proxym_refresh_count{result="success"} 1"#, #"proxym_refresh_count{result="error"} 1"#,
        ] { #expect(lines.contains(line), "\(line)") }
        // Each metric has its HELP and TYPE once, right before its lines.
        var types: [String] = []
        for line in lines where line.hasPrefix("# TYPE") { types.append(String(line.split(separator: " ")[2])) }
        #expect(Set(types).count == types.count)
        var current = ""
        for line in lines {
            if line.hasPrefix("# TYPE ") { current = String(line.split(separator: " ")[2]) }
            if !line.hasPrefix("#") { #expect(line.hasPrefix(current), "\(line) after \(current)") }
        }
    }

    @Test("readiness and status")
    func readiness() {
        var status = WatchStatus(version: "")
        #expect(status.statusAnswer == (503, "INITIALIZING") && status.readiness.code == 503)
        status.take(DeliveryReport(), time: nil, now: 0)
        #expect(status.statusAnswer == (200, "OK") && status.readiness == (200, "ready\n"))
        status = Self.status()
        #expect(status.readiness == (503, "source lo\"cal: down\nnot delivered: no\n"))
        #expect(status.statusAnswer.code == 200)
        var failed = DeliveryReport()
        failed.ending = .refused
        var first = WatchStatus(version: "")
        first.take(failed, time: nil, now: 0)
        #expect(first.phase == .initializing)
    }

    @Test(
        "seconds are written without losing anything",
        arguments: [(0, "0"), (1, "0.000001"), (500, "0.0005"), (1_000_000, "1"), (1_250_000, "1.25"), (-5, "0")])
    func seconds(_ microseconds: Int, _ text: String) {
        #expect(PrometheusText.seconds(microseconds: microseconds) == text)
    }

    @Test("lines of the log, for people and for programs")
    func log() {
        let entry = LogEntry(
            .warning, "drift", "a \"b\"\u{1B}", [("target", .text("e")), ("n", .number(3)), ("l", .list(["x", "y"]))])
        #expect(
            entry.line(.human, time: 0) { $0.replacing("\u{1B}", with: "?") }
                == "1970-01-01T00:00:00Z warning: a \"b\"?\n")
        #expect(
            entry.line(.json, time: 0) { $0 }
                == #"{"time":"1970-01-01T00:00:00Z","level":"warning","event":"drift","message":"a \"b\"\u001b","#
                + #""target":"e","n":3,"l":["x","y"]}"# + "\n")
    }

    @Test(
        "levels by their names and proxym's",
        arguments: [("debug", LogLevel.debug), ("WARN", .warning), ("Info", .info), ("fatal", .error), ("auto", nil)])
    func levels(_ word: String, _ level: LogLevel?) {
        #expect(LogLevel(words: word) == level)
    }
}
