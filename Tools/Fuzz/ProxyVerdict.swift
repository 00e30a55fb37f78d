import Foundation
import HATemplate

/// Asks the installed programs.
enum ProxyVerdict {
    static func accepts(_ configuration: [UInt8], _ dialect: Dialect) throws -> Bool {
        let folder = FileManager.default.temporaryDirectory.path + "/haproxy-gen-fuzz-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/c"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/\(dialect.rawValue)")
        var text = configuration
        if dialect == .haproxy {
            text = Array("defaults\n timeout connect 1s\n timeout client 1s\n timeout server 1s\n".utf8) + text
            process.arguments = ["-c", "-f", file]
        } else {
            let head = "pid \(folder)/pid; error_log /dev/null; events {} http { access_log off;\n"
            text =
                Array(
                    (head + "client_body_temp_path \(folder)/a; proxy_temp_path \(folder)/b;\n"
                        + "fastcgi_temp_path \(folder)/c1; uwsgi_temp_path \(folder)/d; scgi_temp_path \(folder)/e;\n")
                        .utf8)
                + text + Array("}\n".utf8)
            process.arguments = ["-t", "-q", "-c", file]
        }
        try Data(text).write(to: URL(fileURLWithPath: file))
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
