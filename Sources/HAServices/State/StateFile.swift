import HASystem
import HATemplate

/// The format of the files of a state directory.
///
///     {
///       "format": 1,
///       "table": "astro",
///       "revision": 3,
///       "digest": "sha256:…",
///       "services": [ … ]
///     }
enum StateFile {
    /// The only format so far. A file with a higher number was written by a newer program.
    static let format = 1
    static let currentName = "current.json"
    static let historyFolder = "history"
    static let lockName = ".lock"

    static func historyName(_ revision: Int) -> String { "\(revision).json" }

    /// So that counting on never overflows; floats of other programs are exact up to here.
    static let maximumRevision = 1 << 53

    /// Where the list of services stands in a file, brackets included.
    static func services(in bytes: [UInt8]) -> Range<Int>? {
        var builder = DocumentBuilder()
        do {
            var scanner = try builder.addFile(name: "", bytes: bytes)
            guard try scanner.next(&builder) == .beginObject else { return nil }
            while try scanner.next(&builder) == .key {
                let isList = String(decoding: builder.bytes(of: scanner.value), as: UTF8.self) == StateKey.services.text
                // A value begins after its key and the colon.
                guard isList, let start = bytes[Int(scanner.origin)...].firstIndex(of: UInt8(ascii: "[")) else {
                    try scanner.skipValue(&builder)
                    continue
                }
                try scanner.skipValue(&builder)
                return start..<Int(scanner.origin)
            }
        } catch {
            return nil
        }
        return nil
    }

    /// The revision that a file of the history holds; nil for other names.
    static func revision(ofHistoryName name: String) -> Int? {
        guard name.hasSuffix(".json"), let number = Int(name.dropLast(5)), (1...maximumRevision).contains(number),
            historyName(number) == name
        else { return nil }
        return number
    }
}

/// The keys of a state file; the raw value is the slot in the record that is being read.
enum StateKey: Int, ObjectKey {
    case format, table, revision, digest, services

    var name: StaticString {
        switch self {
        case .format: "format"
        case .table: "table"
        case .revision: "revision"
        case .digest: "digest"
        case .services: "services"
        }
    }

    static let owner = PayloadMistake.Owner.state
}

/// What can be wrong with a state file beyond its services, as data.
enum StateMistake: Equatable {
    case notAState(JSONKind)
    case newerFormat(Int)
    case unknownFormat(String)
    case otherTable(String, expected: String)
    case badTable(String)
    case otherRevision(Int, expected: Int)
    case badRevision(Int)
    case digestDiffers
    case digestMisplaced
}

extension StateMistake: Mistake {
    var code: DiagnosticCode {
        switch self {
        case .newerFormat: .stateFormat
        case .digestDiffers, .digestMisplaced: .stateDigest
        case .notAState, .unknownFormat, .otherTable, .badTable, .otherRevision, .badRevision: .stateDamaged
        }
    }

    var noteMessage: String? { nil }

    var message: String {
        switch self {
        case .notAState(let kind): "a state file holds an object, not \(kind.text)"
        case .newerFormat(let format):
            "this file has the format \(format), which a newer haproxy-gen wrote; this one knows formats up to "
                + "\(StateFile.format)"
        case .unknownFormat(let found): "format must be \(StateFile.format), not \(found)"
        case .otherTable(let table, let expected):
            "this file is of the table \(quoted(table)), but lies where \(quoted(expected)) is kept"
        case .badTable(let table): "\(quoted(table)) is not the name of a table"
        case .otherRevision(let revision, let expected):
            "this file is revision \(revision), but lies where revision \(expected) is kept"
        case .badRevision(let revision): "revision must be from 1 to 2^53, not \(revision)"
        case .digestDiffers: "this file was changed after haproxy-gen wrote it: its digest does not match the rest"
        case .digestMisplaced:
            "this file was changed after haproxy-gen wrote it: its digest is not in a line of its own"
        }
    }
}

/// What a state file says beside its services.
struct StateHeader {
    var format: Int?
    var table: TableName?
    var revision: Int?

    /// The numbers that format and revision may have, so that they never overflow.
    static let numbers = Int.min...Int.max
}

