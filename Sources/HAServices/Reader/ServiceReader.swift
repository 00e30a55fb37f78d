import HATemplate

/// Reads service files into the document that a template renders: `[]types.Service`, in the order read.
///
///     var reader = ServiceReader()
///     reader.addFile(name: "services/web.json", bytes: bytes)
///     let document = try reader.finish()
///     let id = document.elements(of: document.root).first.flatMap { document.field("Id", of: $0) }
///
/// A file holds one service (an object) or a list of services; keys are compared without case, as Go's encoding/json
/// does, and `null` means absent. Mistakes are collected, all of them in one run, and thrown by `finish`.
public struct ServiceReader: ~Copyable {
    var builder = DocumentBuilder()
    var mistakes = MistakeList()
    /// Files that were not read at all.
    private var refused: [Diagnostic] = []
    private var fileCount = 0

    let serviceShape: ShapeIndex
    let hostShape: ShapeIndex
    let absentService: [Value]
    let absentHost: [Value]
    /// Texts of services whose empty text stands for another one.
    let defaultedFields: FieldSet

    /// Whether the Config of the services being read is trusted.
    var trustsConfig = false

    /// The services read so far.
    var services: [ServiceFacts] = []

    /// A reader without files.
    ///
    /// `defaultSource` is the Source of services that name none; proxym's file generator says `File`.
    public init(defaultSource: String = "File") {
        serviceShape = builder.addShape(ServiceModel.service)
        hostShape = builder.addShape(ServiceModel.host)
        let none = builder.appendText([])
        var defaulted: FieldSet = []
        var service: [Value] = []
        for field in ServiceField.allCases {
            switch field.kind {
            case .text:
                guard let text = field.fallback.text(defaultSource: defaultSource) else {
                    service.append(none)
                    continue
                }
                service.append(builder.appendText(text.utf8))
                defaulted.insert(field.rawValue)
            case .integer: service.append(.int(0))
            case .domains: service.append(.absentList(of: .string))
            case .hosts: service.append(.absentList(of: .record(hostShape)))
            case .attributes: service.append(.absentMap)
            }
        }
        absentService = service
        defaultedFields = defaulted
        absentHost = HostField.allCases.map { $0.kind.isInteger ? .int(0) : none }
    }

    /// Reads one file. A text that is not JSON stops this file alone.
    ///
    /// `name` is what diagnostics call the file; `bytes` are its contents, with or without a byte-order mark. With
    /// `trustsConfig` the Config of its services may hold any lines of configuration; say so for local files alone, or
    /// where the user does (`--trust-config`).
    public mutating func addFile(name: String, bytes: consuming [UInt8], trustsConfig: Bool = false) {
        self.trustsConfig = trustsConfig
        builder.reserveValues(bytes.count / 6)  // what services with many hosts need
        read(name: name, bytes: bytes) { (reader, file) throws(JSONFault) in try reader.readFile(&file) }
    }

    /// Lets `body` read a file's text with a cursor at its start. A fault that `body` throws is kept as a mistake.
    mutating func read(
        name: String, bytes: consuming [UInt8],
        _ body: (inout ServiceReader, inout OpenFile) throws(JSONFault) -> Void
    ) {
        var scanner: JSONScanner
        do {
            scanner = try builder.addFile(name: name, bytes: bytes)
        } catch {
            refused.append(error)
            return
        }
        mistakes.currentFile = fileCount
        fileCount += 1
        do {
            try scanner.withCursor { (cursor, text) throws(JSONFault) in
                var file = OpenFile(
                    cursor: cursor, text: text, service: OpenRecord(absent: absentService),
                    host: OpenRecord(absent: absentHost), hosts: OpenHosts(absent: absentHost))
                try body(&self, &file)
            }
        } catch {
            mistakes.add(error)
        }
    }

    /// Whether anything is wrong so far, so that what was read must not be used.
    var hasMistakes: Bool { mistakes.hasErrors || !refused.isEmpty }

    /// Mistakes and warnings so far, in the order of the files.
    func diagnostics() -> [Diagnostic] { mistakes.diagnostics(builder) + refused }

    /// Checks the rules that hold across services and hands over the document.
    ///
    /// Throws every mistake of every file (`unknown-key`, `wrong-type`, `duplicate-id`, `port-conflict` …; at most
    /// 1,000), in the order of the files.
    public consuming func finish() throws(Diagnostics) -> Document {
        var warnings: [Diagnostic] = []
        return try finish(warnings: &warnings)
    }

    /// The same; appends what is allowed and yet has no effect (`lost-service`, `unused-field`; at most 1,000).
    public consuming func finish(warnings: inout [Diagnostic]) throws(Diagnostics) -> Document {
        checkRules()
        let found = diagnostics()
        if hasMistakes { throw Diagnostics(found) }
        warnings += found
        let root = builder.appendList(services.map(\.record), of: .record(serviceShape))
        return builder.build(root: root)
    }

    /// Reports what breaks the rules that hold across services.
    mutating func checkRules() {
        mistakes.currentFile = nil
        let conflicts = builder.withPools { ServiceRules.conflicts(between: services, $0) }
        for conflict in conflicts.items { mistakes.add(conflict.mistake, at: conflict.range, other: conflict.other) }
        mistakes.omit(conflicts.errors.omitted)
        mistakes.omitWarnings(conflicts.warnings.omitted)
    }
}

/// One file while it is being read.
struct OpenFile: ~Copyable {
    var cursor: JSONCursor
    /// The joined text of all files, in which the cursor moves.
    let text: Bytes
    var service: OpenRecord
    var host: OpenRecord
    /// Where `$schema` stands in the service that is being read.
    var schemaKey: Range<Int>?
    /// The elements of the list that is being read.
    var elements: [Value] = []
    /// The hosts of the service that is being read.
    var hosts: OpenHosts
}

extension ServiceReader {
    /// A file's services.
    private mutating func readFile(_ file: inout OpenFile) throws(JSONFault) {
        let token = try file.cursor.next(file.text, &builder)
        switch token {
        case .beginObject:
            try readService(&file)
        case .beginArray:
            try readServices(&file)
        default:
            mistakes.add(.notAService(JSONKind(token), inList: false), at: file.cursor.tokenRange)
        }
        _ = try file.cursor.next(file.text, &builder)  // the end, or a fault
    }

    mutating func readServices(_ file: inout OpenFile) throws(JSONFault) {
        while true {
            guard let token = try nextValue(&file.cursor, file.text) else { continue }
            switch token {
            case .beginObject:
                try readService(&file)
            case .endArray, .end:
                return
            default:
                mistakes.add(.notAService(JSONKind(token), inList: true), at: file.cursor.tokenRange)
                try skipRest(of: token, &file.cursor, file.text)
            }
        }
    }
}
