import HASystem

/// One run of a program as a process of its own: what it was given is in `run`, this is what came back.
package struct ProgramRun: Equatable, CustomStringConvertible {
    /// nil: a signal ended it.
    package var exitCode: Int32?
    package var signal: Int32?
    package var stdout: String
    package var stderr: String

    package init(exitCode: Int32? = nil, signal: Int32? = nil, stdout: String = "", stderr: String = "") {
        self.exitCode = exitCode
        self.signal = signal
        self.stdout = stdout
        self.stderr = stderr
    }

    package var description: String {
        "exit \(exitCode.map(String.init) ?? "by signal \(signal ?? 0)")\n--- stdout\n\(stdout)--- stderr\n\(stderr)"
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// The program that this package builds: it lies beside the tests, or above them in their bundle.
    package static let binary: String = {
        if let path = getenv("HAPROXY_GEN_BINARY") { return String(cString: path) }
        return built("haproxy-gen")
    }()

    /// A program of this package by its name.
    package static func built(_ name: String) -> String {
        var folder = testImage[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            let candidate = folder + "/" + name
            if access(String(candidate), X_OK) == 0, !isFolder(String(candidate)) { return String(candidate) }
        }
        return name
    }

    /// Whether the tests run under a sanitizer, where programs are several times slower and larger.
    package static var isSanitized: Bool { sanitizer != nil }
    /// Whether a limit on the size of files meets the program alone: ThreadSanitizer maps files of its own, and ends where
    /// they may not grow.
    package static var canLimitFiles: Bool { sanitizer != "thread" }
    /// `address` or `thread`.
    private static var sanitizer: String? { getenv("HAPROXY_GEN_SANITIZER").map { String(cString: $0) } }

    /// For a program that may not write what `scripts/coverage` counts.
    package static let uncounted = ["LLVM_PROFILE_FILE": "/dev/null"]

    /// Runs to the end. Streams are files, so that nothing waits for a reader.
    ///
    /// - Parameter environment: added to `PATH`, which is all that is inherited, but for what sanitizers and coverage need.
    package static func run(
        _ arguments: [String], stdin: String = "", environment: [String: String] = [:], in folder: String? = nil,
        executable: String = binary
    ) throws -> ProgramRun {
        let streams = try (0..<3).map { _ in try unnamedFile() }
        defer { streams.forEach { close($0) } }
        _ = Array(stdin.utf8).withUnsafeBytes { write(streams[0], $0.baseAddress, $0.count) }
        lseek(streams[0], 0, SEEK_SET)

        let start = ProcessCalls.Start(
            program: executable, words: [executable] + arguments, environment: variables(environment), folder: folder,
            input: streams[0], descriptors: Array(streams[1...]))
        let process: pid_t
        do { process = try ProcessCalls.system.start(start) } catch {
            throw Failure(description: "\(executable): \(error.text)")
        }
        var ending: Int32 = 0
        try wait(for: process, &ending)
        let number = ending & 0x7F
        return ProgramRun(
            exitCode: number == 0 ? (ending >> 8) & 0xFF : nil, signal: number == 0 ? nil : number,
            stdout: contents(streams[1]), stderr: contents(streams[2]))
    }

    /// Runs a bash script; `$PROGRAM` is the program.
    package static func bash(_ script: String, environment: [String: String] = [:], in folder: String? = nil) throws
        -> ProgramRun
    {
        var environment = environment
        environment["PROGRAM"] = binary
        return try run(
            ["--norc", "-c", script], environment: environment, in: folder, executable: installed("bash") ?? "/bin/bash"
        )
    }

    /// The path of a program that may be missing on this machine.
    package static func installed(_ program: String) -> String? {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }

    // MARK: Details

    /// Waits for the end, but not for ever: a program that hangs must not take the whole run of tests with it.
    private static func wait(for process: pid_t, _ ending: inout Int32) throws {
        for _ in 0..<(isSanitized ? 600_000 : 60_000) {
            if waitpid(process, &ending, WNOHANG) == process { return }
            usleep(1000)
        }
        kill(-process, SIGKILL)
        waitpid(process, &ending, 0)
        throw Failure(description: "still running after minutes")
    }

    /// `NAME=value`, with what every run gets.
    private static func variables(_ given: [String: String]) -> [String] {
        var environment = given
        for name in ["PATH", "ASAN_OPTIONS", "TSAN_OPTIONS"] where environment[name] == nil {
            environment[name] = getenv(name).map { String(cString: $0) }
        }
        if let profile = getenv("LLVM_PROFILE_FILE"), environment["LLVM_PROFILE_FILE"] == nil {
            // All of them add to the same few files.
            let folder = String(cString: profile).split(separator: "/", omittingEmptySubsequences: false).dropLast()
            environment["LLVM_PROFILE_FILE"] = folder.joined(separator: "/") + "/programs%4m.profraw"
        }
        return environment.map { "\($0.key)=\($0.value)" }
    }

    /// A file that exists as long as it is open, and that other processes do not inherit.
    private static func unnamedFile() throws -> Int32 {
        var path = Array("/tmp/haproxy-gen-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw Failure(description: "mkstemp: \(String(cString: strerror(errno)))") }
        unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    private static func contents(_ descriptor: Int32) -> String {
        lseek(descriptor, 0, SEEK_SET)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The file that holds this code.
    private static var testImage: String {
        #if canImport(Darwin)
            var image = Dl_info()
            guard dladdr(#dsohandle, &image) != 0, let name = image.dli_fname else { return "" }
            return realPath(String(cString: name))
        #else
            return realPath("/proc/self/exe")
        #endif
    }

    private static func realPath(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
