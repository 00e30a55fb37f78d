import HATemplate

/// What was read of a payload so far.
struct PayloadScan: ~Copyable {
    var table: TableName?
    var running: [PayloadContainer] = []
    var candidates: [PayloadCandidate] = []
    /// Of all candidates.
    var containers: [PayloadContainer] = []

    var root = OpenRecord(absent: Array(repeating: .missing, count: PayloadRootKey.allCases.count))
    /// The entry of `running` or the container that is being read: service, id, ip or id, ip.
    var entry = OpenRecord(absent: Array(repeating: .missing, count: PayloadRunningKey.allCases.count))
    var candidate = OpenRecord(absent: Array(repeating: .missing, count: PayloadCandidateKey.allCases.count))

    /// Reads the file's one value.
    mutating func read(_ reader: inout ServiceReader, _ file: inout OpenFile) throws(JSONFault) {
        let token = try file.cursor.next(file.text, &reader.builder)
        let start = file.cursor.tokenRange
        guard token == .beginObject else {
            reader.mistakes.add(PayloadMistake.notAPayload(JSONKind(token)), at: start)
            try reader.skipRest(of: token, &file.cursor, file.text)
            _ = try file.cursor.next(file.text, &reader.builder)
            return
        }
        while let key = try reader.nextKey(PayloadRootKey.self, &root, &file) {
            switch key {
            case .table: try readTable(&reader, &file)
            case .running: try readRunning(&reader, &file)
            case .candidates: try readCandidates(&reader, &file)
            }
        }
        for key: PayloadRootKey in [.table, .running] { reader.require(key, of: root, at: start) }
        _ = try file.cursor.next(file.text, &reader.builder)  // the end, or a fault
    }

    // MARK: Members

    private mutating func readTable(_ reader: inout ServiceReader, _ file: inout OpenFile) throws(JSONFault) {
        let slot = PayloadRootKey.table.rawValue
        guard try reader.readText(slot, of: &root, name: "table", &file.cursor, file.text) else { return }
        let text = reader.shown(file.cursor.value, file.text)
        table = TableName(text)
        if table == nil {
            _ = reader.refuse(PayloadMistake.badTable(text), slot, of: &root, at: file.cursor.tokenRange)
        }
    }

    private mutating func readRunning(_ reader: inout ServiceReader, _ file: inout OpenFile) throws(JSONFault) {
        let slot = PayloadRootKey.running.rawValue
        guard try reader.beginList("running", slot, &root, &file) else { return }
        while let start = try reader.nextObject(of: "running", &file) {
            entry.begin()
            while let key = try reader.nextKey(PayloadRunningKey.self, &entry, &file) {
                switch key {
                case .serviceName: try reader.readName("serviceName", key.rawValue, &entry, &file)
                case .id: try readId(key.rawValue, &reader, &file)
                case .ip: try readAddress(key.rawValue, &reader, &file)
                }
            }
            for key in PayloadRunningKey.allCases { reader.require(key, of: entry, at: start) }
            running.append(
                PayloadContainer(service: entry.fields[0], id: entry.fields[1], ip: entry.fields[2]))
        }
    }

    // MARK: Texts

    mutating func readId(_ slot: Int, _ reader: inout ServiceReader, _ file: inout OpenFile) throws(JSONFault) {
        try reader.readName("id", slot, &entry, &file)
        guard !entry.faulty.contains(slot), let mistake = reader.idMistake(file.cursor.value, file.text) else { return }
        _ = reader.refuse(mistake, slot, of: &entry, at: file.cursor.tokenRange)
    }

    mutating func readAddress(
        _ slot: Int, _ reader: inout ServiceReader, _ file: inout OpenFile
    ) throws(JSONFault) {
        guard try reader.readText(slot, of: &entry, name: "ip", &file.cursor, file.text) else { return }
        guard let mistake = reader.addressMistake(file.cursor.value, file.text) else { return }
        _ = reader.refuse(mistake, slot, of: &entry, at: file.cursor.tokenRange)
    }

    // MARK: The whole

    /// Reports containers and candidates that stand twice.
    func checkIds(_ reader: inout ServiceReader) {
        for list in [running.map(\.id), containers.map(\.id)] {
            reader.reportRepeated(list) { PayloadMistake.duplicateContainer($0) }
        }
        reader.reportRepeated(candidates.map(\.name)) { PayloadMistake.duplicateCandidate($0) }
    }
}
