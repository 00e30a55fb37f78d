import HASystem

/// Whole programs: files in, a file out.
extension Suite {
    /// What a program took, turn by turn.
    private struct Runs {
        var usages: [Usage] = []
        var times: Times {
            Times(
                clock: Samples(values: usages.map(\.clock)), processors: Samples(values: usages.map(\.processors)))
        }
        var memory: Samples { Samples(values: usages.map(\.memory)) }
    }

    mutating func measurePrograms() throws {
        progress("whole programs")
        let counts = [1, Options.usual, 10 * Options.usual]
        let (mine, safe, theirs) = ("\(folder)/mine.cfg", "\(folder)/safe.cfg", "\(folder)/theirs.cfg")
        var commands: [(title: String, count: Int, output: String, command: [String])] = []
        for count in counts {
            let services = try data(count)
            let ours = [options.program, "render", "-t", Self.template, "-s", services, "--blank-lines", "keep", "-o"]
            commands += [
                ("this program", count, mine, ours + [mine, "--dialect", "plain"]),
                ("with the haproxy dialect", count, safe, ours + [safe, "--dialect", "haproxy"]),
                ("Go", count, theirs, [options.go, "render", Self.template, services, theirs]),
            ]
        }
        var runs = [Runs](repeating: Runs(), count: commands.count)
        for turn in 0...options.turns {
            for (index, (_, count, output, command)) in commands.enumerated() {
                // The largest are run in every third turn.
                if count > Options.usual && turn % 3 != 1 { continue }
                let usage = try fastest(of: 5, by: \.processors) { _ in
                    unlink(output)
                    return try run(command)
                }
                if turn > 0 { runs[index].usages.append(usage) }
            }
            guard try areEqual(mine, theirs), try areEqual(mine, safe) else {
                throw BenchmarkError("the programs print different things")
            }
        }
        measured[.small] = Figure(runs[1].times.processors)
        measured[.program] = Figure(runs[5].times.ratio(to: runs[3].times))
        measured[.memory] = Figure(runs[3].memory.ratio(to: runs[5].memory))
        let usual = runs[3].times.processors.median
        measured[.programGrowth] = Figure(Samples(values: runs[6].times.processors.values.map { $0 / usual }))
        var table = Table(
            title: "Whole program: files in, a file out",
            columns: [
                "program", "services", "ms", "noise %", "of the processors", "times ours", "of the processors' time",
                "peak MiB",
            ])
        for (index, run) in runs.enumerated() {
            let ratio = run.times.ratio(to: runs[index / 3 * 3].times)
            table.rows.append(
                [.text(commands[index].title), .text("\(commands[index].count)")] + times(run)
                    + [.ratio(ratio.clock.median), .ratio(ratio.processors.median), memory(run)])
        }
        tables.append(table)
    }

    /// `generate` with a large table of which one service changes, against `render` of the same services from a file.
    mutating func measureState() throws {
        progress("generate with a state directory")
        let (scan, exported) = ("\(folder)/scan.json", "\(folder)/table.json")
        let payloads = (0..<3).map { "\(folder)/payload-\($0).json" }
        let (state, template) = ("\(folder)/state", "templates/cosmos.cfg.tmpl")
        let sample = [benchmarks, "generate"]
        try run(sample + ["scan", "\(Options.usual)", scan])
        try run([options.program, "state", "import", scan, "benchmark", "--state", state])
        try run([options.program, "state", "export", "benchmark", "--state", state], output: exported)
        var (rendering, generating) = (Runs(), Runs())
        for turn in 0...options.turns {
            for (index, payload) in payloads.enumerated() {
                try run(sample + ["payload-\(turn * payloads.count + index)", "\(Options.usual)", payload])
            }
            let rendered = try fastest(of: payloads.count, by: \.clock) { _ in
                try run([options.program, "render", "-t", template, "-s", exported])
            }
            let generated = try fastest(of: payloads.count, by: \.clock) { index in
                try run([options.program, "generate", "-t", template, "--state", state, payloads[index]])
            }
            if turn == 0 { continue }
            rendering.usages.append(rendered)
            generating.usages.append(generated)
        }
        let size = Double(try fileSize("\(state)/benchmark/current.json")) / 1_048_576
        measured[.state] = Figure(generating.times.ratio(to: rendering.times))
        measured[.stateMemory] = Figure(Samples(values: generating.memory.values.map { $0 / size }))
        var table = Table(
            title: "One changed service of \(Options.usual), remembered in a state directory",
            columns: ["command", "ms", "noise %", "of the processors", "peak MiB"])
        for (title, run) in [("render", rendering), ("generate", generating)] {
            table.rows.append([.text(title)] + times(run) + [memory(run)])
        }
        tables.append(table)
    }

    private func times(_ runs: Runs) -> [Cell] {
        let programs = runs.times
        return [
            .number(programs.clock.median, decimals: 1), Self.noise(programs.clock),
            .number(programs.processors.median, decimals: 1),
        ]
    }

    private func memory(_ runs: Runs) -> Cell {
        .number(runs.memory.median, decimals: 0)
    }
}
