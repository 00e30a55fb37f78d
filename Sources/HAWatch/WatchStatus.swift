import HADelivery

/// What the daemon is doing, for `/status`, `/ready`, `/metrics` and the dashboard. A value: whoever asks gets the moment's.
package struct WatchStatus: Sendable {
    package enum Phase: String, Sendable {
        /// Nothing has been delivered yet.
        case initializing = "INITIALIZING"
        case ok = "OK"
        /// It drains.
        case terminating = "TERMINATING"
    }

    package struct Source: Sendable, Equatable {
        package let name: String
        package var services = 0
        /// Why it has no answer; nil: it has one.
        package var problem: String?
        package var errorCount = 0
        /// Seconds since 1970; nil: never.
        package var lastSuccess: Int?

        init(name: String) {
            self.name = name
        }
    }

    package struct Target: Sendable, Equatable {
        package let name: String
        package var output: String
        package var renders = Outcomes()
        package var reloads = Outcomes()
        package var renderTime = Histogram()
        package var checkTime = Histogram()
        package var reloadTime = Histogram()
        /// Seconds since 1970 when its output was last found or made true; nil: never.
        package var lastApplied: Int?
        /// What its last new output meant.
        package var summary: [String] = []

        init(name: String, output: String) {
            self.name = name
            self.output = output
        }
    }

    package struct Outcomes: Sendable, Equatable {
        package var success = 0
        package var error = 0
    }

    package internal(set) var phase = Phase.initializing
    package internal(set) var version: String
    package internal(set) var sources: [Source] = []
    package internal(set) var targets: [Target] = []
    package internal(set) var quarantined: [Quarantine.Entry] = []
    package internal(set) var deliveries = Outcomes()
    package internal(set) var projectReloads = Outcomes()
    package internal(set) var driftCount = 0
    /// From a change to the end of the delivery that has it.
    package internal(set) var eventToProxy = Histogram()
    /// Why the last delivery failed; empty: it held.
    package internal(set) var causes: [String] = []

    package init(version: String) {
        self.version = version
    }

    /// What Proxymatic's `/status` says: the code and the text.
    package var statusAnswer: (code: Int, text: String) {
        switch phase {
        case .initializing, .terminating: (503, phase.rawValue)
        case .ok: (200, phase.rawValue)
        }
    }

    /// Every source has answered and the last delivery held.
    package var isReady: Bool {
        phase == .ok && causes.isEmpty && sources.allSatisfy { $0.problem == nil }
    }

    /// What `/ready` says: nothing, or why not.
    package var readiness: (code: Int, text: String) {
        if isReady { return (200, "ready\n") }
        var lines = phase == .ok ? [] : [phase.rawValue]
        lines += sources.compactMap { source in source.problem.map { "\(LocalSource.words(source.name)): \($0)" } }
        lines += causes.prefix(1).map { "not delivered: \($0)" }
        return (503, lines.joined(separator: "\n") + "\n")
    }

    // MARK: What happens

    /// The targets and sources of a project; what was counted of those that stay, stays.
    mutating func take(targets names: [ProjectTarget], sources: [String]) {
        let (oldTargets, oldSources) = (self.targets, self.sources)
        targets = names.map { target in
            var one = oldTargets.first { $0.name == target.name } ?? Target(name: target.name, output: target.output)
            one.output = target.output
            return one
        }
        self.sources = sources.map { name in oldSources.first { $0.name == name } ?? Source(name: name) }
    }

    /// - Parameters:
    ///   - time: microseconds since the first change that it has; nil: nothing had changed.
    ///   - now: seconds since 1970.
    mutating func take(_ report: DeliveryReport, time: Int?, now: Int) {
        for index in sources.indices {
            let name = sources[index].name
            sources[index].services = report.services[name] ?? sources[index].services
            sources[index].problem = report.problems[name]
            if report.problems[name] != nil {
                sources[index].errorCount += 1
            } else if report.services[name] != nil {
                sources[index].lastSuccess = now
            }
        }
        quarantined = report.quarantined
        if report.isWaiting { return }
        let isGood = report.isDelivered
        if isGood { deliveries.success += 1 } else { deliveries.error += 1 }
        causes = isGood ? [] : report.causes
        for target in report.targets {
            guard let index = targets.firstIndex(where: { $0.name == target.name }) else { continue }
            if let time = target.render {
                if isGood { targets[index].renders.success += 1 } else { targets[index].renders.error += 1 }
                targets[index].renderTime.add(microseconds: time)
            }
            if let time = target.check { targets[index].checkTime.add(microseconds: time) }
            if let time = target.reload {
                if isGood { targets[index].reloads.success += 1 } else { targets[index].reloads.error += 1 }
                targets[index].reloadTime.add(microseconds: time)
            }
            if isGood { targets[index].lastApplied = now }
            if isGood, !target.summary.isEmpty { targets[index].summary = target.summary }
        }
        if isGood, let time, report.hasReloaded || !report.changed.isEmpty { eventToProxy.add(microseconds: time) }
        if phase == .initializing, isGood { phase = .ok }
    }

    // MARK: Metrics

    /// The text of `/metrics`. No label holds the name of a service or host.
    package var metrics: String {
        var text = PrometheusText()
        text.add(
            "haproxygen_build_info", "gauge", "The version of the program.",
            ["haproxygen_build_info\(PrometheusText.labels([("version", version)])) 1"])
        let outcomes = { (name: String, labels: [(String, String)], outcomes: Outcomes) in
            [("success", outcomes.success), ("error", outcomes.error)].map { result, count in
                "\(name)\(PrometheusText.labels(labels + [("result", result)])) \(count)"
            }
        }
        text.add(
            "haproxygen_renders_total", "counter", "Outputs rendered for a delivery, by the delivery's end.",
            targets.flatMap { outcomes("haproxygen_renders_total", [("target", $0.name)], $0.renders) })
        histogram(&text, "haproxygen_render_duration_seconds", "Time of rendering.", \.renderTime)
        histogram(&text, "haproxygen_check_duration_seconds", "Time of the check by the proxy.", \.checkTime)
        histogram(&text, "haproxygen_reload_duration_seconds", "Time of the reload command.", \.reloadTime)
        text.add(
            "haproxygen_reloads_total", "counter", "Changes brought to a proxy.",
            targets.flatMap {
                outcomes("haproxygen_reloads_total", [("target", $0.name), ("how", "reload")], $0.reloads)
            })
        addSources(to: &text)
        text.add(
            "haproxygen_quarantined_services", "gauge", "Services in quarantine.",
            ["haproxygen_quarantined_services \(quarantined.count)"])
        text.add(
            "haproxygen_drift_total", "counter", "Outputs found changed by somebody else.",
            ["haproxygen_drift_total \(driftCount)"])
        text.add(
            "haproxygen_event_to_proxy_seconds", "histogram", "Time from a change to the end of its delivery.",
            eventToProxy.lines("haproxygen_event_to_proxy_seconds"))
        text.add(
            "haproxygen_config_last_applied_timestamp_seconds", "gauge", "When an output was last found or made true.",
            targets.compactMap { target in
                target.lastApplied.map {
                    let labels = PrometheusText.labels([("target", target.name)])
                    return "haproxygen_config_last_applied_timestamp_seconds\(labels) \($0)"
                }
            })
        text.add(
            "haproxygen_project_reloads_total", "counter", "Readings of a changed project file.",
            outcomes("haproxygen_project_reloads_total", [], projectReloads))
        text.add(
            "proxym_refresh_count", "counter", "Deliveries, under proxym's name.",
            outcomes("proxym_refresh_count", [], deliveries))
        return text.text
    }

    private func histogram(
        _ text: inout PrometheusText, _ name: String, _ help: String, _ value: (Target) -> Histogram
    ) {
        text.add(name, "histogram", help, targets.flatMap { value($0).lines(name, labels: [("target", $0.name)]) })
    }

    private func addSources(to text: inout PrometheusText) {
        let lines = { (name: String, value: (Source) -> Int?) in
            sources.compactMap { source in
                value(source).map { "\(name)\(PrometheusText.labels([("source", source.name)])) \($0)" }
            }
        }
        text.add(
            "haproxygen_source_up", "gauge", "Whether a source answers.",
            lines("haproxygen_source_up") { $0.problem == nil && $0.lastSuccess != nil ? 1 : 0 })
        text.add(
            "haproxygen_source_last_success_timestamp_seconds", "gauge", "When a source answered last.",
            lines("haproxygen_source_last_success_timestamp_seconds") { $0.lastSuccess })
        text.add(
            "haproxygen_source_errors_total", "counter", "Deliveries in which a source had no answer.",
            lines("haproxygen_source_errors_total") { $0.errorCount })
        text.add(
            "haproxygen_services", "gauge", "Services of a source.", lines("haproxygen_services") { $0.services })
    }
}
