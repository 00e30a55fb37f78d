import HATemplate

/// A table of Cosmos in DynamoDB: `{"Items": [{"serviceName": {"S": "app1"}, …}], "Count": 1, …}`.
///
/// Values stand there with their types (`S`, `N`, `L`, `M` …) or, as the document client gives them, without. Early
/// versions of Cosmos stored no port, but addresses with one.
struct TableScan: ~Copyable {
    /// Services are checked and kept as the candidates of a payload are.
    private var payload = PayloadScan()

    mutating func read(_ reader: inout ServiceReader, _ file: inout OpenFile) throws(JSONFault) {
        var values = JSONValueReader()
        let token = try file.cursor.next(file.text, &reader.builder)
        let root = try values.read(from: token, &file.cursor, file.text, &reader.builder)
        reader.mistakes.add(values.faults)
        _ = try file.cursor.next(file.text, &reader.builder)
        for item in items(of: root, reader) { readItem(item, &reader, file.text) }
    }

    /// Makes services of what was read.
    mutating func addServices(to reader: inout ServiceReader) {
        payload.checkIds(&reader)
        if reader.hasMistakes { return }
        let texts = MergeTexts(&reader.builder)
        for (index, candidate) in payload.candidates.enumerated() {
            let hosts = payload.containers[candidate.containers].map {
                MergedHost(stored: nil, id: $0.id, ip: $0.ip)
            }
            let change = MergeChange(stored: nil, candidate: index, hosts: hosts)
            reader.services.append(reader.apply(change, [], payload.candidates, texts))
        }
    }

    // MARK: Items

    /// The items of a scan (`Items`), of `get-item` (`Item`), of a bare list, or one bare item.
    private func items(of root: Value, _ reader: borrowing ServiceReader) -> [Value] {
        let root = plain(root, reader.builder)
        if root.kind == .list { return reader.builder.elements(of: root).map { item($0, reader.builder) } }
        for (key, value) in members(of: root, reader.builder) {
            switch String(decoding: reader.builder.bytes(of: key), as: UTF8.self) {
            case "Items":
                let list = plain(value, reader.builder)
                return reader.builder.elements(of: list).map { item($0, reader.builder) }
            case "Item": return [item(value, reader.builder)]
            default: continue
            }
        }
        return [item(root, reader.builder)]
    }

    /// An item, which `export-table-to-point-in-time` puts into an object of its own.
    private func item(_ value: Value, _ builder: borrowing DocumentBuilder) -> Value {
        let value = plain(value, builder)
        guard value.count == 1, let only = members(of: value, builder).first,
            builder.bytes(of: only.key).elementsEqual("Item".utf8)
        else { return value }
        return plain(only.value, builder)
    }

    private mutating func readItem(_ item: Value, _ reader: inout ServiceReader, _ text: Bytes) {
        let place = item.writtenRange ?? 0..<0
        guard item.kind == .map else {
            reader.mistakes.add(PayloadMistake.notAnEntry(of: "Items", JSONKind(item)), at: place)
            return
        }
        let firstContainer = payload.containers.count
        var addressPort: Value?
        payload.candidate.begin()
        for (key, value) in members(of: item, reader.builder) {
            let name = reader.shown(key, text)
            let value = plain(value, reader.builder)
            // When the row was written, which vogels adds.
            if name == "createdAt" || name == "updatedAt" || value.kind == .null { continue }
            guard let known = reader.withString(key, text, { PayloadCandidateKey.named($0) }) else {
                let near = nearest(to: name, in: PayloadCandidateKey.allCases.map(\.text))
                reader.mistakes.add(
                    PayloadMistake.unknownKey(name, of: .item, near: near), at: key.writtenRange ?? place)
                continue
            }
            switch known {
            case .port: readPort(value, &reader, text)
            case .containers: addressPort = readContainers(value, &reader, text)
            default: readText(known, value, &reader, text)
            }
        }
        let port = PayloadCandidateKey.port.rawValue
        if payload.candidate.fields[port].kind == .missing, let addressPort { payload.candidate.set(port, addressPort) }
        for key: PayloadCandidateKey in [.serviceName, .port, .predicate] {
            reader.require(key, of: payload.candidate, at: place)
        }
        payload.finish(
            containers: firstContainer..<payload.containers.count, origin: item.origin, &reader, text)
    }

    private mutating func readText(
        _ key: PayloadCandidateKey, _ value: Value, _ reader: inout ServiceReader, _ text: Bytes
    ) {
        let place = value.writtenRange ?? 0..<0
        guard value.kind == .string else {
            _ = reader.refuse(
                .notText(field: key.text, JSONKind(value)), key.rawValue, of: &payload.candidate, at: place)
            return
        }
        if let mistake = reader.characterMistake(.line, key.text, value, text) {
            _ = reader.refuse(mistake, key.rawValue, of: &payload.candidate, at: place)
        } else if value.count == 0, key == .serviceName || key == .predicate {
            _ = reader.refuse(
                PayloadMistake.empty(field: key.text), key.rawValue, of: &payload.candidate, at: place)
        } else {
            payload.candidate.set(key.rawValue, value)
        }
    }

