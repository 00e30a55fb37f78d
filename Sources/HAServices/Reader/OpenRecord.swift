import HATemplate

/// A record while its object is being read: the values so far, and which keys stood there.
struct OpenRecord: ~Copyable {
    /// One value a slot: what an absent field holds, until something is read.
    let fields: UnsafeMutableBufferPointer<Value>
    private let absent: [Value]
    private let keyRanges: UnsafeMutableBufferPointer<Range<Int>>
    private var present: FieldSet = []
    /// Whether a key stood there that people put around a list of services.
    var hasWrapperKey = false
    /// Fields that hold a mistake, which must not cause further ones.
    private(set) var faulty: FieldSet = []

    /// `absent` holds one value a slot.
    init(absent: [Value]) {
        self.absent = absent
        fields = .allocate(capacity: absent.count)
        _ = fields.initialize(from: absent)
        keyRanges = .allocate(capacity: absent.count)
        keyRanges.initialize(repeating: 0..<0)
    }

    deinit {
        fields.deallocate()
        keyRanges.deallocate()
    }

    /// Forgets the last object.
    mutating func begin() {
        absent.withUnsafeBufferPointer { _ = fields.update(fromContentsOf: $0) }
        present = []
        hasWrapperKey = false
        faulty = []
    }

    /// Whether the object is no service but stands around some.
    var isWrapper: Bool { hasWrapperKey && present.isEmpty }

    /// Notes that a key stands at `range`; returns where the same field stood before, if it did.
    mutating func claim(_ slot: Int, at range: Range<Int>) -> Range<Int>? {
        guard !present.contains(slot) else { return keyRanges[slot] }
        present.insert(slot)
        keyRanges[slot] = range
        return nil
    }

    /// Whether a key of a field stood in the object already.
    func isPresent(_ slot: Int) -> Bool { present.contains(slot) }

    /// Where the key of a field stands; empty when it is absent.
    func keyRange(_ slot: Int) -> Range<Int> { present.contains(slot) ? keyRanges[slot] : 0..<0 }

    mutating func set(_ slot: Int, _ value: Value) {
        fields[slot] = value
    }

    /// Makes a field absent again.
    mutating func reset(_ slot: Int) {
        fields[slot] = absent[slot]
    }

    mutating func markFaulty(_ slot: Int) {
        faulty.insert(slot)
    }
}

/// A set of slots below 32.
struct FieldSet: OptionSet {
    var rawValue: UInt32

    @inline(__always)
    func contains(_ slot: Int) -> Bool { rawValue >> UInt32(truncatingIfNeeded: slot) & 1 == 1 }

    @inline(__always)
    mutating func insert(_ slot: Int) { rawValue |= 1 << UInt32(truncatingIfNeeded: slot) }

    init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The slots of some fields.
    init(of fields: ServiceField...) {
        rawValue = 0
        for field in fields { insert(field.rawValue) }
    }
}
