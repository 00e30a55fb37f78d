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

    package static func openFile(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { open(path, flags, mode) }

    package static func closeFile(_ descriptor: Int32) -> Int32 { close(descriptor) }

    package static func renameFile(_ from: String, _ to: String) -> Int32 { rename(from, to) }

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
