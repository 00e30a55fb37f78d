import TestSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Runs programs whose standard error is a terminal.
enum Terminal {
    struct Run: CustomStringConvertible {
        /// What the terminal got.
        let text: String
        let status: String

        var description: String { "status \(status)\n\(text.debugDescription)" }
    }

    /// Runs a bash script; `$PROGRAM` is the program.
    static func run(_ script: String, environment: [String: String] = [:], in folder: String) throws -> Run {
        let terminal = posix_openpt(O_RDWR | O_NOCTTY)
        guard terminal >= 0, grantpt(terminal) == 0, unlockpt(terminal) == 0, let name = ptsname(terminal) else {
            throw ProgramRun.Failure(description: "no terminal: \(String(cString: strerror(errno)))")
        }
        defer { close(terminal) }
        let device = String(cString: name)
        // Held open, so that what was written stays readable when the program has ended.
        let other = open(device, O_RDWR | O_NOCTTY)
        defer { close(other) }
        let run = try ProgramRun.bash(
            "{ \(script); } 2>\(device); echo $?", environment: ["TERM": "xterm"].merging(environment) { $1 },
            in: folder)
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        var waiting = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        while poll(&waiting, 1, 100) > 0, case let count = read(terminal, &buffer, buffer.count), count > 0 {
            text += buffer[..<count]
        }
        let status = run.stdout.split(separator: "\n").last.map(String.init) ?? ""
        return Run(text: String(decoding: text, as: UTF8.self), status: status)
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
