#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A system call that failed, by the number of its error.
struct SystemError: Error, Equatable {
    let number: Int32

    static var last: SystemError { SystemError(number: errno) }

    /// Whether there is nothing under the name.
    var isNotFound: Bool { number == ENOENT }

    /// The C library's own words: `No space left on device`.
    var text: String { String(cString: strerror(number)) }
}

/// What the file system tells about a file.
struct FileStatus: Sendable, Equatable {
    enum Kind: Sendable { case regular, folder, link, other }

    let kind: Kind
    /// Bytes.
    let size: Int
    /// Permission bits alone.
    let mode: UInt32
    let owner: UInt32
    let group: UInt32
}

/// Every system call on files goes through here, so that a test can make any single one fail.
struct FileSystem: Sendable {
    /// How a file is opened.
    enum Opening: Sendable, Equatable {
        case reading
        /// An existing file that is not replaced: a device, a pipe.
        case writing
        /// A new file with these permissions (less the umask); it must not exist, not even as a link.
        case creating(mode: UInt32)
    }

    var open: @Sendable (_ path: String, Opening) throws(SystemError) -> Int32
    var close: @Sendable (_ descriptor: Int32) throws(SystemError) -> Void
    /// Bytes read; 0 at the end.
    var read: @Sendable (_ descriptor: Int32, UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
    /// Bytes written; may be fewer than given.
    var write: @Sendable (_ descriptor: Int32, UnsafeRawBufferPointer) throws(SystemError) -> Int
    /// Follows links.
    var status: @Sendable (_ path: String) throws(SystemError) -> FileStatus
    /// Of the link itself where the path is one.
    var linkStatus: @Sendable (_ path: String) throws(SystemError) -> FileStatus
    var openStatus: @Sendable (_ descriptor: Int32) throws(SystemError) -> FileStatus
    /// Where a link points to, as it is written in the link.
    var linkTarget: @Sendable (_ path: String) throws(SystemError) -> String
    /// Names in a folder without `.` and `..`, in no order.
    var names: @Sendable (_ folder: String) throws(SystemError) -> [String]
    var setMode: @Sendable (_ descriptor: Int32, _ mode: UInt32) throws(SystemError) -> Void
    var setOwner: @Sendable (_ descriptor: Int32, _ owner: UInt32, _ group: UInt32) throws(SystemError) -> Void
    /// Returns when the file's bytes, or a folder's names, are on the disk.
    var synchronize: @Sendable (_ descriptor: Int32) throws(SystemError) -> Void
    var rename: @Sendable (_ from: String, _ to: String) throws(SystemError) -> Void
    var remove: @Sendable (_ path: String) throws(SystemError) -> Void
    /// A number that nobody can guess, for the names of temporary files.
    var random: @Sendable () -> UInt64
}

extension FileSystem {
    /// The operating system's.
    static let system = FileSystem(
        open: { path, opening throws(SystemError) in
            try SystemCall.result {
                switch opening {
                case .reading: SystemCall.open(path, O_RDONLY | O_CLOEXEC, 0)
                case .writing: SystemCall.open(path, O_WRONLY | O_CLOEXEC, 0)
                case .creating(let mode):
                    SystemCall.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
                }
            }
        },
        close: { descriptor throws(SystemError) in
            // Not repeated after EINTR: the descriptor is closed, and its number may belong to another file by then.
            if SystemCall.close(descriptor) != 0, errno != EINTR { throw .last }
        },
        read: { descriptor, buffer throws(SystemError) in
            try SystemCall.whenReady(descriptor, POLLIN) { SystemCall.read(descriptor, buffer) }
        },
        write: { descriptor, buffer throws(SystemError) in
            try SystemCall.whenReady(descriptor, POLLOUT) { SystemCall.write(descriptor, buffer) }
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
        names: { folder throws(SystemError) in try SystemCall.names(in: folder) },
        setMode: { descriptor, mode throws(SystemError) in
            try SystemCall.result { fchmod(descriptor, mode_t(mode)) }
        },
        setOwner: { descriptor, owner, group throws(SystemError) in
            try SystemCall.result { fchown(descriptor, owner, group) }
        },
        synchronize: { descriptor throws(SystemError) in try SystemCall.result { fsync(descriptor) } },
        rename: { from, to throws(SystemError) in try SystemCall.result { SystemCall.rename(from, to) } },
        remove: { path throws(SystemError) in try SystemCall.result { unlink(path) } },
        random: { UInt64.random(in: .min ... .max) }
    )
}

/// The C library's calls, with errors thrown and interruptions repeated.
///
/// Some have names that the seam has as well, hence the namespace.
private enum SystemCall {
    @discardableResult
    static func result<Number: SignedInteger>(_ call: () -> Number) throws(SystemError) -> Number {
        while true {
            let result = call()
            if result >= 0 { return result }
            if errno != EINTR { throw .last }
        }
    }

