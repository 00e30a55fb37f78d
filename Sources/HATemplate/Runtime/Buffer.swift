#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A growing array of plain values that holds its memory itself, so that appending is a comparison and a copy.
public struct Buffer<Element: BitwiseCopyable>: ~Copyable {
    private(set) var base: UnsafeMutablePointer<Element>
    public private(set) var count: Int
    private var capacity: Int

    public init(capacity: Int = 256) {
        self.capacity = max(capacity, 16)
        base = Self.resize(nil, capacity: self.capacity)
        count = 0
    }

    deinit {
        free(base)
    }

    /// Memory of another size with the same elements.
    ///
    /// The C library moves large stretches by their page tables, so that growing neither copies the elements nor
    /// touches new memory for them: with allocate and copy, that took as long as rendering.
    private static func resize(
        _ memory: UnsafeMutablePointer<Element>?, capacity: Int
    ) -> UnsafeMutablePointer<Element> {
        let (size, overflow) = capacity.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard !overflow, let resized = realloc(memory, size) else { abort() }  // as Swift's arrays end without memory
        return resized.bindMemory(to: Element.self, capacity: capacity)
    }

    /// The elements written so far; valid until the next change.
    public func withElements<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeBufferPointer(start: base, count: count))
    }

    /// The element at an index, which must be less than the count.
    @inline(__always)
    subscript(index: Int) -> Element { base[index] }

    /// Lets `body` change the elements in place.
    mutating func withMutableElements<Result>(_ body: (UnsafeMutableBufferPointer<Element>) -> Result) -> Result {
        body(UnsafeMutableBufferPointer(start: base, count: count))
    }

    /// A copy of the elements.
    public var array: [Element] {
        withElements { Array($0) }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(by: 1) }
        base[count] = element
        count &+= 1
    }

    @inline(__always)
    mutating func append(_ start: UnsafePointer<Element>, count added: Int) {
        if added > capacity &- count { grow(by: added) }
        (base + count).update(from: start, count: added)
        count &+= added
    }

    mutating func append(_ elements: UnsafeBufferPointer<Element>) {
        guard let start = elements.baseAddress else { return }
        append(start, count: elements.count)
    }

    mutating func append(_ elements: [Element]) {
        elements.withUnsafeBufferPointer { append($0) }
    }

    mutating func append(_ elements: ArraySlice<Element>) {
        elements.withUnsafeBufferPointer { append($0) }
    }

    mutating func append(repeating element: Element, count added: Int) {
        guard added > 0 else { return }
        if added > capacity - count { grow(by: added) }
        (base + count).update(repeating: element, count: added)
        count += added
    }

    /// Where in this buffer a stretch lies, if it is a part of it.
    func offset(of stretch: UnsafeBufferPointer<Element>) -> Int? {
        guard let start = stretch.baseAddress else { return nil }
        let first = UnsafePointer(base)
        guard start >= first, start + stretch.count <= first + count else { return nil }
        return start - first
    }

    /// Forgets what was written after `count` elements.
    mutating func truncate(to newCount: Int) {
        count = min(count, max(0, newCount))
    }

    @inline(never)
    private mutating func grow(by added: Int) {
        let wanted = max(count + added, capacity + capacity / 2, 64)
        base = Self.resize(base, capacity: wanted)
        capacity = wanted
    }

    /// Makes room for `added` elements and lets `body` write them; `body` must write them all.
    @inline(__always)
    fileprivate mutating func appendUninitialized(count added: Int, _ body: (UnsafeMutablePointer<Element>) -> Void) {
        if added > capacity &- count { grow(by: added) }
        body(base + count)
        count &+= added
    }
}

// The memory has one owner, as a buffer is never copied.
extension Buffer: @unchecked Sendable {}

/// The output of a render, and text made on the way.
public typealias ByteBuffer = Buffer<UInt8>

extension Buffer where Element == UInt8 {
    /// Appends a text of a few bytes, as most values are, without calling the C library.
    @inline(__always)
    mutating func append(short start: UnsafePointer<UInt8>, count added: Int) {
        guard added <= 16 else { return append(start, count: added) }
        appendUninitialized(count: added) { target in
            let source = UnsafeRawPointer(start)
            let target = UnsafeMutableRawPointer(target)
            if added >= 8 {
                // Two words that overlap in the middle cover 8 to 16 bytes.
                let first = source.loadUnaligned(as: UInt64.self)
                let last = source.loadUnaligned(fromByteOffset: added &- 8, as: UInt64.self)
                target.storeBytes(of: first, as: UInt64.self)
                target.storeBytes(of: last, toByteOffset: added &- 8, as: UInt64.self)
            } else if added >= 4 {
                let first = source.loadUnaligned(as: UInt32.self)
                let last = source.loadUnaligned(fromByteOffset: added &- 4, as: UInt32.self)
                target.storeBytes(of: first, as: UInt32.self)
                target.storeBytes(of: last, toByteOffset: added &- 4, as: UInt32.self)
            } else {
                var index = 0
                while index < added {
                    target.storeBytes(
                        of: source.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index, as: UInt8.self)
                    index &+= 1
                }
            }
        }
    }

    mutating func append(_ text: StaticString) {
        append(text.utf8Start, count: text.utf8CodeUnitCount)
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(byte) }
    }

    /// Decimal digits of an integer.
    mutating func append(decimal value: Int) {
        var magnitude = value.magnitude
        let length = Self.digitCount(magnitude) + (value < 0 ? 1 : 0)
        appendUninitialized(count: length) { start in
            var cursor = start + length
            repeat {
                let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10)
                cursor -= 1
                cursor.pointee = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: remainder)
                magnitude = quotient
            } while magnitude > 0
            if value < 0 { start.pointee = UInt8(ascii: "-") }
        }
    }

    private static func digitCount(_ magnitude: UInt) -> Int {
        var digits = 1
        var rest = magnitude
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        return digits
    }
}
