import Foundation
import HADelivery
import HASystem
import HATemplate

/// Gives random configurations to the real proxies under `strace`, where the scan lets them pass: what they open, make
/// and run must be what the scan said. The same seed gives the same configurations.
struct ScanFuzz {
    private(set) var asked = 0
    private(set) var refused = 0
    /// Files in reach that the proxies opened: without any, nothing would be shown.
    private(set) var opened = 0
    private var random: SplitMix

    init(seed: UInt64) {
        random = SplitMix(state: seed)
    }

    /// Whether this machine has what the fuzz needs.
    static var isPossible: Bool { ["strace", "haproxy", "nginx"].allSatisfy { program($0) != nil } }

    private static func program(_ name: String) -> String? {
        ["/usr/bin/", "/usr/sbin/", "/usr/local/sbin/"].map { $0 + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// What the scan did not say; nil when all is well.
    mutating func complaint(_ amount: ValueFuzz.Amount) throws -> String? {
        let start = Date()
        var turns = 0
        while true {
            switch amount {
            case .values(let count): guard turns < count else { return nil }
            case .seconds(let seconds): guard Date().timeIntervalSince(start) < seconds else { return nil }
            }
            if let complaint = try complaint(turns.isMultiple(of: 2) ? .haproxy : .nginx) { return complaint }
            turns += 1
        }
    }

    private mutating func complaint(_ dialect: Dialect) throws -> String? {
        let scene = try ScanScene()
        defer { scene.remove() }
        var shapes = ScanShapes(dialect: dialect, targets: scene.targets, random: random)
        let text = shapes.text()
        random = shapes.random
        let configuration = ConfigurationText(Array(text.utf8), dialect: dialect)
        let report = ConfigurationScan.scan(configuration, output: scene.output, files: .system) { _ in nil }
        guard report.refusals.isEmpty else {
            refused += 1
            return nil
        }
        asked += 1
        guard let program = Self.program(dialect.rawValue), let tracer = Self.program("strace") else { return nil }
        let promise = scene.promise(report)
        let trace = try scene.trace(text, dialect, program: program, tracer: tracer)
        for call in trace {
            if scene.holds(call.path) { opened += 1 }
            if let fault = scene.fault(call, promise) { return "\(fault)\n\(call.line)\n\(text)" }
        }
        return scene.hasRun ? "something of the attacker's ran\n\(text)" : nil
    }
}

/// A system call that succeeded.
struct TracedCall {
    enum Effect {
        case reads, writes, runs
    }

    let line: String
    let effect: Effect
    /// What it was about, without links.
    let path: String

    /// nil for a line that shows none. Relative paths count from `folder`.
    init?(_ line: String, in folder: String) {
        guard !line.contains(" = -1 "), !line.contains("resumed>"), let open = line.firstIndex(of: "(") else {
            return nil
        }
        let name = line[..<open].split(separator: " ").last.map(String.init) ?? ""
        let words = line.split(separator: "\"", omittingEmptySubsequences: false)
        guard words.count > 2 else { return nil }
        let argument = words[1].hasPrefix("/") ? String(words[1]) : folder + "/" + words[1]
        self.line = line
        switch name {
        case "open", "openat", "openat2", "creat":
            effect = ["O_WRONLY", "O_RDWR", "O_CREAT", "creat("].contains { line.contains($0) } ? .writes : .reads
            // `… = 3</path>`: what was opened in the end.
            guard let start = line.lastIndex(of: "<"), line.hasSuffix(">") else { return nil }
            path = String(line[line.index(after: start)...].dropLast())
        case "execve":
            (effect, path) = (.runs, argument)
        default:
            (effect, path) = (.writes, argument)
        }
    }
}
