/// A growing array of plain values that holds its memory itself, so that appending is a comparison and a copy.
public struct Buffer<Element: BitwiseCopyable>: ~Copyable {
    private(set) var base: UnsafeMutablePointer<Element>
    public private(set) var count: Int
    private var capacity: Int
    /// Where the elements are when they are many; else the C library has the memory.
    private var reserved: UnsafeMutableRawBufferPointer?

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
        releaseMemory()
    }

    /// Memory of the C library of another size with the same elements.
    private static func resize(
        _ memory: UnsafeMutablePointer<Element>?, capacity: Int
    ) -> UnsafeMutablePointer<Element> {
        let (size, overflow) = capacity.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        return CFunctions.resize(memory, to: overflow ? .max : size).bindMemory(to: Element.self, capacity: capacity)
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

    /// The last element; nil when there is none.
    var last: Element? { count > 0 ? base[count &- 1] : nil }

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

    /// Where in this buffer a range lies, if it is a part of it.
    func offset(of range: UnsafeBufferPointer<Element>) -> Int? {
        guard let start = range.baseAddress else { return nil }
        let first = UnsafePointer(base)
        guard start >= first, start + range.count <= first + count else { return nil }
        return start - first
    }

    /// Forgets what was written after `count` elements.
    mutating func truncate(to newCount: Int) {
        count = min(count, max(0, newCount))
    }

    @inline(never)
    private mutating func grow(by added: Int) {
        let wanted = max(count + added, capacity + capacity / 2, 64)
        let (size, overflow) = wanted.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        if !overflow, let larger = LargeMemory.reserve(size), let start = larger.baseAddress {
            let room = larger.count / MemoryLayout<Element>.stride
            move(to: start.bindMemory(to: Element.self, capacity: room), capacity: room, reserved: larger)
        } else if reserved == nil {
            base = Self.resize(base, capacity: wanted)
            capacity = wanted
        } else {
            move(to: Self.resize(nil, capacity: wanted), capacity: wanted, reserved: nil)
        }
    }

    private mutating func move(
        to start: UnsafeMutablePointer<Element>, capacity: Int, reserved: UnsafeMutableRawBufferPointer?
    ) {
        start.update(from: base, count: count)
        releaseMemory()
        (base, self.capacity, self.reserved) = (start, capacity, reserved)
    }

    private func releaseMemory() {
        if let reserved { LargeMemory.release(reserved) } else { CFunctions.release(base) }
    }

    /// Makes room for `room` elements and lets `body` write some of them; `body` returns how many it has written.
    @inline(__always)
    fileprivate mutating func append(room: Int, _ body: (UnsafeMutablePointer<Element>) -> Int) {
        if room > capacity &- count { grow(by: room) }
        count &+= body(base + count)
    }
}

// A buffer is the only owner of its memory.
extension Buffer: @unchecked Sendable where Element: Sendable {}

/// The output of a render, and text made on the way.
public typealias ByteBuffer = Buffer<UInt8>

extension Buffer where Element == UInt8 {
    /// How many bytes `append(wide:count:)` reads and writes.
    static var wide: Int { 32 }

    /// Appends `added` bytes, at most 32, of a range of which 32 bytes may be read: a copy without a decision.
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

    /// Decimal digits of an integer.
    @inline(__always)
    mutating func append(decimal value: Int) {
        guard value >= 0, value < 100_000_000 else { return append(longDecimal: value) }
        append(room: 8) { start in
            let digits = eightDigits(UInt64(truncatingIfNeeded: value))
            // The last digit stays, also of zero.
            let zeros = min(digits.trailingZeroBitCount &>> 3, 7)
            let text = (digits | 0x3030_3030_3030_3030) &>> UInt64(truncatingIfNeeded: zeros &<< 3)
            UnsafeMutableRawPointer(start).storeBytes(of: text.littleEndian, as: UInt64.self)
            return 8 &- zeros
        }
    }

    @inline(never)
    private mutating func append(longDecimal value: Int) {
        append(String(value))
    }
}

/// The digits of a number below 100,000,000, one a byte, the first in the lowest byte.
///
/// The number is cut in halves, the halves at once again, and so on; a multiplication and a shift stand for each
/// division, exact for numbers of this size.
@inline(__always)
private func eightDigits(_ value: UInt64) -> UInt64 {
    let (high, low) = value.quotientAndRemainder(dividingBy: 10_000)
    let fours = high | (low &<< 32)
    let hundreds = ((fours &* 10_486) &>> 20) & 0x0000_007F_0000_007F
    let pairs = hundreds | ((fours &- hundreds &* 100) &<< 16)
    let tens = ((pairs &* 103) &>> 10) & 0x000F_000F_000F_000F
    return tens | ((pairs &- tens &* 10) &<< 8)
}
