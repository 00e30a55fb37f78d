/// A system call that failed, by the number of its error.
public struct SystemError: Error, Equatable {
    package let number: Int32

    package init(number: Int32) {
        self.number = number
    }

    package static var last: SystemError { SystemError(number: errno) }

    /// The C library's own words: `No space left on device`.
    package var text: String { String(cString: strerror(number)) }
}

/// What the file system says about a file.
package struct FileStatus: Sendable, Equatable {
    package enum Kind: Sendable { case regular, folder, link, other }

    package let kind: Kind
    /// Bytes.
    package let size: Int
    /// Permission bits alone.
    package let mode: UInt32
    package let owner: UInt32
    package let group: UInt32
    /// Seconds since 1970, UTC.
    package let modified: Int
    /// When its bytes, its rights or its names changed last, in nanoseconds since 1970: nobody can set that back.
    package let changed: Int64
    /// Files of one path are the same file as long as these two are.
    package let device: UInt64
    package let inode: UInt64
    /// How many names it has.
    package let links: UInt64

    package var fileOwner: FileOwner { FileOwner(user: owner, group: group) }
}

/// Whose a file is.
package struct FileOwner: Sendable, Equatable {
    package let user: UInt32
    package let group: UInt32

    package init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }
}

/// Every system call on files goes through here, so that a test can make any single one fail.
package struct FileSystem: Sendable {
    /// How a file is opened.
    package enum Opening: Sendable, Equatable {
        case reading
        /// The same, but a pipe without a writer or a device that is not ready is not waited for.
        case readingAtOnce
        /// An existing file that is not replaced: a device, a pipe.
        case writing
        /// A new file with these permissions (less the umask); it must not exist, not even as a link.
        case creating(mode: UInt32)
        /// A file to lock, made with these permissions (less the umask) where there is none; never through a link.
        case locking(mode: UInt32)
    }

    package var open: @Sendable (_ path: String, Opening) throws(SystemError) -> Int32
    package var close: @Sendable (_ descriptor: Int32) throws(SystemError) -> Void
    /// Bytes read; 0 at the end.
    package var read: @Sendable (_ descriptor: Int32, UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
    /// Bytes written; may be fewer than given.
    package var write: @Sendable (_ descriptor: Int32, UnsafeRawBufferPointer) throws(SystemError) -> Int
    /// Follows links.
    package var status: @Sendable (_ path: String) throws(SystemError) -> FileStatus
    /// Of the link itself where the path is one.
    package var linkStatus: @Sendable (_ path: String) throws(SystemError) -> FileStatus
    package var openStatus: @Sendable (_ descriptor: Int32) throws(SystemError) -> FileStatus
    /// Where a link points to, as it is written in the link.
    package var linkTarget: @Sendable (_ path: String) throws(SystemError) -> String
    /// Makes a symbolic link that points to a path.
    package var makeLink: @Sendable (_ target: String, _ path: String) throws(SystemError) -> Void
    /// The absolute path without links.
    package var realPath: @Sendable (_ path: String) throws(SystemError) -> String
    /// Names in a folder without `.` and `..`, in no order.
    package var names: @Sendable (_ folder: String) throws(SystemError) -> [String]
    package var setMode: @Sendable (_ descriptor: Int32, _ mode: UInt32) throws(SystemError) -> Void
    package var setOwner: @Sendable (_ descriptor: Int32, _ owner: UInt32, _ group: UInt32) throws(SystemError) -> Void
    /// Returns when the file's bytes, or a folder's names, are on the disk.
    package var synchronize: @Sendable (_ descriptor: Int32) throws(SystemError) -> Void
    package var rename: @Sendable (_ from: String, _ to: String) throws(SystemError) -> Void
    package var remove: @Sendable (_ path: String) throws(SystemError) -> Void
    /// A new folder, with permissions less the umask.
    package var makeFolder: @Sendable (_ path: String, _ mode: UInt32) throws(SystemError) -> Void
    /// An empty folder.
    package var removeFolder: @Sendable (_ path: String) throws(SystemError) -> Void
    /// Takes the lock of an open file, which ends when the file is closed; false while another process has it.
    package var lock: @Sendable (_ descriptor: Int32) throws(SystemError) -> Bool
    /// Makes an open file empty.
    package var truncate: @Sendable (_ descriptor: Int32) throws(SystemError) -> Void
    /// A number that cannot be guessed, for the names of temporary files.
    package var random: @Sendable () -> UInt64
    /// Milliseconds of a monotonic clock.
    package var clock: @Sendable () -> Int
    package var pause: @Sendable (_ milliseconds: Int) -> Void
    package var processNumber: @Sendable () -> Int
    /// A word for this machine and the processes that this one can see: the same number means the same process there.
    package var machine: @Sendable () -> String
    /// Whether a process of this machine is still there.
    package var isRunning: @Sendable (_ process: Int) -> Bool
    /// The user whose rights count.
    package var user: @Sendable () -> UInt32
    /// The number of a user by name; nil: there is none.
    package var userNumber: @Sendable (_ name: String) -> UInt32?
    package var groupNumber: @Sendable (_ name: String) -> UInt32?
    /// Whether a name of a host has an address; asks the servers of names where the machine's files do not say.
    package var knowsHost: @Sendable (_ name: String) -> Bool
}

extension FileSystem {
    /// The operating system's.
    package static let system = FileSystem(
        open: { path, opening throws(SystemError) in
            try SystemCall.result {
                switch opening {
                case .reading: CLibrary.openFile(path, O_RDONLY | O_CLOEXEC, 0)
                case .readingAtOnce: CLibrary.openFile(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)
                case .writing: CLibrary.openFile(path, O_WRONLY | O_CLOEXEC, 0)
                case .creating(let mode):
                    CLibrary.openFile(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
                case .locking(let mode):
                    CLibrary.openFile(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
                }
            }
        },
        close: { descriptor throws(SystemError) in
            // Not repeated after EINTR: the descriptor is closed, and its number may belong to another file by then.
            if CLibrary.closeFile(descriptor) != 0, errno != EINTR { throw .last }
        },
        read: { descriptor, buffer throws(SystemError) in
            try SystemCall.whenReady(descriptor, POLLIN) { CLibrary.readBytes(descriptor, buffer) }
        },
        write: { descriptor, buffer throws(SystemError) in
            try SystemCall.whenReady(descriptor, POLLOUT) { CLibrary.writeBytes(descriptor, buffer) }
        },
        status: { path throws(SystemError) in
            var status = stat()
            try SystemCall.result { stat(path, &status) }
            return FileStatus(status)
        },
        linkStatus: { path throws(SystemError) in
            var status = stat()
            try SystemCall.result { lstat(path, &status) }
            return FileStatus(status)
        },
        openStatus: { descriptor throws(SystemError) in
            var status = stat()
            try SystemCall.result { fstat(descriptor, &status) }
            return FileStatus(status)
        },
        linkTarget: { path throws(SystemError) in
            let capacity = Int(PATH_MAX)
            var bytes = [CChar](repeating: 0, count: capacity)
            let length = try SystemCall.result { readlink(path, &bytes, capacity) }
            return String(decoding: bytes[..<length].lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
        },
        makeLink: { target, path throws(SystemError) in try SystemCall.result { symlink(target, path) } },
        realPath: { path throws(SystemError) in
            guard let real = realpath(path, nil) else { throw .last }
            defer { free(real) }
            return String(cString: real)
        },
        names: { folder throws(SystemError) in try SystemCall.names(in: folder) },
        setMode: { descriptor, mode throws(SystemError) in
            try SystemCall.result { fchmod(descriptor, mode_t(mode)) }
        },
        setOwner: { descriptor, owner, group throws(SystemError) in
            try SystemCall.result { fchown(descriptor, owner, group) }
        },
        synchronize: { descriptor throws(SystemError) in try SystemCall.result { fsync(descriptor) } },
        rename: { from, to throws(SystemError) in try SystemCall.result { CLibrary.renameFile(from, to) } },
        remove: { path throws(SystemError) in try SystemCall.result { unlink(path) } },
        makeFolder: { path, mode throws(SystemError) in try SystemCall.result { mkdir(path, mode_t(mode)) } },
        removeFolder: { path throws(SystemError) in try SystemCall.result { rmdir(path) } },
        lock: { descriptor throws(SystemError) in
            do throws(SystemError) {
                try SystemCall.result { flock(descriptor, LOCK_EX | LOCK_NB) }
                return true
            } catch  where error.number == EWOULDBLOCK {
                return false
            }
        },
        truncate: { descriptor throws(SystemError) in try SystemCall.result { ftruncate(descriptor, 0) } },
        random: { UInt64.random(in: .min ... .max) },
        clock: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
        },
        pause: { usleep(UInt32(clamping: $0) &* 1000) },
        processNumber: { Int(getpid()) },
        machine: { CLibrary.machine },
        isRunning: { number in kill(pid_t(clamping: number), 0) == 0 || errno != ESRCH },
        user: { UInt32(geteuid()) },
        userNumber: { name in getpwnam(name).map { UInt32($0.pointee.pw_uid) } },
        groupNumber: { name in getgrnam(name).map { UInt32($0.pointee.gr_gid) } },
        knowsHost: { name in
            // Nobody has these (RFC 6761, 6.4), and a resolver that does not answer would be waited for.
            if name.lowercased().hasSuffix(".invalid") { return false }
            var found: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(name, nil, nil, &found) == 0 else { return false }
            freeaddrinfo(found)
            return true
        }
    )
}

extension FileSystem {
    /// Writes all bytes, in as many calls as it takes.
    package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
            // A device that takes nothing without an error would keep us here for ever.
            if count == 0 { throw SystemError(number: EIO) }
            rest = rest.dropFirst(count)
        }
    }

    package func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(SystemError) in try writeAll(buffer, to: descriptor) }
        }
        try result.get()
    }

    /// Reads to the end, or up to a number of bytes.
    package func readAll(
        from descriptor: Int32, expecting size: Int, upTo limit: Int = .max
    ) throws(SystemError) -> [UInt8] {
        // One byte more than expected, so that the read that fills the size does not make the array grow.
        var (bytes, isWhole) = try readPiece(from: descriptor, capacity: min(max(size + 1, 16 * 1024), limit))
        while !isWhole, bytes.count < limit {
            let piece: [UInt8]
            let capacity = min(max(bytes.count, 16 * 1024), limit - bytes.count)
            (piece, isWhole) = try readPiece(from: descriptor, capacity: capacity)
            bytes += piece
        }
        return bytes
    }

    /// Reads until the capacity is filled or the file ends; returns whether it ended.
    private func readPiece(from descriptor: Int32, capacity: Int) throws(SystemError) -> (bytes: [UInt8], isEnd: Bool) {
        var failure: SystemError?
        // Into memory that was not cleared first: that would cost as much as reading.
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            CLibrary.useLargePages(buffer.baseAddress, count: capacity)
            do throws(SystemError) {
                while count < buffer.count {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let length = try read(descriptor, rest)
                    if length == 0 { break }
                    count += length
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return (bytes, bytes.count < capacity)
    }

    /// Brings the names in a folder to the disk. A folder that cannot be opened or synchronised at all is left to the system.
    package func synchronizeFolder(_ folder: String) throws(SystemError) {
        guard let descriptor = try? open(folder, .reading) else { return }
        defer { try? close(descriptor) }
        do throws(SystemError) {
            try synchronize(descriptor)
        } catch  where error.number == EINVAL || error.number == ENOTSUP || error.number == EBADF {
            return
        }
    }
}
