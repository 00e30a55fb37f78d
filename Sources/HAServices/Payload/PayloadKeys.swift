import HATemplate

// The keys of a payload; the raw value of a case is its slot in the record that is being read.

/// Keys that belong to one kind of object.
protocol ObjectKey: RawRepresentable, CaseIterable where RawValue == Int {
    /// As Cosmos writes it.
    var name: StaticString { get }
    static var owner: PayloadMistake.Owner { get }
}

extension ObjectKey {
    /// The key that a text names, whatever its case; nil when it names none.
    @inline(__always)
    static func named(_ text: Bytes) -> Self? {
        for key in allCases where text.count == key.name.utf8CodeUnitCount {
            if equalIgnoringCase(text, key.name) { return key }
        }
        return nil
    }

    var text: String { String(describing: name) }
}

enum PayloadRootKey: Int, ObjectKey {
    case table, running, candidates

    var name: StaticString {
        switch self {
        case .table: "table"
        case .running: "running"
        case .candidates: "candidates"
        }
    }

    static let owner = PayloadMistake.Owner.payload
}

enum PayloadRunningKey: Int, ObjectKey {
    case serviceName, id, ip

    var name: StaticString {
        switch self {
        case .serviceName: "serviceName"
        case .id: "id"
        case .ip: "ip"
        }
    }

    static let owner = PayloadMistake.Owner.running
}

enum PayloadContainerKey: Int, ObjectKey {
    case id, ip

    var name: StaticString {
        switch self {
        case .id: "id"
        case .ip: "ip"
        }
    }

    static let owner = PayloadMistake.Owner.container
}

enum PayloadCandidateKey: Int, ObjectKey {
    case serviceName, port, configMode, predicate, cookie, containers

    var name: StaticString {
        switch self {
        case .serviceName: "serviceName"
        case .port: "port"
        case .configMode: "configMode"
        case .predicate: "predicate"
        case .cookie: "cookie"
        case .containers: "containers"
        }
    }

    static let owner = PayloadMistake.Owner.candidate
}

/// Whether two texts of one length are the same but for the case of their letters.
@inline(__always)
private func equalIgnoringCase(_ text: Bytes, _ name: StaticString) -> Bool {
    for index in text.indices {
        let (left, right) = (text[index], name.utf8Start[index])
        // Setting the bit makes one letter of both cases; other characters of a key do not meet there.
        if left != right, left | 0x20 != right | 0x20 || left < 0x40 { return false }
    }
    return true
}
