// What the rules across services compare: keys that point into the document, so that no text is copied.

/// A key of a rule.
protocol RuleKey: Equatable {
    /// Equal keys hash alike; other seeds give other hashes, so that services that collide cannot be written.
    func hash(seed: UInt64) -> UInt64
}

/// The first to claim each key: a hash table that only grows.
struct FirstPlaces<Key: RuleKey> {
    private var claims: [(key: Key, owner: Int)] = []
    /// Number of a claim plus one in the lower half, the upper half of its hash in the upper; 0 is free. A power of
    /// two, at most half of it taken.
    private var slots: [UInt64]
    private let seed: UInt64

    init(expecting count: Int) {
        var size = 16
        while size < 2 * count { size *= 2 }
        slots = Array(repeating: 0, count: size)
        seed = UInt64(truncatingIfNeeded: Hasher().finalize())  // drawn anew by every process
        claims.reserveCapacity(count)
    }

    /// Claims a key; returns who claimed it before, if anyone did.
    mutating func claim(_ key: Key, for owner: Int) -> Int? {
        let hash = key.hash(seed: seed)
        let (place, before) = find(key, hash)
        if let before { return before }
        claims.append((key, owner))
        slots[place] = (hash & ~0xFFFF_FFFF) | UInt64(truncatingIfNeeded: claims.count)
        if 2 * claims.count > slots.count { grow() }
        return nil
    }

    /// Who claimed a key, if anyone did.
    func owner(of key: Key) -> Int? {
        find(key, key.hash(seed: seed)).owner
    }

    /// Where a key stands and who claimed it, or the free place for it.
    @inline(__always)
    private func find(_ key: Key, _ hash: UInt64) -> (place: Int, owner: Int?) {
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[place] != 0 {
            if slots[place] >> 32 == hash >> 32 {
                let claim = claims[Int(truncatingIfNeeded: slots[place] & 0xFFFF_FFFF) - 1]
                if claim.key == key { return (place, claim.owner) }
            }
            place = (place + 1) & (slots.count - 1)
        }
        return (place, nil)
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: 2 * slots.count)
        for (index, claim) in claims.enumerated() {
            let hash = claim.key.hash(seed: seed)
            var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[place] != 0 { place = (place + 1) & (slots.count - 1) }
            slots[place] = (hash & ~0xFFFF_FFFF) | UInt64(truncatingIfNeeded: index + 1)
        }
    }
}

/// Mixes eight bytes into a hash: the product of both, folded.
@inline(__always)
private func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
}

/// The hash of some bytes after `change` was applied to each eight of them.
@inline(__always)
private func hash(_ bytes: Bytes, seed: UInt64, _ change: (UInt64) -> UInt64 = { $0 }) -> UInt64 {
    let raw = UnsafeRawBufferPointer(bytes)
    var result = mix(seed, UInt64(truncatingIfNeeded: bytes.count))
    var offset = 0
    while bytes.count - offset >= 8 {
        result = mix(result, change(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        offset += 8
    }
    var rest: UInt64 = 0
    while offset < bytes.count {
        rest = rest << 8 | UInt64(bytes[offset])
        offset += 1
    }
    return mix(mix(result, change(rest)), seed)
}

/// A port of a transport.
extension Int: RuleKey {
    func hash(seed: UInt64) -> UInt64 { mix(mix(seed, UInt64(truncatingIfNeeded: self)), seed) }
}

/// A text.
struct ByteKey: RuleKey {
    let bytes: Bytes

    static func == (left: ByteKey, right: ByteKey) -> Bool { left.bytes.elementsEqual(right.bytes) }

    func hash(seed: UInt64) -> UInt64 { HAServices.hash(bytes, seed: seed) }
}

/// An address without the case of its letters, and a port.
struct HostKey: RuleKey {
    let ip: Bytes
    let port: Int

    static func == (left: HostKey, right: HostKey) -> Bool {
        left.port == right.port && left.ip.count == right.ip.count
            && left.ip.indices.allSatisfy { lowercased(left.ip[$0]) == lowercased(right.ip[$0]) }
    }

    func hash(seed: UInt64) -> UInt64 {
        HAServices.hash(ip, seed: mix(seed, UInt64(truncatingIfNeeded: port))) { $0 | 0x2020_2020_2020_2020 }
    }
}

/// An Id, equal to every Id that gives the proxy the same name.
struct NameKey: RuleKey {
    let bytes: Bytes

    static func == (left: NameKey, right: NameKey) -> Bool {
        left.bytes.elementsEqual(right.bytes)
            || ServiceModel.proxyName(of: Array(left.bytes)) == ServiceModel.proxyName(of: Array(right.bytes))
    }

    func hash(seed: UInt64) -> UInt64 {
        if bytes.allSatisfy(ServiceModel.isNameByte) { return HAServices.hash(bytes, seed: seed) }
        return ServiceModel.proxyName(of: Array(bytes)).withUnsafeBufferPointer { HAServices.hash($0, seed: seed) }
    }
}

/// A domain, whose case does not count, and a path, whose case does and whose outer slashes do not (see
/// `ServiceModel.normalPath`).
struct RouteKey: RuleKey {
    /// Empty for every domain.
    let domain: Bytes
    /// Without the slashes around it.
    private let path: Bytes

    init(domain: Bytes, path: Bytes) {
        self.domain = domain
        var range = path.indices
        while let first = range.first, path[first] == UInt8(ascii: "/") { range.removeFirst() }
        while let last = range.last, path[last] == UInt8(ascii: "/") { range.removeLast() }
        self.path = Bytes(rebasing: path[range])
    }

    static func == (left: RouteKey, right: RouteKey) -> Bool {
        guard left.domain.count == right.domain.count, left.path.elementsEqual(right.path) else { return false }
        return left.domain.indices.allSatisfy { lowercased(left.domain[$0]) == lowercased(right.domain[$0]) }
    }

    func hash(seed: UInt64) -> UInt64 {
        // Both cases of a letter become one, and some other characters too, which costs a comparison at worst.
        let domainHash = HAServices.hash(domain, seed: seed) { $0 | 0x2020_2020_2020_2020 }
        return path.isEmpty ? domainHash : HAServices.hash(path, seed: domainHash)
    }
}

@inline(__always)
private func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
}