    /// Waits where a pipe or terminal that somebody made non-blocking is not ready.
    static func whenReady(_ descriptor: Int32, _ event: Int32, _ call: () -> Int) throws(SystemError) -> Int {
        while true {
            do throws(SystemError) {
                return try result(call)
            } catch  where error.number == EAGAIN || error.number == EWOULDBLOCK {
                var waiting = pollfd(fd: descriptor, events: Int16(event), revents: 0)
                try result { poll(&waiting, 1, -1) }
            }
        }
    }

    static func names(in folder: String) throws(SystemError) -> [String] {
        guard let stream = opendir(folder) else { throw .last }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw .last }
                return names
            }
            // The name is read where it lies: a copy of the entry would read behind the end of a short record.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
            let name = String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
    }

    #if canImport(Glibc)
        static func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { Glibc.open(path, flags, mode) }
        static func close(_ descriptor: Int32) -> Int32 { Glibc.close(descriptor) }
        static func rename(_ from: String, _ to: String) -> Int32 { Glibc.rename(from, to) }
        static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        }
        static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
            Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        }
    #elseif canImport(Musl)
        static func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { Musl.open(path, flags, mode) }
        static func close(_ descriptor: Int32) -> Int32 { Musl.close(descriptor) }
        static func rename(_ from: String, _ to: String) -> Int32 { Musl.rename(from, to) }
        static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
            Musl.read(descriptor, buffer.baseAddress, buffer.count)
        }
        static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
            Musl.write(descriptor, buffer.baseAddress, buffer.count)
        }
    #else
        static func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { Darwin.open(path, flags, mode) }
        static func close(_ descriptor: Int32) -> Int32 { Darwin.close(descriptor) }
        static func rename(_ from: String, _ to: String) -> Int32 { Darwin.rename(from, to) }
        static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
            Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        }
        static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
            Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        }
    #endif
}

extension FileStatus {
    fileprivate init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        size = Int(status.st_size)
        mode = UInt32(status.st_mode & 0o7777)
        owner = UInt32(status.st_uid)
        group = UInt32(status.st_gid)
    }
}

extension FileSystem {
    /// Writes all bytes, in as many calls as it takes.
    func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
            // A device that takes nothing without an error would keep us here for ever.
            if count == 0 { throw SystemError(number: EIO) }
            rest = rest.dropFirst(count)
        }
    }

    func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(SystemError) in try writeAll(buffer, to: descriptor) }
        }
        try result.get()
    }

    /// Reads to the end.
    func readAll(from descriptor: Int32, expecting size: Int) throws(SystemError) -> [UInt8] {
        // One byte more than expected, so that the read that fills the size does not make the array grow.
        var bytes = [UInt8](repeating: 0, count: max(size + 1, 16 * 1024))
        var count = 0
        while true {
            if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
            let read = bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(SystemError) in
                    try self.read(descriptor, UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
                }
            }
            let length = try read.get()
            if length == 0 { break }
            count += length
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
