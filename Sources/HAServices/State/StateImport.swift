import HATemplate

/// Reads files that a table can be made of: service files, state files (whatever their digest says), and what AWS
/// prints of a Cosmos table in DynamoDB: a scan, a list of its items, or one item.
package enum StateImport {
    /// The services, and what of them has no effect.
    package static func read(
        name: String, bytes: [UInt8]
    ) throws(Diagnostics) -> (document: Document, warnings: [Diagnostic]) {
        var reader = ServiceReader()
        switch shape(name: name, bytes: bytes) {
        case .services:
            reader.addFile(name: name, bytes: bytes)
        case .state:
            reader.read(name: name, bytes: bytes) { (reader, file) throws(JSONFault) in
                try readState(&reader, &file)
            }
        case .scan:
            var scan = TableScan()
            reader.read(name: name, bytes: bytes) { (reader, file) throws(JSONFault) in
                try scan.read(&reader, &file)
            }
            scan.addServices(to: &reader)
        }
        var warnings: [Diagnostic] = []
        let document = try reader.finish(warnings: &warnings)
        return (document, warnings)
    }

    private enum Shape {
        case services, state, scan
    }

    /// What a file holds, by the keys of its object or of the first object in its list. Whatever is broken is left to
    /// the readers.
    private static func shape(name: String, bytes: [UInt8]) -> Shape {
        var builder = DocumentBuilder()
        do {
            var scanner = try builder.addFile(name: name, bytes: bytes)
            var isInList = false
            var token = try scanner.next(&builder)
            if token == .beginArray {
                isInList = true
                token = try scanner.next(&builder)
            }
            guard token == .beginObject else { return .services }
            while try scanner.next(&builder) == .key {
                let key = String(decoding: builder.bytes(of: scanner.value), as: UTF8.self).lowercased()
                switch key {
                case "items" where !isInList: return .scan
                case "services" where !isInList: return .state
                case "item", "m": return .scan
                case "id", "applicationprotocol", "hosts", "domains": return .services
                default:
                    if cosmosKeys.contains(key) { return .scan }
                    try scanner.skipValue(&builder)
                }
            }
        } catch {
            return .services
        }
        return .services
    }

    /// The keys that an item of Cosmos has and a service has not.
    private static let cosmosKeys: Set<String> = ["servicename", "predicate", "configmode", "containers"]

    /// The services of a state file that was changed by hand: header and digest do not count.
    private static func readState(_ reader: inout ServiceReader, _ file: inout OpenFile) throws(JSONFault) {
        var record = OpenRecord(absent: Array(repeating: .missing, count: StateKey.allCases.count))
        _ = try file.cursor.next(file.text, &reader.builder)
        while let key = try reader.nextKey(StateKey.self, &record, &file) {
            if key != .services {
                try reader.skipValue(&file.cursor, file.text)
            } else if try reader.beginList(key.text, key.rawValue, &record, &file) {
                try reader.readServices(&file)
            }
        }
        _ = try file.cursor.next(file.text, &reader.builder)
    }
}
