import HASystem
import HATemplate

/// Where a service stands in a file, and what distinguishes it from others.
package struct ServiceEntry: Sendable, Equatable {
    /// Empty where the file says none.
    package var id = ""
    /// Its text, braces included, in bytes of the file.
    package var range = 0..<0
    /// ServicePort, or Port when that is 0.
    package var listenPort: Int { servicePort != 0 ? servicePort : port }
    package var isHTTP = false
    package var isUDP = false
    fileprivate var port = 0
    fileprivate var servicePort = 0

    package init() {}
}

/// Finds the services of a file without judging them.
package enum ServiceIndex {
    /// The services of a file in their order; nil where the file is no JSON, or neither a service nor a list of objects.
    package static func entries(of bytes: [UInt8]) -> [ServiceEntry]? {
        var builder = DocumentBuilder()
        do {
            var scanner = try builder.addFile(name: "", bytes: bytes)
            var entries: [ServiceEntry] = []
            switch try scanner.next(&builder) {
            case .beginObject:
                entries.append(try entry(&scanner, &builder))
            case .beginArray:
                while true {
                    let token = try scanner.next(&builder)
                    if token == .endArray { break }
                    guard token == .beginObject else { return nil }
                    entries.append(try entry(&scanner, &builder))
                }
            default: return nil
            }
            return try scanner.next(&builder) == .end ? entries : nil
        } catch {
            return nil
        }
    }

    /// Reads the object whose opening brace was just read.
    private static func entry(
        _ scanner: inout JSONScanner, _ builder: inout DocumentBuilder
    ) throws(Diagnostic) -> ServiceEntry {
        var entry = ServiceEntry()
        let start = Int(scanner.origin) - 1
        while try scanner.next(&builder) == .key {
            let field = builder.bytes(of: scanner.value).withUnsafeBufferPointer { ServiceField.named($0) }
            guard let field, [.id, .applicationProtocol, .transportProtocol, .port, .servicePort].contains(field) else {
                try scanner.skipValue(&builder)
                continue
            }
            let token = try scanner.next(&builder)
            switch token {
            case .string:
                let text = String(decoding: builder.bytes(of: scanner.value), as: UTF8.self)
                if field == .id { entry.id = text }
                if field == .applicationProtocol { entry.isHTTP = text == "http" }
                if field == .transportProtocol { entry.isUDP = text == "udp" }
            case .int:
                if field == .port { entry.port = scanner.value.asInt }
                if field == .servicePort { entry.servicePort = scanner.value.asInt }
            case .beginObject, .beginArray:
                try skip(&scanner, &builder)
            default: break
            }
        }
        entry.range = start..<Int(scanner.origin)
        return entry
    }

    /// Reads past the rest of a container that was just opened.
    private static func skip(
        _ scanner: inout JSONScanner, _ builder: inout DocumentBuilder
    ) throws(Diagnostic) {
        var depth = 1
        while depth > 0 {
            switch try scanner.next(&builder) {
            case .beginObject, .beginArray: depth += 1
            case .endObject, .endArray: depth -= 1
            case .end: return
            default: break
            }
        }
    }

    /// The file without some of its services, or with others in their place. What stays keeps its line.
    ///
    /// - Parameters:
    ///   - entries: the services of the file.
    ///   - replacements: the text of another service for the number of one; nil: nothing takes its place.
    package static func replacing(
        _ replacements: [Int: [UInt8]?], of entries: [ServiceEntry], in bytes: [UInt8]
    ) -> [UInt8] {
        guard !replacements.isEmpty else { return bytes }
        let isList = bytes.first { !isSpace($0) } == UInt8(ascii: "[") || entries.count != 1
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        var hasKept = false
        for (number, entry) in entries.enumerated() {
            // Between two services there is one comma and white space.
            let between = bytes[position..<entry.range.lowerBound]
            position = entry.range.upperBound
            let isGone = replacements[number].map { $0 == nil } ?? false
            if number == 0 || (hasKept && !isGone) {
                result += between
            } else {
                result += between.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: " ") : $0 }
            }
            if !isGone { hasKept = true }
            switch replacements[number] {
            case nil: result += bytes[entry.range]
            case .some(let text):
                let lines = bytes[entry.range].count { $0 == UInt8(ascii: "\n") }
                if let text { result += text.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 } }
                if text == nil, !isList { result += Array("[]".utf8) }
                result += repeatElement(UInt8(ascii: "\n"), count: lines)
            }
        }
        return result + bytes[position...]
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == 0xEF || byte == 0xBB || byte == 0xBF
    }
}