    /// DynamoDB writes numbers as text.
    private mutating func readPort(_ value: Value, _ reader: inout ServiceReader, _ text: Bytes) {
        let slot = PayloadCandidateKey.port.rawValue
        let place = value.writtenRange ?? 0..<0
        var number: Int?
        if value.kind == .int { number = value.asInt }
        if value.kind == .string { number = PayloadText.number(reader.shown(value, text)) }
        guard let number else {
            let mistake: PayloadMistake =
                value.kind == .string ? .badPort(reader.shown(value, text)) : .notAPort(JSONKind(value))
            _ = reader.refuse(mistake, slot, of: &payload.candidate, at: place)
            return
        }
        guard (1...65_535).contains(number) else {
            _ = reader.refuse(PayloadMistake.portOutOfRange(number), slot, of: &payload.candidate, at: place)
            return
        }
        payload.candidate.set(slot, .int(number).withOrigin(value.origin))
    }

    // MARK: Containers

    /// Reads the containers of an item; returns the port that an address has, if one does.
    private mutating func readContainers(
        _ list: Value, _ reader: inout ServiceReader, _ text: Bytes
    ) -> Value? {
        guard list.kind == .list else {
            reader.mistakes.add(
                PayloadMistake.notAList(field: "containers", JSONKind(list)), at: list.writtenRange ?? 0..<0)
            return nil
        }
        var port: Value?
        for element in reader.builder.elements(of: list) {
            let container = plain(element, reader.builder)
            guard container.kind == .map else {
                reader.mistakes.add(
                    PayloadMistake.notAnEntry(of: "containers", JSONKind(container)),
                    at: container.writtenRange ?? 0..<0)
                continue
            }
            port = readContainer(container, &reader, text) ?? port
        }
        return port
    }

    private mutating func readContainer(
        _ container: Value, _ reader: inout ServiceReader, _ text: Bytes
    ) -> Value? {
        var (id, ip, port): (Value?, Value?, Value?)
        for (key, value) in members(of: container, reader.builder) {
            let value = plain(value, reader.builder)
            let place = value.writtenRange ?? 0..<0
            let known = reader.withString(key, text) { PayloadContainerKey.named($0) }
            guard let known else {
                let mistake = PayloadMistake.unknownKey(reader.shown(key, text), of: .scanContainer, near: nil)
                reader.mistakes.add(mistake, at: key.writtenRange ?? place)
                continue
            }
            guard value.kind == .string, value.count > 0 else {
                reader.mistakes.add(.notText(field: known.text, JSONKind(value)), at: place)
                continue
            }
            switch known {
            case .id:
                id = value
                if let mistake = reader.idMistake(value, text) { reader.mistakes.add(mistake, at: place) }
            case .ip:
                (ip, port) = split(value, &reader, text)
                if let ip, let mistake = reader.addressMistake(ip, text) { reader.mistakes.add(mistake, at: place) }
            }
        }
        if let id, let ip {
            payload.containers.append(PayloadContainer(service: .missing, id: id, ip: ip))
        } else {
            let field = id == nil ? "id" : "ip"
            reader.mistakes.add(
                PayloadMistake.missing(field: field, of: .scanContainer), at: container.writtenRange ?? 0..<0)
        }
        return port
    }

    /// The two parts of `1.2.3.4:80`; other texts stay whole.
    private func split(_ ip: Value, _ reader: inout ServiceReader, _ text: Bytes) -> (Value, port: Value?) {
        guard case .withPort? = reader.withString(ip, text, { addressFault($0) }) else { return (ip, nil) }
        let parts = reader.shown(ip, text).split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let port = PayloadText.number(String(parts[1])), (1...65_535).contains(port) else {
            return (ip, nil)
        }
        let address = reader.builder.appendText(Array(parts[0].utf8), origin: ip.origin)
        return (address, .int(port).withOrigin(ip.origin))
    }

    // MARK: Values

    private func members(of map: Value, _ builder: borrowing DocumentBuilder) -> [(key: Value, value: Value)] {
        guard map.kind == .map else { return [] }
        let flat = builder.elements(of: map)
        return stride(from: flat.startIndex, to: flat.endIndex, by: 2).map { (flat[$0], flat[$0 + 1]) }
    }

    /// A value without DynamoDB's type around it: `{"S": "app1"}` is `app1`.
    private func plain(_ value: Value, _ builder: borrowing DocumentBuilder) -> Value {
        guard value.kind == .map, value.count == 1, let entry = members(of: value, builder).first else { return value }
        switch String(decoding: builder.bytes(of: entry.key), as: UTF8.self) {
        case "S", "N", "L", "M", "BOOL": return entry.value
        case "NULL": return .null
        default: return value
        }
    }
}

extension JSONKind {
    /// What stands in a file where a value was read.
    init(_ value: Value) {
        switch value.kind {
        case .map, .record: self = .object
        case .list: self = .array
        case .string: self = .string
        case .int: self = .integer
        case .float: self = .float
        case .bool: self = .bool
        case .null, .missing, .time: self = .null
        }
    }
}