extension ServiceReader {
    /// Reads a revision of a table and appends its services.
    ///
    /// `table` and `revision` are what the file's place says; nil: any. Whatever is wrong is kept as a mistake; the
    /// header that comes back is complete when nothing was.
    mutating func addState(
        name: String, bytes: consuming [UInt8], table: TableName?, revision: Int?
    ) -> StateHeader {
        let text = copy bytes
        let digest = BackgroundWork(long: text.count > 1 << 16) { StateDigest(of: text) }
        var scan = StateScan()
        builder.reserveValues(bytes.count / 12)  // what hosts with an id and an address need
        read(name: name, bytes: bytes) { (reader, file) throws(JSONFault) in
            try scan.read(&reader, &file)
        }
        scan.check(digest.result(), &self)
        scan.check(table: table, revision: revision, &self)
        return scan.header
    }
}

/// One state file while it is being read.
private struct StateScan: ~Copyable {
    var header = StateHeader()
    private var record = OpenRecord(absent: Array(repeating: .missing, count: StateKey.allCases.count))
    /// Where the values stand.
    private var places: [Range<Int>] = Array(repeating: 0..<0, count: StateKey.allCases.count)
    /// Whether the file was read to its end.
    private var isComplete = false

    mutating func read(_ reader: inout ServiceReader, _ file: inout OpenFile) throws(JSONFault) {
        let token = try file.cursor.next(file.text, &reader.builder)
        let start = file.cursor.tokenRange
        guard token == .beginObject else {
            reader.mistakes.add(StateMistake.notAState(JSONKind(token)), at: start)
            return
        }
        while let key = try reader.nextKey(StateKey.self, &record, &file) {
            let slot = key.rawValue
            switch key {
            case .format, .revision:
                try reader.readInteger(
                    slot, of: &record, name: key.text, StateHeader.numbers, &file.cursor, file.text)
            case .table, .digest:
                _ = try reader.readText(slot, of: &record, name: key.text, &file.cursor, file.text)
            case .services:
                if try reader.beginList(key.text, slot, &record, &file) { try reader.readServices(&file) }
            }
            places[slot] = file.cursor.tokenRange
            // What a newer program means by the rest is unknown.
            if key == .format, refusesFormat(&reader) { return }
        }
        for key in StateKey.allCases { reader.require(key, of: record, at: start) }
        _ = try file.cursor.next(file.text, &reader.builder)  // the end, or a fault
        isComplete = true
        let table = record.fields[StateKey.table.rawValue]
        if table.kind == .string {
            let text = reader.shown(table, file.text)
            header.table = TableName(text)
            if header.table == nil { reader.mistakes.add(StateMistake.badTable(text), at: place(.table)) }
        }
        let revision = record.fields[StateKey.revision.rawValue]
        if revision.kind == .int {
            header.revision = revision.asInt
            if !(1...StateFile.maximumRevision).contains(revision.asInt) {
                reader.mistakes.add(StateMistake.badRevision(revision.asInt), at: place(.revision))
            }
        }
    }

    private func place(_ key: StateKey) -> Range<Int> { places[key.rawValue] }

    private mutating func refusesFormat(_ reader: inout ServiceReader) -> Bool {
        let format = record.fields[StateKey.format.rawValue]
        guard format.kind == .int else { return false }
        header.format = format.asInt
        if format.asInt == StateFile.format { return false }
        let mistake: StateMistake =
            format.asInt > StateFile.format ? .newerFormat(format.asInt) : .unknownFormat(String(format.asInt))
        reader.mistakes.add(mistake, at: place(.format))
        return true
    }

    /// A file that is broken or of another format says enough by that.
    func check(_ digest: StateDigest?, _ reader: inout ServiceReader) {
        guard isComplete, record.fields[StateKey.digest.rawValue].kind == .string else { return }
        if let digest, digest.matches { return }
        let mistake: StateMistake = digest == nil ? .digestMisplaced : .digestDiffers
        reader.mistakes.add(mistake, at: place(.digest))
    }

    func check(table: TableName?, revision: Int?, _ reader: inout ServiceReader) {
        if let table, let found = header.table, found != table {
            reader.mistakes.add(StateMistake.otherTable(found.text, expected: table.text), at: place(.table))
        }
        if let revision, let found = header.revision, found != revision {
            reader.mistakes.add(StateMistake.otherRevision(found, expected: revision), at: place(.revision))
        }
    }
}
