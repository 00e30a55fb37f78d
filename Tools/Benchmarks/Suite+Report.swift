import HASystem

extension Suite {
    /// The path of services of the sample, made by another process when it is missing: what this process holds counts
    /// as the memory of those that it starts.
    func data(_ count: Int, hosts: Int = 10, layout: SampleServices.Layout = .lines) throws -> String {
        let path = "\(folder)/\(layout)-\(count)-\(hosts).json"
        if access(path, R_OK) != 0 {
            try run([benchmarks, "generate", layout.rawValue, "\(count)", path, "\(hosts)"])
        }
        return path
    }

    @discardableResult
    func run(_ command: [String], output: String = "/dev/null") throws -> Usage {
        try ChildProgram.run(command, output: output, messages: "\(folder)/messages")
    }

    func progress(_ what: String) {
        note("measuring \(what)")
    }

    // MARK: Cells

    static func milliseconds(_ times: Samples) -> Cell {
        let median = times.median / 1e6
        return .number(median, decimals: median < 1 ? 3 : median < 100 ? 2 : 1)
    }

    static func noise(_ times: Samples) -> Cell {
        .number(times.noise * 100, decimals: 0)
    }

    static func speed(_ bytes: Int, _ times: Samples) -> Cell {
        .number(Double(bytes) * 1e3 / times.median, decimals: 0)
    }

    static func megabytes(_ bytes: Int) -> String {
        (Double(bytes) / 1e6).rounded(to: bytes < 1_000_000 ? 3 : 1)
    }

    // MARK: Reports

    /// The bars and all tables, in Markdown.
    func markdown(_ machine: String) -> String {
        ([Bar.table(measured)] + tables).map(\.markdown).joined(separator: "\n") + "\n\(machine)\n"
    }

    func json(_ machine: String) -> String {
        let all = ([Bar.table(measured)] + tables).map(\.json).joined(separator: ",\n")
        return "{\"machine\": \"\(machine)\", \"turns\": \(options.turns), \"tables\": [\n\(all)\n]}\n"
    }

    /// Puts results between the marks of a page.
    static func page(_ page: String, with results: String) throws -> String {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: "<!-- measured -->"),
            let end = lines.firstIndex(of: "<!-- end measured -->"), start < end
        else { throw BenchmarkError("the page has no part between the marks 'measured' and 'end measured'") }
        let before = lines[...start].joined(separator: "\n")
        let after = lines[end...].joined(separator: "\n")
        return "\(before)\n\n\(results)\n\(after)"
    }

    /// The machine, and how busy it was in the last quarter of an hour.
    static func machine() -> String {
        var loads = [Double](repeating: 0, count: 3)
        getloadavg(&loads, 3)
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let text = String(decoding: (try? contents(of: "/proc/cpuinfo", most: 65536)) ?? [], as: UTF8.self)
        let model = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = model?.split(separator: ":").last.map { " (\($0.drop { $0 == " " }))" } ?? ""
        return "Measured on \(cores) cores\(name), with \(loads[2].rounded(to: 1)) processes at work on average."
    }
}
