import HASystem
import TestSupport

/// Runs programs whose standard error is a terminal.
enum Terminal {
    struct Run: CustomStringConvertible {
        /// What the terminal got.
        let text: String
        let status: String

        var description: String { "status \(status)\n\(text.debugDescription)" }
    }

    /// Runs a bash script; `$PROGRAM` is the program, `$TERMINAL` the terminal's path.
    static func run(_ script: String, environment: [String: String] = [:], in folder: String) throws -> Run {
        let (terminal, device) = try open()
        defer { close(terminal) }
        // Held open, so that what was written stays readable when the program has ended.
        let other = CLibrary.openFile(device, O_RDWR | O_NOCTTY, 0)
        defer { close(other) }
        let run = try ProgramRun.bash(
            "\(script); echo $?",
            environment: ["TERM": "xterm", "TERMINAL": device].merging(environment) { $1 }, in: folder)
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        var waiting = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        while poll(&waiting, 1, 100) > 0, case let count = read(terminal, &buffer, buffer.count), count > 0 {
            text += buffer[..<count]
        }
        let status = run.stdout.split(separator: "\n").last.map(String.init) ?? ""
        return Run(text: String(decoding: text, as: UTF8.self), status: status)
    }

    /// A new terminal: our end of it, and the path of the other.
    private static func open() throws -> (Int32, device: String) {
        #if canImport(Darwin)
            let terminal = posix_openpt(O_RDWR | O_NOCTTY)
            guard terminal >= 0, grantpt(terminal) == 0, unlockpt(terminal) == 0, let name = ptsname(terminal) else {
                throw failure()
            }
            return (terminal, String(cString: name))
        #else
            // What the calls of POSIX do on Linux; the C library's module leaves them out.
            let terminal = CLibrary.openFile("/dev/ptmx", O_RDWR | O_NOCTTY, 0)
            var lock: Int32 = 0
            var number: UInt32 = 0
            let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
            guard terminal >= 0, ioctl(terminal, unlock, &lock) == 0, ioctl(terminal, getNumber, &number) == 0 else {
                throw failure()
            }
            return (terminal, "/dev/pts/\(number)")
        #endif
    }

    private static func failure() -> ProgramRun.Failure {
        ProgramRun.Failure(description: "no terminal: \(String(cString: strerror(errno)))")
    }

    /// The lines that are left on the screen, where each wiped line is gone.
    static func screen(_ text: String) -> [String] {
        var lines: [String] = [""]
        var rest = Substring(text)
        while let character = rest.first {
            if rest.hasPrefix("\r\u{1B}[K") {
                lines[lines.count - 1] = ""
                rest = rest.dropFirst("\r\u{1B}[K".count)
            } else {
                if character.isNewline { lines.append("") } else { lines[lines.count - 1].append(character) }
                rest = rest.dropFirst()
            }
        }
        return lines.filter { !$0.isEmpty }
    }
}
