// The one place of this library that knows which C library there is.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What is taken from the C library.
enum CFunctions {
    /// Memory of another size with the same bytes, as far as they fit. As Swift's arrays end without memory, so does
    /// this.
    static func resize(_ memory: UnsafeMutableRawPointer?, to size: Int) -> UnsafeMutableRawPointer {
        guard let resized = realloc(memory, size) else { abort() }
        return resized
    }

    static func release(_ memory: UnsafeMutableRawPointer?) { free(memory) }

    static func exponential(_ x: Double) -> Double { exp(x) }

    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

    /// `x · 2^exponent`
    static func scaled(_ x: Double, by exponent: Int32) -> Double { ldexp(x, exponent) }

    /// A fraction from ½ up to 1 and the power of two that it is multiplied by.
    static func split(_ x: Double) -> (fraction: Double, exponent: Int32) {
        var exponent: Int32 = 0
        let fraction = frexp(x, &exponent)
        return (fraction, exponent)
    }
}

/// Large ranges of memory, in large pages where the system has them.
///
/// Memory is handed out when it is touched first, a page of 4 KiB at a time; for a large file that takes as long as
/// filling it.
package enum LargeMemory {
    /// Addresses for a range that may grow to 16 times its size, so that growing neither copies nor touches
    /// anything. Addresses cost nothing until they are used. Nil for small ranges, and where the system has none.
    static func reserve(_ size: Int) -> UnsafeMutableRawBufferPointer? {
        #if os(Linux)
            guard size >= 1 << 20, size < 1 << 40 else { return nil }
            let start = mmap(
                nil, size * 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
            guard let start, start != MAP_FAILED else { return nil }
            madvise(start, size * 16, MADV_HUGEPAGE)
            return UnsafeMutableRawBufferPointer(start: start, count: size * 16)
        #else
            return nil
        #endif
    }

    /// Gives back what `reserve` gave.
    static func release(_ range: UnsafeMutableRawBufferPointer) {
        #if os(Linux)
            munmap(range.baseAddress, range.count)
        #endif
    }

    /// Asks for large pages for memory of the C library that is about to be filled. It is advice: where there are none,
    /// nothing changes.
    package static func advise(_ start: UnsafeMutableRawPointer?, count: Int) {
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
