import HASystem

/// The right to change a table, held by one process at a time: the system's lock of a file, which ends with the process.
package struct StateLock: ~Copyable {
    private let files: FileSystem
    private let descriptor: Int32

    deinit {
        try? files.close(descriptor)
    }

    /// Waits for the lock at `path`, and writes our number there for those who wait for us.
    ///
    /// `prepare` makes the file's folder, where it is missing, and is called again when it was taken away meanwhile.
    init(
        _ path: String, timeout: Int, directory: StateDirectory, table: TableName,
        prepare: () throws(StateError) -> FileOwner?
    ) throws(StateError) {
        files = directory.files
        let start = files.clock()
        while true {
            let owner = try prepare()
            let descriptor: Int32
            do throws(SystemError) {
                descriptor = try Self.open(path, owner: owner, files)
            } catch {
                if error.isNotFound, files.clock() - start < timeout { continue }
                throw directory.failure(.lock, path, error, table)
            }
            let outcome: Outcome
            do throws(SystemError) {
                outcome = try Self.wait(for: descriptor, path, since: start, timeout: timeout, files)
            } catch {
                try? files.close(descriptor)
                throw directory.failure(.lock, path, error, table)
            }
            if outcome == .locked {
                self.descriptor = descriptor
                Self.sign(descriptor, files)
                return
            }
            try? files.close(descriptor)
            if outcome == .timedOut {
                throw .locked(path: path, holder: Self.holder(path, files), waited: timeout)
            }
        }
    }

    private enum Outcome {
        case locked
        case timedOut
        /// The last holder gave up a new table and removed the file.
        case vanished
    }

    private static func open(_ path: String, owner: FileOwner?, _ files: FileSystem) throws(SystemError) -> Int32 {
        do throws(SystemError) {
            let descriptor = try files.open(path, .locking(mode: 0o644))
            if let owner { try? files.setOwner(descriptor, owner.user, owner.group) }
            return descriptor
        } catch  where error.isDenial {
            // Another user's file can be locked all the same where it can be read.
            return try files.open(path, .reading)
        }
    }

    private static func wait(
        for descriptor: Int32, _ path: String, since start: Int, timeout: Int, _ files: FileSystem
    ) throws(SystemError) -> Outcome {
        var pause = 1
        while try !files.lock(descriptor) {
            let rest = timeout - (files.clock() - start)
            if rest <= 0 { return .timedOut }
            files.pause(min(pause, rest))
            pause = min(2 * pause, 20)
        }
        return try isStill(path, descriptor, files) ? .locked : .vanished
    }

    /// Whether a path still leads to an open file.
    private static func isStill(
        _ path: String, _ descriptor: Int32, _ files: FileSystem
    ) throws(SystemError) -> Bool {
        let open = try files.openStatus(descriptor)
        do throws(SystemError) {
            let there = try files.linkStatus(path)
            return there.inode == open.inode && there.device == open.device
        } catch  where error.isNotFound {
            return false
        }
    }

    /// Writes who holds the lock. It only helps those who wait, so a full disk does not matter.
    private static func sign(_ descriptor: Int32, _ files: FileSystem) {
        do throws(SystemError) {
            try files.truncate(descriptor)
            try files.writeAll(Array("\(files.processNumber())\n".utf8), to: descriptor)
        } catch {
            return
        }
    }

    private static func holder(_ path: String, _ files: FileSystem) -> Int? {
        guard let file = try? FileReader(files: files).read(path, .kept) else { return nil }
        return Int(String(decoding: file.bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
