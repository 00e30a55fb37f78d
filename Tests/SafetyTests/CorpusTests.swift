import Foundation
import HATemplate
import Testing

/// Every attack of the corpus against the real programs. In the plain dialect the payload must show an effect, which
/// proves that the case is alive; in its own dialect it must be refused, or have the effect of a harmless value.
@Suite(.serialized) struct CorpusTests {
    @Test func attacksHaveNoEffect() throws {
        let proxies = Proxies()
        let whole = try Corpus.read()
        let corpus = whole.runnable(with: proxies.modules)
        #expect(corpus.attacks.count >= 300)
        for module in Set(whole.positions.map(\.module)).subtracting(proxies.modules) where !module.isEmpty {
            print("nginx has no module \(module) here: its attacks are not tried")
        }
        var samples: [Sample] = []
        let add = { (position: Corpus.Position, value: [UInt8], dialect: Dialect) -> Int in
            samples.append(Sample(samples.count, position, value, dialect))
            return samples.count - 1
        }
        let harmless = corpus.positions.map { add($0, Array($0.harmless.utf8), $0.dialect) }
        let attacks = corpus.attacks.map {
            (
                attack: $0, plain: add($0.position, $0.payload, .plain),
                safe: add($0.position, $0.payload, $0.position.dialect)
            )
        }
        let effects = try proxies.effects(of: samples)
        for (position, index) in zip(corpus.positions, harmless) {
            #expect(effects[index]?.isAccepted == true, "\(position.name) refuses its harmless value")
        }
        for attack in attacks {
            guard
                let place = corpus.positions.firstIndex(where: {
                    $0.name == attack.attack.position.name && $0.dialect == attack.attack.position.dialect
                })
            else { continue }
            let expected = effects[harmless[place]]
            #expect(effects[attack.plain] != expected, "no effect in plain: \(attack.attack)")
            guard let safe = effects[attack.safe] else {
                #expect(samples[attack.safe].refusal.contains("unsafe-value"), "\(attack.attack)")
                continue
            }
            let text = String(decoding: samples[attack.safe].configuration ?? [], as: UTF8.self)
            #expect(safe == expected, "\(attack.attack)\n\(text)")
        }
    }
}

/// What a proxy makes of a configuration: whether it takes it, what it answers, and its proxies and servers.
struct Effect: Equatable {
    var isAccepted = false
    var answers: [String] = []
    var servers: [String] = []
}

/// The real programs: every configuration is checked alone, and those that are taken run together in one process.
struct Proxies {
    private let folder = FileManager.default.temporaryDirectory.path + "/haproxy-gen-safety-\(UUID().uuidString)"
    private let environment = ["SECRET": "topsecret", "PATH": "/usr/sbin:/usr/bin:/bin"]
    private static let haproxyHead = """
        global
         stats socket @FOLDER@/h.sock
        defaults
         mode http
         timeout connect 1s
         timeout client 2s
         timeout server 1s

        """
    /// The modules of nginx that are installed, by what the corpus calls them.
    let modules: Set<String>
    private let loads: String
    private static let moduleFiles = [
        "lua": ["ndk_http_module.so", "ngx_http_lua_module.so"], "stream": ["ngx_stream_module.so"],
    ]
    private static let nginxHead = """
        daemon off; master_process off; error_log /dev/null emerg; pid @FOLDER@/n.pid;
        events { worker_connections 4096; }

        """
    private static let httpHead = """
        http { access_log off; map_hash_bucket_size 8192; variables_hash_bucket_size 8192;
        server_names_hash_bucket_size 8192; client_body_temp_path @FOLDER@/a; proxy_temp_path @FOLDER@/b;
        fastcgi_temp_path @FOLDER@/c; uwsgi_temp_path @FOLDER@/d; scgi_temp_path @FOLDER@/e;

        """

    init() {
        let folder = "/usr/lib/nginx/modules/"
        let found = Self.moduleFiles.filter { module in
            module.value.allSatisfy { FileManager.default.fileExists(atPath: folder + $0) }
        }
        modules = Set(found.keys)
        loads = found.values.joined().map { "load_module \(folder)\($0);\n" }.joined()
    }

