/// What happened in a folder that is watched.
package struct FolderEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Something with this name was written, came or went.
        case name(String)
        /// A name came up: a link, a folder, or a file that is about to be written.
        case created(String)
        /// Something happened, and nobody says what.
        case unknown
        /// The folder itself was moved, removed or unmounted: it is no longer watched.
        case gone
    }

    /// The number of the watch; nil: events were lost, so anything may have happened anywhere.
    package var watch: Int32?
    package var kind: Kind

    package init(_ watch: Int32?, _ kind: Kind) {
        self.watch = watch
        self.kind = kind
    }
}

/// The system's calls to watch folders, so that a test can make any single one fail.
///
/// A folder is watched and not its files: editors, git and Kubernetes replace files by renaming.
package struct FolderEventCalls: Sendable {
    /// What can be polled and read.
    package var open: @Sendable () throws(SystemError) -> Int32
    /// Watches a folder; the number of its watch. A folder that is watched already has the same number.
    package var add: @Sendable (_ descriptor: Int32, _ folder: String) throws(SystemError) -> Int32
    package var remove: @Sendable (_ descriptor: Int32, _ watch: Int32) -> Void
    /// What has happened; none where nothing has.
    package var read: @Sendable (_ descriptor: Int32) throws(SystemError) -> [FolderEvent]
    package var close: @Sendable (_ descriptor: Int32) -> Void
}

#if os(Linux)
    extension FolderEventCalls {
        /// inotify.
        package static let system = FolderEventCalls(
            open: { () throws(SystemError) in
                try SystemCall.result { inotify_init1(Int32(truncatingIfNeeded: IN_NONBLOCK | IN_CLOEXEC)) }
            },
            add: { descriptor, folder throws(SystemError) in
                let mask =
                    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
                    | IN_ATTRIB | Int32(truncatingIfNeeded: IN_ONLYDIR)
                return try SystemCall.result {
                    inotify_add_watch(descriptor, folder, UInt32(truncatingIfNeeded: mask))
                }
            },
            remove: { _ = inotify_rm_watch($0, $1) },
            read: { descriptor throws(SystemError) in FolderEvent.parse(try bytes(descriptor)) },
            close: { _ = CLibrary.closeFile($0) })

        private static func bytes(_ descriptor: Int32) throws(SystemError) -> [UInt8] {
            var all: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 64 << 10)
            // A burst may be longer than what one turn of the loop should take.
            while all.count < 4 << 20 {
                do throws(SystemError) {
                    let count = try SystemCall.result {
                        piece.withUnsafeMutableBytes { CLibrary.readBytes(descriptor, $0) }
                    }
                    if count == 0 { break }
                    all += piece.prefix(count)
                } catch  where error.number == EAGAIN {
                    break
                }
            }
            return all
        }
    }

    extension FolderEvent {
        /// Reads the kernel's records: watch (4 bytes), mask (4), cookie (4), length of the name (4), the name with NULs.
        static func parse(_ bytes: [UInt8]) -> [FolderEvent] {
            var events: [FolderEvent] = []
            var rest = bytes[...]
            while rest.count >= 16 {
                let words = (0..<4).map { word in
                    rest.dropFirst(4 * word).prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                }
                let length = Int(words[3])
                guard length <= rest.count - 16 else { break }
                let name = rest.dropFirst(16).prefix(length).prefix { $0 != 0 }
                rest = rest.dropFirst(16 + length)
                if let event = event(Int32(bitPattern: words[0]), mask: words[1], name: name) { events.append(event) }
            }
            return events
        }

        private static func event(_ watch: Int32, mask: UInt32, name: ArraySlice<UInt8>) -> FolderEvent? {
            func has(_ flags: Int32) -> Bool { mask & UInt32(bitPattern: flags) != 0 }
            if has(IN_Q_OVERFLOW) { return FolderEvent(nil, .unknown) }
            if has(IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT) { return FolderEvent(watch, .gone) }
            guard !name.isEmpty else { return has(IN_ATTRIB) ? nil : FolderEvent(watch, .unknown) }
            let text = String(decoding: name, as: UTF8.self)
            return FolderEvent(watch, has(IN_CREATE) ? .created(text) : .name(text))
        }
    }
#else
    extension FolderEventCalls {
        /// kqueue, which says that a folder changed, and not what in it: files that are written in place go unnoticed and
        /// are found by scanning.
        package static let system = FolderEventCalls(
            open: { () throws(SystemError) in try SystemCall.result { kqueue() } },
            add: { descriptor, folder throws(SystemError) in
                let watch = try SystemCall.result { CLibrary.openFile(folder, O_EVTONLY | O_CLOEXEC, 0) }
                var change = kevent(
                    ident: UInt(watch), filter: Int16(EVFILT_VNODE), flags: UInt16(EV_ADD | EV_CLEAR),
                    fflags: UInt32(NOTE_WRITE | NOTE_DELETE | NOTE_RENAME | NOTE_REVOKE), data: 0, udata: nil)
                try SystemCall.result { kevent(descriptor, &change, 1, nil, 0, nil) }
                return watch
            },
            remove: { _, watch in _ = CLibrary.closeFile(watch) },
            read: { descriptor throws(SystemError) in
                var found = [kevent](repeating: kevent(), count: 64)
                var none = timespec()
                let count = try SystemCall.result { kevent(descriptor, nil, 0, &found, 64, &none) }
                return found.prefix(Int(count)).map { event in
                    let isGone = event.fflags & UInt32(NOTE_DELETE | NOTE_RENAME | NOTE_REVOKE) != 0
                    return FolderEvent(Int32(truncatingIfNeeded: event.ident), isGone ? .gone : .unknown)
                }
            },
            close: { _ = CLibrary.closeFile($0) })
    }
#endif
