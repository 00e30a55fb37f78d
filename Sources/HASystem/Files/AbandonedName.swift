/// The part of a temporary name that says who made it: `MACHINE-PROCESS-…`.
package enum AbandonedName {
    /// Whether the process that made a name was one of this machine and is gone. Of other machines nobody knows.
    package static func isAbandoned(_ name: Substring, _ files: FileSystem) -> Bool {
        let parts = name.split(separator: "-")
        guard parts.count > 2, parts[0] == files.machine(), let process = Int(parts[1]), process > 0 else {
            return false
        }
        return process != files.processNumber() && !files.isRunning(process)
    }
}
