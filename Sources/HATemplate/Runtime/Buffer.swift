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

    /// A copy of an array.
    init(_ elements: [Element]) {
        self.init(capacity: elements.count)
        append(elements)
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
        LargePages.advise(resized, count: size)
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

    /// Makes room for `room` elements and lets `body` write some of them; `body` returns how many it has written.
    @inline(__always)
    fileprivate mutating func append(room: Int, _ body: (UnsafeMutablePointer<Element>) -> Int) {
        if room > capacity &- count { grow(by: room) }
        count &+= body(base + count)
    }
}

// The memory has one owner, as a buffer is never copied.
extension Buffer: @unchecked Sendable {}

/// The output of a render, and text made on the way.
public typealias ByteBuffer = Buffer<UInt8>

extension Buffer where Element == UInt8 {
    /// How many bytes `append(wide:count:)` reads and writes.
    static var wide: Int { 32 }

    /// Appends `added` bytes, at most 32, of a stretch of which 32 bytes may be read: a copy without a decision.
    @inline(__always)
    mutating func append(wide start: UnsafeRawPointer, count added: Int) {
        append(room: Self.wide) { target in
            let target = UnsafeMutableRawPointer(target)
            target.storeBytes(of: start.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
            target.storeBytes(
                of: start.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self), toByteOffset: 16,
                as: SIMD16<UInt8>.self)
            return added
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

    /// Decimal digits of an integer, two at a time from the last.
    mutating func append(decimal value: Int) {
        append(room: 20) { start in
            var magnitude = value.magnitude
            let length = Self.digitCount(magnitude) &+ (value < 0 ? 1 : 0)
            start.pointee = UInt8(ascii: "-")
            var cursor = UnsafeMutableRawPointer(start) + length
            while magnitude >= 10 {
                let (quotient, rest) = magnitude.quotientAndRemainder(dividingBy: 100)
                let tens = (rest &* 103) &>> 10  // rest / 10, for less than 100
                let digits = 0x3030 &+ tens &+ ((rest &- 10 &* tens) &<< 8)
                cursor -= 2
                cursor.storeBytes(of: UInt16(truncatingIfNeeded: digits).littleEndian, as: UInt16.self)
                magnitude = quotient
            }
            // An odd digit is left, or nothing.
            if cursor > UnsafeMutableRawPointer(start) + (value < 0 ? 1 : 0) {
                start[value < 0 ? 1 : 0] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude)
            }
            return length
        }
    }

    @inline(__always)
    private static func digitCount(_ magnitude: UInt) -> Int {
        if magnitude < 10 { return 1 }
        if magnitude < 100 { return 2 }
        if magnitude < 1000 { return 3 }
        var digits = 4
        var rest = magnitude / 10000
        while rest > 0 {
            rest /= 10
            digits &+= 1
        }
        return digits
    }
}
