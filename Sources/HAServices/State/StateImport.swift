import HATemplate

/// Reads files that a table can be made of: service files, state files (whatever their digest says), and the scan of a
/// Cosmos table in DynamoDB, as `aws dynamodb scan` prints it.
package enum StateImport {
    package static func read(name: String, bytes: [UInt8]) throws(Diagnostics) -> Document {
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
        return try reader.finish()
    }

    private enum Shape {
        case services, state, scan
    }

    /// What a file holds, by the keys of its object. Whatever is broken is left to the readers.
    private static func shape(name: String, bytes: [UInt8]) -> Shape {
        var builder = DocumentBuilder()
        do {
            var scanner = try builder.addFile(name: name, bytes: bytes)
            guard try scanner.next(&builder) == .beginObject else { return .services }
            while try scanner.next(&builder) == .key {
                switch String(decoding: builder.bytes(of: scanner.value), as: UTF8.self).lowercased() {
                case "items": return .scan
                case "services": return .state
                default: try scanner.skipValue(&builder)
                }
            }
        } catch {
            return .services
        }
        return .services
    }

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
