/// The C library's calls, with errors thrown and interruptions repeated.
///
/// Some have names that the seam has as well, hence the namespace.
enum SystemCall {
    @discardableResult
    static func result<Number: SignedInteger>(_ call: () -> Number) throws(SystemError) -> Number {
        while true {
            let result = call()
            if result >= 0 { return result }
            if errno != EINTR { throw .last }
        }
    }

    /// The same without repeating it after an interruption.
    static func once(_ call: () -> Int32) throws(SystemError) {
        if call() < 0 { throw .last }
    }

    /// Waits where a pipe or terminal that was made non-blocking is not ready.
    static func whenReady(_ descriptor: Int32, _ event: Int32, _ call: () -> Int) throws(SystemError) -> Int {
        while true {
            do throws(SystemError) {
                return try result(call)
            } catch  where error.number == EAGAIN || error.number == EWOULDBLOCK {
                var waiting = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: event), revents: 0)
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
            // The name is read where it lies: a copy of the entry would read after the end of a short record.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
            let name = String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
    }
}

extension FileStatus {
    init(_ status: stat) {
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
        modified = CLibrary.modified(status)
        changed = CLibrary.changed(status)
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
        links = UInt64(truncatingIfNeeded: status.st_nlink)
    }
}
