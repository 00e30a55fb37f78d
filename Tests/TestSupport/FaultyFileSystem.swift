import HASystem

/// Counts system calls, and makes the one with the number wanted fail, or kills the process instead of it.
package final class Faults: Sendable {
    private let count = Guarded(0)
    /// 0-based; nil: none fails.
    package let failing: Int?
    package let error: SystemError
    private let isKilling: Bool

    package init(failing: Int? = nil, error: SystemError) {
        self.failing = failing
        self.error = error
        isKilling = false
    }

    /// Faults of which one is the end, without a chance to clean up.
    package init(killingAt number: Int?) {
        failing = number
        error = SystemError(number: EIO)
        isKilling = true
    }

    package var calls: Int { count.withLock { $0 } }

    /// To be called once for each system call.
    package func step() throws(SystemError) {
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        if number == failing {
            if isKilling { kill(getpid(), SIGKILL) }
            throw error
        }
    }
}

extension FileSystem {
    /// The operating system's calls, one of which fails. Calls that change something fail without changing it, save
    /// `close`, which closes all the same.
    package static func failing(_ faults: Faults) -> FileSystem {
        let system = FileSystem.system
        var files = system
        files.open = { path, opening throws(SystemError) in
            try faults.step()
            return try system.open(path, opening)
        }
        files.close = { descriptor throws(SystemError) in
            try system.close(descriptor)
            try faults.step()
        }
        files.read = { descriptor, buffer throws(SystemError) in
            try faults.step()
            return try system.read(descriptor, buffer)
        }
        files.write = { descriptor, buffer throws(SystemError) in
            try faults.step()
            // Short writes are legal: half of the bytes at a time.
            let half = UnsafeRawBufferPointer(rebasing: buffer.prefix((buffer.count + 1) / 2))
            return try system.write(descriptor, half)
        }
        files.status = { path throws(SystemError) in
            try faults.step()
            return try system.status(path)
        }
        files.linkStatus = { path throws(SystemError) in
            try faults.step()
            return try system.linkStatus(path)
        }
        files.openStatus = { descriptor throws(SystemError) in
            try faults.step()
            return try system.openStatus(descriptor)
        }
        files.setMode = { descriptor, mode throws(SystemError) in
            try faults.step()
            try system.setMode(descriptor, mode)
        }
        files.setOwner = { descriptor, owner, group throws(SystemError) in
            try faults.step()
            try system.setOwner(descriptor, owner, group)
        }
        files.synchronize = { descriptor throws(SystemError) in
            try faults.step()
            try system.synchronize(descriptor)
        }
        files.rename = { from, to throws(SystemError) in
            try faults.step()
            try system.rename(from, to)
        }
        files.remove = { path throws(SystemError) in
            try faults.step()
            try system.remove(path)
        }
        files.names = { folder throws(SystemError) in
            try faults.step()
            return try system.names(folder)
        }
        files.makeFolder = { path, mode throws(SystemError) in
            try faults.step()
            try system.makeFolder(path, mode)
        }
        files.removeFolder = { path throws(SystemError) in
            try faults.step()
            try system.removeFolder(path)
        }
        files.lock = { descriptor throws(SystemError) in
            try faults.step()
            return try system.lock(descriptor)
        }
        files.truncate = { descriptor throws(SystemError) in
            try faults.step()
            try system.truncate(descriptor)
        }
        return files
    }
}
