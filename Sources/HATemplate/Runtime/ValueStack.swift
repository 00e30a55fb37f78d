/// The slots of all templates that are running, one frame after the other.
struct ValueStack: ~Copyable {
    private(set) var base: UnsafeMutablePointer<Value>
    private var capacity: Int

    init() {
        capacity = 256
        base = .allocate(capacity: capacity)
        base.initialize(repeating: .missing, count: capacity)
    }

    deinit {
        base.deallocate()
    }

    /// Makes sure that `count` slots exist; pointers into the stack end to be valid.
    mutating func reserve(_ count: Int) {
        guard count > capacity else { return }
        let wanted = max(count, capacity * 2)
        let larger = UnsafeMutablePointer<Value>.allocate(capacity: wanted)
        larger.update(from: base, count: capacity)
        (larger + capacity).initialize(repeating: .missing, count: wanted - capacity)
        base.deallocate()
        base = larger
        capacity = wanted
    }

    /// Forgets what former frames left the first `count` slots.
    mutating func clear(from count: Int) {
        guard count < capacity else { return }
        (base + count).update(repeating: .missing, count: capacity - count)
    }
}
