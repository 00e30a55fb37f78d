/// Everything that one run measures, table by table.
struct Suite {
    let options: Options
    let folder: String
    var tables: [Table] = []
    var measured: [Bar: Figure] = [:]

    static let template = "Tools/Benchmarks/proxym.cfg.tmpl"
    let benchmarks = CommandLine.arguments[0]

    init(_ options: Options, folder: String) {
        self.options = options
        self.folder = folder
    }

    mutating func measure() throws {
        for size in options.sizes { try measureRendering(size) }
        try measureReading()
        try measurePrograms()
        try measureState()
        try measureGrowth()
        if !options.checks { try measureTemplates() }
    }

    // MARK: Inside the process

    private mutating func measureRendering(_ count: Int) throws {
        progress("rendering \(count) services")
        let services = try data(count)
        var contenders = [
            ours("this engine", .plain, services), ours("with the haproxy dialect", .haproxy, services),
            ours("with a source map", .sourceMap, services), ours("loop written by hand", .loop, services),
            Contender(title: "Go text/template", command: [options.go, "worker", "render", Self.template, services]),
            python("minijinja", "proxym.jinja", services),
        ]
        if !options.checks {
            contenders += [python("Jinja2", "proxym.jinja", services), python("Mako", "proxym.mako", services)]
        }
        let contest = Contest(contenders: contenders, folder: folder, comparesOutputs: true)
        let standings = try contest.run(turns: count > Options.usual ? max(options.turns / 3, 3) : options.turns)
        let times = standings.map(\.times)
        let (engine, loop) = (times[0], times[3])
        if count == Options.usual {
            measured[.go] = Figure(times[4].ratio(to: engine))
            measured[.minijinja] = Figure(times[5].ratio(to: engine))
            measured[.loop] = Figure(loop.ratio(to: engine))
            measured[.dialect] = Figure(times[1].ratio(to: engine))
            measured[.sourceMap] = Figure(times[2].ratio(to: engine))
        }
        let bytes = try fileSize(contest.output)
        var table = Table(
            title: "Rendering \(count) services of 10 hosts to \(Self.megabytes(bytes)) MB",
            columns: [
                "engine", "ms", "noise %", "MB/s", "of the processors", "times ours", "of the processors' time",
                "speed of the loop", "peak MiB",
            ])
        for standing in standings {
            let ratio = standing.times.ratio(to: engine)
            table.rows.append([
                .text(standing.title), Self.milliseconds(standing.times.clock), Self.noise(standing.times.clock),
                Self.speed(bytes, standing.times.clock), Self.milliseconds(standing.times.processors),
                .ratio(ratio.clock.median), .ratio(ratio.processors.median),
                .ratio(loop.ratio(to: standing.times).processors.median), .number(standing.memory, decimals: 0),
            ])
        }
        tables.append(table)
    }

    private mutating func measureReading() throws {
        var table = Table(
            title: "Reading the JSON of \(Options.usual) services of 10 hosts",
            columns: [
                "layout of the file", "MB", "this engine ms", "MB/s", "Go ms", "times as fast", "by the processors",
            ])
        for layout in [SampleServices.Layout.lines, .compact, .indented] where layout == .lines || !options.checks {
            progress("reading, \(layout)")
            let services = try data(Options.usual, layout: layout)
            let contest = Contest(
                contenders: [
                    ours("this engine", .read, services),
                    Contender(title: "Go", command: [options.go, "worker", "read", Self.template, services]),
                ], folder: folder)
            let times = try contest.run(turns: options.turns).map(\.times)
            let ratio = times[1].ratio(to: times[0])
            if layout == .lines { measured[.reading] = Figure(ratio) }
            let bytes = try fileSize(services)
            table.rows.append([
                .text(layout.rawValue), .text(Self.megabytes(bytes)), Self.milliseconds(times[0].clock),
                Self.speed(bytes, times[0].clock), Self.milliseconds(times[1].clock), .ratio(ratio.clock.median),
                .ratio(ratio.processors.median),
            ])
        }
        tables.append(table)
    }

    // MARK: How cost grows

    private mutating func measureGrowth() throws {
        let shapes = [(10_000, 10), (100_000, 10)] + (options.checks ? [] : [(100_000, 1), (1_000, 100)])
        progress("growth with services and hosts")
        var contenders: [Contender] = []
        for (count, hosts) in shapes {
            let services = try data(count, hosts: hosts)
            contenders += [ours("reading", .read, services), ours("rendering", .plain, services)]
        }
        let standings = try Contest(contenders: contenders, folder: folder).run(turns: max(options.turns / 2, 3))
        measured[.growth] = Figure(standings[3].times.ratio(to: standings[1].times))
        var table = Table(
            title: "Growth with services and hosts, time of the processors",
            columns: ["services", "hosts of each", "MB read", "reading ms", "MB/s", "rendering ms", "us for a host"])
        for (index, (count, hosts)) in shapes.enumerated() {
            let bytes = try fileSize(data(count, hosts: hosts))
            let (reading, rendering) = (
                standings[2 * index].times.processors, standings[2 * index + 1].times.processors
            )
            table.rows.append([
                .text("\(count)"), .text("\(hosts)"), .text(Self.megabytes(bytes)), Self.milliseconds(reading),
                Self.speed(bytes, reading), Self.milliseconds(rendering),
                .number(rendering.median / 1e3 / Double(count * hosts), decimals: 3),
            ])
        }
        tables.append(table)
    }

    private mutating func measureTemplates() throws {
        progress("growth with the template")
        let services = try data(1_000)
        let lines = try contents(of: Self.template)
        let factors = [1, 4, 16]
        var contenders: [Contender] = []
        for factor in factors {
            let path = "\(folder)/template-\(factor).cfg.tmpl"
            try save(Array(repeatElement(lines, count: factor).joined()), to: path)
            contenders += [Work.parse, .check, .plain].map { ours("\($0)", $0, services, template: path) }
        }
        let standings = try Contest(contenders: contenders, folder: folder).run(turns: options.turns)
        var table = Table(
            title: "Growth with the template, 1000 services of 10 hosts, time of the processors",
            columns: ["lines", "reading and compiling us", "checking us", "rendering ms"])
        for (index, factor) in factors.enumerated() {
            let times = standings[(3 * index)..<(3 * index + 3)].map(\.times.processors)
            table.rows.append([
                .text("\(lines.count { $0 == UInt8(ascii: "\n") } * factor)"),
                .number(times[0].median / 1e3, decimals: 0), .number(times[1].median / 1e3, decimals: 0),
                Self.milliseconds(times[2]),
            ])
        }
        tables.append(table)
    }

    private func ours(_ title: String, _ work: Work, _ services: String, template: String = Self.template) -> Contender
    {
        Contender(title: title, command: [benchmarks, "work", work.rawValue, template, services])
    }

    private func python(_ engine: String, _ template: String, _ services: String) -> Contender {
        let folder = "Tools/Benchmarks/python"
        return Contender(
            title: engine, command: [options.python, "\(folder)/worker.py", engine, "\(folder)/\(template)", services])
    }
}
