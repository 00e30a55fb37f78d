// The one place that knows which C library there is. Whoever imports HASystem has it too.

#if canImport(Glibc)
    @_exported import Glibc
#elseif canImport(Musl)
    @_exported import Musl
#else
    @_exported import Darwin
#endif

/// What differs between the C libraries, and their functions under names that no method of ours has.
package enum CLibrary {
    #if canImport(Darwin)
        package typealias SpawnActions = posix_spawn_file_actions_t?
        package typealias SpawnAttributes = posix_spawnattr_t?

        package static func spawnActions() -> SpawnActions { nil }
        package static func spawnAttributes() -> SpawnAttributes { nil }
    #else
        package typealias SpawnActions = posix_spawn_file_actions_t
        package typealias SpawnAttributes = posix_spawnattr_t

        package static func spawnActions() -> SpawnActions { SpawnActions() }
        package static func spawnAttributes() -> SpawnAttributes { SpawnAttributes() }
    #endif

    /// Bytes that the system counts the peak of a process's memory in.
    package static var memoryUnit: Int {
        #if canImport(Darwin)
            1
        #else
            1024
        #endif
    }

    package static func openFile(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { open(path, flags, mode) }

    package static func closeFile(_ descriptor: Int32) -> Int32 { close(descriptor) }

    package static func renameFile(_ from: String, _ to: String) -> Int32 { rename(from, to) }

    static func pollDescriptors(
        _ polled: UnsafeMutablePointer<pollfd>, _ count: nfds_t, _ milliseconds: Int32
    ) -> Int32 {
        poll(polled, count, milliseconds)
    }

    package static func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        read(descriptor, buffer.baseAddress, buffer.count)
    }

    package static func writeBytes(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
        write(descriptor, buffer.baseAddress, buffer.count)
    }

    /// Seconds since 1970, UTC.
    static func modified(_ status: stat) -> Int {
        #if canImport(Darwin)
            Int(status.st_mtimespec.tv_sec)
        #else
            Int(status.st_mtim.tv_sec)
        #endif
    }

    /// Nanoseconds since 1970.
    static func changed(_ status: stat) -> Int64 {
        #if canImport(Darwin)
            let time = status.st_ctimespec
        #else
            let time = status.st_ctim
        #endif
        let (seconds, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : seconds &+ Int64(time.tv_nsec)
    }

    /// Eight digits for the machine's name and the space of process numbers.
    static let machine: String = {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        var space = [CChar](repeating: 0, count: 256)
        _ = readlink("/proc/self/ns/pid", &space, space.count - 1)
        // FNV-1a
        let hash = (name + space).reduce(UInt32(2_166_136_261)) { hash, byte in
            (hash ^ UInt32(UInt8(bitPattern: byte))) &* 16_777_619
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }()

    /// Asks for large pages for memory that is about to be filled. It is advice: where there are none, nothing changes.
    static func useLargePages(_ start: UnsafeMutableRawPointer?, count: Int) {
        #if os(Linux)
            // Several of the usual large pages of 2 MiB, so that little of the last one is wasted.
            guard let start, count >= 4 << 20 else { return }
            // The whole of a mapping, so that its pages stay of one kind: the C library moves no others.
            let page = max(Int(getpagesize()), 1)
            let before = Int(bitPattern: start) % page
            let length = (before + count + page - 1) / page * page
            madvise(start - before, length, MADV_HUGEPAGE)
        #endif
    }
}

/// A thread of the C library's. It is joined or detached once.
struct ThreadHandle: Sendable {
    #if canImport(Darwin)
        private let number: UInt
        private var handle: pthread_t? { pthread_t(bitPattern: number) }
    #else
        private let handle: pthread_t
    #endif

    /// What a thread runs.
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Starts it; nil when the system refuses one.
    init?(_ attributes: inout pthread_attr_t, _ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run))
        #if canImport(Darwin)
            var thread: pthread_t?
            let status = pthread_create(&thread, &attributes, { Self.start($0) }, body.toOpaque())
            number = UInt(bitPattern: thread)
        #else
            var thread = pthread_t()
            let status = pthread_create(&thread, &attributes, { Self.start($0) }, body.toOpaque())
            handle = thread
        #endif
        guard status == 0 else {
            body.release()
            return nil
        }
    }

    private static func start(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
    }

    func join() {
        #if canImport(Darwin)
            guard let handle else { return }
        #endif
        pthread_join(handle, nil)
    }

    func detach() {
        #if canImport(Darwin)
            guard let handle else { return }
        #endif
        pthread_detach(handle)
    }
}
