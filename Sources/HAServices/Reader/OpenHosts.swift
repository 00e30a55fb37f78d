import HATemplate

/// The hosts of a service that is being read: the fields of their records, one host after the other.
struct OpenHosts: ~Copyable {
    private let absent: [Value]
    private let slots: Int
    private var fields: UnsafeMutablePointer<Value>
    private var capacity = 64
    /// Where each host was written, as the `origin` of its record.
    private(set) var origins: [UInt32] = []
    /// Indices of hosts whose Port is the service's.
    private(set) var withoutPort: [Int] = []
    /// The Ids of hosts that have one.
    private(set) var ids: [Value] = []

    /// `absent` holds one value a slot.
    init(absent: [Value]) {
        self.absent = absent
        slots = absent.count
        fields = .allocate(capacity: capacity * slots)
    }

    deinit {
        fields.deallocate()
    }

    /// Forgets all hosts.
    mutating func removeAll() {
        origins.removeAll(keepingCapacity: true)
        withoutPort.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
    }

    /// Room for the fields of one more host, all absent; nothing is kept of it until `keep`.
    @inline(__always)
    mutating func begin() -> UnsafeMutablePointer<Value> {
        if origins.count == capacity { grow() }
        let start = fields + origins.count &* slots
        absent.withUnsafeBufferPointer { absent in
            for slot in 0..<slots { (start + slot).initialize(to: absent[slot]) }
        }
        return start
    }

    /// Keeps the host that `begin` made room for.
    @inline(__always)
    mutating func keep(origin: UInt32, hasFaultyPort: Bool = false) {
        let start = fields + origins.count &* slots
        if start[HostField.port.rawValue].asInt == 0, !hasFaultyPort { withoutPort.append(origins.count) }
        if start[HostField.id.rawValue].count > 0 { ids.append(start[HostField.id.rawValue]) }
        origins.append(origin)
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Value>.allocate(capacity: 2 * capacity * slots)
        larger.initialize(from: fields, count: capacity * slots)
        fields.deallocate()
        fields = larger
        capacity *= 2
    }

    /// The list of the hosts' records.
    func list(of shape: ShapeIndex, origin: UInt32, in builder: inout DocumentBuilder) -> Value {
        let fields = UnsafeBufferPointer(start: fields, count: origins.count * slots)
        return origins.withUnsafeBufferPointer { origins in
            builder.appendRecords(shape, fields: fields, origins: origins, origin: origin)
        }
    }
}