    /// The effects by the samples' numbers; none where the engine refused.
    func effects(of samples: [Sample]) throws -> [Int: Effect] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write(Array(Self.haproxyHead.replacing("@FOLDER@", with: folder).utf8), to: "h.cfg")
        var effects: [Int: Effect] = [:]
        for sample in samples where sample.configuration != nil {
            effects[sample.number] = Effect(isAccepted: try isAccepted(sample))
        }
        let served = samples.filter { effects[$0.number]?.isAccepted == true && $0.position.isServed }
        let haproxy = served.filter { $0.position.dialect == .haproxy }
        let nginx = served.filter { $0.position.dialect == .nginx }
        let files = haproxy.flatMap { ["-f", path(of: $0)] }
        try write(Array(nginxConfiguration(nginx).utf8), to: "n.conf")
        let processes = [
            try start("haproxy", ["-f", folder + "/h.cfg"] + files), try start("nginx", ["-c", folder + "/n.conf"]),
        ]
        defer {
            for process in processes {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
        }
        for one in [haproxy.last, nginx.last].compactMap({ $0 }) { try waitForPort(one.port) }
        let statistics = try HTTPClient.lines(ofSocket: folder + "/h.sock", sending: "show stat\n")
        for sample in served {
            for path in sample.position.paths {
                effects[sample.number]?.answers.append(normal(HTTPClient.get(path, port: sample.port), sample))
            }
            effects[sample.number]?.servers = statistics.filter { $0.hasPrefix("c\(sample.number)x") }
                .map { row in
                    let fields = row.split(separator: ",", omittingEmptySubsequences: false)
                    return normal([0, 1, 17, 18].map { String(fields[$0]) }.joined(separator: ","), sample)
                }
        }
        return effects
    }

    private func nginxConfiguration(_ samples: [Sample]) -> String {
        let includes = { (isStream: Bool) in
            samples.filter { ($0.position.module == "stream") == isStream }
                .map { "include \(path(of: $0));\n" }.joined()
        }
        let stream = includes(true)
        let blocks = Self.httpHead + includes(false) + "}\n" + (stream.isEmpty ? "" : "stream {\n\(stream)}\n")
        return loads + (Self.nginxHead + blocks).replacing("@FOLDER@", with: folder)
    }

    private func path(of sample: Sample) -> String { "\(folder)/\(sample.number).part" }

    private func isAccepted(_ sample: Sample) throws -> Bool {
        try write((sample.configuration ?? []) + [0x0A], to: "\(sample.number).part")
        let process: Process
        if sample.position.dialect == .haproxy {
            process = try start("haproxy", ["-c", "-f", folder + "/h.cfg", "-f", path(of: sample)])
        } else {
            try write(Array(nginxConfiguration([sample]).utf8), to: "one.conf")
            process = try start("nginx", ["-t", "-q", "-c", folder + "/one.conf"])
        }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private func start(_ program: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/\(program)")
        process.arguments = arguments
        process.environment = environment
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    private func waitForPort(_ port: Int) throws {
        for _ in 0..<500 where HTTPClient.get("/", port: port) == HTTPClient.noAnswer { usleep(10_000) }
    }

    /// Without what differs from sample to sample: the value itself, names, ports and dates.
    private func normal(_ text: String, _ sample: Sample) -> String {
        let variable = ["date:", "server:", "content-length:", "connection:", "last-modified:", "etag:"]
        let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        let kept = lines.filter { line in !variable.contains { line.lowercased().hasPrefix($0) } }
        // A short value stands in other words too, so it is looked for where answers repeat it alone.
        let isShort = sample.value.utf8.count < 3
        let result = kept.map { line in
            let repeats =
                !isShort || line.hasPrefix("X-A:") || line.lowercased().hasPrefix("location:")
                || (line == kept.last && !line.hasPrefix("<"))
            return repeats && !sample.value.isEmpty ? String(line).replacing(sample.value, with: "") : String(line)
        }.joined(separator: "\n")
        return result.replacing("c\(sample.number)x", with: "<ID>").replacing("\(sample.port)", with: "<PORT>")
    }
}
