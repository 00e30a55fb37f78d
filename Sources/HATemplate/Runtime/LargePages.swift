#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Asks the system to give large stretches of memory in large pages.
///
/// Memory is handed out when it is touched first, a page of 4 KiB at a time; for a large file that takes as long as
/// filling it. It is advice: where the system has no large pages, nothing changes.
package enum LargePages {
    /// Several of the usual large pages of 2 MiB, so that little of the last one is wasted.
    private static var smallestStretch: Int { 4 << 20 }

    /// Advises for a stretch that is about to be filled.
    package static func advise(_ start: UnsafeMutableRawPointer?, count: Int) {
        #if os(Linux)
            guard let start, count >= smallestStretch else { return }
            // The whole of a mapping, so that its pages stay of one kind: the C library moves no others.
            let page = max(Int(getpagesize()), 1)
            let before = Int(bitPattern: start) % page
            let length = (before + count + page - 1) / page * page
            madvise(start - before, length, MADV_HUGEPAGE)
        #endif
    }
}
