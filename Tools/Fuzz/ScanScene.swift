import Foundation
import HADelivery
import HATemplate

/// The folders of one configuration: what lies beside it, what lies outside, and what leads from one to the other.
struct ScanScene {
    let root: String
    /// Real paths, with what may be named relative to the output.
    let targets: [String]
    var output: String { root + "/out/edge" }

    private static let calls = [
        "execve", "open", "openat", "openat2", "creat", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink",
        "unlinkat", "symlink", "symlinkat", "link", "linkat", "chown", "lchown", "fchownat", "chmod", "fchmodat",
        "truncate", "mknod", "mknodat", "bind",
    ]
    /// Files of the machine that neither proxy reads by itself.
    private static let machineFiles = ["/etc/shadow", "/etc/hostname"]

    init() throws {
        // The process is one, and its rounds follow each other.
        let root = "/tmp/haproxy-gen-scan-\(getpid())"
        try? FileManager.default.removeItem(atPath: root)
        for folder in ["out/sub", "victim"] {
            try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        let files = [
            "secret": "1\nnot for anybody\n", "victim/file": "", "out/own": "1.2.3.4 x\n", "out/sub/own": "",
            "evil.lua": "io.open('\(root)/ran', 'w')\n",
        ]
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(root)/\(name)")) }
        try FileManager.default.createSymbolicLink(atPath: "\(root)/out/leads", withDestinationPath: "../secret")
        try FileManager.default.createSymbolicLink(atPath: "\(root)/out/up", withDestinationPath: "..")
        self.root = root
        targets =
            ["secret", "new", "victim", "evil.lua", "out/own"].map { "\(root)/\($0)" }
            + ["own", "leads", "made", "sub/own", "sub/made", "../secret", "up/secret", "./own"] + Self.machineFiles
    }

    func remove() { try? FileManager.default.removeItem(atPath: root) }

    /// Whether a program of the attacker's has left its mark.
    var hasRun: Bool { FileManager.default.fileExists(atPath: root + "/ran") }

    func holds(_ path: String) -> Bool { path.hasPrefix(root + "/") && path != output }

    /// The calls of the proxy that reads this text.
    func trace(_ text: String, _ dialect: Dialect, program: String, tracer: String) throws -> [TracedCall] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: output))
        let folder = root + "/out"
        var words = [program, "-c", "-C", folder, "-f", output]
        if dialect == .nginx {
            words = [program, "-t", "-p", folder + "/", "-c", output, "-e", "stderr"]
            if !text.contains("pid") { words += ["-g", "pid \(root)/pid;"] }
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tracer)
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.arguments =
            ["-f", "-y", "-qq", "-s", "400", "-o", root + "/trace", "-e", "trace=" + Self.calls.joined(separator: ",")]
            + words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return try String(contentsOfFile: root + "/trace", encoding: .isoLatin1).split(separator: "\n").dropFirst()
            .compactMap { TracedCall(String($0), in: folder) }
    }

    /// What the scan said, without links; before the proxy changes where they lead.
    struct Promise {
        let reads: [String]
        let made: [String]
    }

    func promise(_ report: ScanReport) -> Promise {
        let made = report.creations.map { $0.path.hasPrefix("/") ? $0.path : "\(root)/out/\($0.path)" }
        // A backing file that is there already gets another name beside it.
        return Promise(
            reads: report.reads.map(Self.real), made: (made + made.map { $0 + ".bak" }).flatMap { [$0, Self.real($0)] })
    }

    /// What a call does that the scan did not say.
    func fault(_ call: TracedCall, _ promise: Promise) -> String? {
        switch call.effect {
        case .runs: return "a program runs"
        case .reads:
            let isOutside =
                holds(call.path) && !call.path.hasPrefix(root + "/out/") || Self.machineFiles.contains(call.path)
            guard isOutside, !(promise.reads + promise.made).contains(where: { Self.lies(call.path, in: $0) })
            else {
                return nil
            }
            return "a file outside is read"
        case .writes:
            guard holds(call.path) || Self.machineFiles.contains(call.path), call.path != root + "/pid" else {
                return nil
            }
            return promise.made.contains { Self.lies(call.path, in: $0) || Self.lies(Self.real(call.path), in: $0) }
                ? nil : "something is made or changed"
        }
    }

    private static func lies(_ path: String, in folder: String) -> Bool {
        path == folder || path.hasPrefix(folder + "/")
    }

    /// Without links, as far as there is something.
    private static func real(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard let real = realpath(path, nil) else {
            guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return path }
            return Self.real(String(path[..<slash])) + path[slash...]
        }
        defer { free(real) }
        return String(cString: real)
    }
}
