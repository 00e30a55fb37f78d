// What the rules across services compare: keys that point into the document, so that no text is copied.

/// The first to claim each key.
struct FirstPlaces<Key: Hashable> {
    private var claimed: [Key: Int]

    init(expecting count: Int) {
        claimed = Dictionary(minimumCapacity: count)
    }

    /// Claims a key; returns who claimed it before, if anyone did.
    mutating func claim(_ key: Key, for index: Int) -> Int? {
        let unclaimed = -1
        func claim(_ slot: inout Int) -> Int? {
            guard slot == unclaimed else { return slot }
            slot = index
            return nil
        }
        return claim(&claimed[key, default: unclaimed])
    }
}

/// A text.
struct ByteKey: Hashable {
    let bytes: Bytes

    static func == (left: ByteKey, right: ByteKey) -> Bool { left.bytes.elementsEqual(right.bytes) }

    func hash(into hasher: inout Hasher) { hasher.combine(bytes: UnsafeRawBufferPointer(bytes)) }
}

/// An Id, equal to every Id that gives the proxy the same name.
struct NameKey: Hashable {
    let bytes: Bytes

    static func == (left: NameKey, right: NameKey) -> Bool {
        var (leftOffset, rightOffset) = (0, 0)
        while let leftByte = next(left.bytes, &leftOffset) {
            guard leftByte == next(right.bytes, &rightOffset) else { return false }
        }
        return next(right.bytes, &rightOffset) == nil
    }

    /// The next byte of the name that an Id gives (see `ServiceModel.proxyName`).
    @inline(__always)
    private static func next(_ bytes: Bytes, _ offset: inout Int) -> UInt8? {
        while offset < bytes.count {
            let byte = bytes[offset]
            offset &+= 1
            if byte & 0xC0 != 0x80 { return ServiceModel.isNameByte(byte) ? byte : UInt8(ascii: "_") }
        }
        return nil
    }

    func hash(into hasher: inout Hasher) {
        if bytes.allSatisfy(ServiceModel.isNameByte) {
            hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        } else {
            ServiceModel.proxyName(of: Array(bytes)).withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }
}

/// A domain, whose case does not count, and a path, whose case does.
struct RouteKey: Hashable {
    /// Empty for every domain.
    let domain: Bytes
    /// Empty stands for `/`.
    let path: Bytes

    private var isRoot: Bool { path.isEmpty || (path.count == 1 && path[0] == UInt8(ascii: "/")) }

    static func == (left: RouteKey, right: RouteKey) -> Bool {
        guard left.domain.count == right.domain.count else { return false }
        guard left.isRoot ? right.isRoot : left.path.elementsEqual(right.path) else { return false }
        return left.domain.indices.allSatisfy { lowercased(left.domain[$0]) == lowercased(right.domain[$0]) }
    }

    func hash(into hasher: inout Hasher) {
        withUnsafeTemporaryAllocation(byteCount: domain.count, alignment: 1) { lower in
            for index in domain.indices { lower[index] = lowercased(domain[index]) }
            hasher.combine(bytes: UnsafeRawBufferPointer(lower))
        }
        if !isRoot { hasher.combine(bytes: UnsafeRawBufferPointer(path)) }
    }
}

@inline(__always)
private func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
}
