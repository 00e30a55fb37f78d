import Foundation

@testable import HATemplate

/// Answers of the `fmt` and the text escapers of Go 1.27.3 in `Data/fmt.json`: groups of rows
/// `{call, format, args, out}`. A row without a call is one of `printf`.
///
/// JSON stands for itself; what it cannot say is an object with a `$` key: bytes that are no UTF-8 (`$hex`), a float
/// (`$float`), a byte (`$uint8`), a typed list or map (`$list`, `$map`) and a record (`$record`).
struct FormatRecording {
    /// One call as Go answered it.
    struct Row {
        let group: String
        let number: Int
        let call: String
        let format: Value
        let arguments: [Value]
        let expected: [UInt8]
    }

    static let groups = [
        "actions", "composites", "escaping", "floats", "integers", "mistakes", "random", "strings",
    ]

    private let document: Document

    /// The shapes of the records, in the order of their tags.
    private static let shapes = [
        RecordShape(name: "types.Host", fields: ["Host", "Port"]),
        RecordShape(name: "types.Service", fields: ["Id", "Port", "Hosts", "Config", "Extra"]),
    ]

    /// Reads the file beside this one, or the one that `HATEMPLATE_FMT_ROWS` names.
    init() throws {
        let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data/fmt.json")
        let other = ProcessInfo.processInfo.environment["HATEMPLATE_FMT_ROWS"].map { URL(fileURLWithPath: $0) }
        var builder = DocumentBuilder()
        for shape in Self.shapes { _ = builder.addShape(shape) }
        var scanner = try builder.addFile(name: "fmt.json", bytes: Array(Data(contentsOf: other ?? beside)))
        var mistakes: [Diagnostic] = []
        let token = try scanner.next(&builder)
        let root = try builder.readValue(from: token, &scanner, mistakes: &mistakes)
        document = builder.build(root: root)
    }

    /// Calls `body` with each row of a group.
    func forEachRow(of group: String, _ body: (Row, Memory) throws -> Void) rethrows {
        try Memory.with(constants: [], document: document) { memory in
            guard let rows = memory.member(group, of: document.root) else { return }
            for number in 0..<rows.count {
                let row = memory.element(number, of: rows)
                let decode = { (key: String) in memory.member(key, of: row).map(memory.decode) ?? .missing }
                let arguments = decode("args")
                let call = memory.member("call", of: row).map(memory.text) ?? "printf"
                try body(
                    Row(
                        group: group, number: number, call: call, format: decode("format"),
                        arguments: Array(memory.elements(of: arguments)),
                        expected: Array(memory.bytes(of: decode("out")))),
                    memory)
            }
        }
    }
}

extension Memory {
    fileprivate func member(_ key: String, of map: Value) -> Value? {
        guard map.kind == .map else { return nil }
        return Array(key.utf8).withUnsafeBufferPointer { lookup($0, in: map) }
    }

    /// The value that a recorded one stands for.
    fileprivate func decode(_ value: Value) -> Value {
        switch value.kind {
        case .list: return makeList((0..<value.count).map { decode(element($0, of: value)) })
        case .map: return decode(map: value)
        default: return value
        }
    }

    private func decode(map: Value) -> Value {
        if let hex = member("$hex", of: map) { return makeString(Self.bytes(hex: text(of: hex))) }
        if let float = member("$float", of: map) { return .float(Double(text(of: float)) ?? .nan) }
        if let byte = member("$uint8", of: map) {
            var value = byte
            value.type = .uint8
            return value
        }
        if let name = member("$list", of: map), let items = member("items", of: map) {
            var list = decode(items)
            list.type = Self.type(named: text(of: name))
            return list
        }
        if let name = member("$record", of: map), let fields = member("fields", of: map) {
            let list = decode(fields)
            return Value(
                .record, start: list.start, count: list.count, type: Self.type(named: text(of: name)), pool: list.pool)
        }
        let isTyped = member("$map", of: map) != nil
        let source = member("entries", of: map) ?? map
        let entries = (0..<source.count).map { index in
            (key: elements(of: source)[2 * index], value: decode(elements(of: source)[2 * index + 1]))
        }
        return makeMap(entries, type: isTyped ? .string : .any)
    }

    private static func type(named name: String) -> TypeTag {
        switch name {
        case "Host": .record(0)
        case "Service": .record(1)
        case "string": .string
        case "int": .int
        case "float": .float
        case "bool": .bool
        default: .any
        }
    }

    private static func bytes(hex text: String) -> [UInt8] {
        let digits = text.compactMap { $0.hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}
