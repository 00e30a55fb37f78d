import HATemplate

/// What a host sends to Cosmos when containers come and go: who runs, and who is new.
///
///     let payload = try Payload.read(name: "payload.json", bytes: bytes)
///
/// Its texts stay where they stand in the file; so a configuration that is made of them can name their place.
public struct Payload: ~Copyable {
    /// The table that the event is about.
    public let table: TableName
    var reader: ServiceReader
    /// The containers that run, of every service.
    let running: [PayloadContainer]
    let candidates: [PayloadCandidate]
    /// The containers of all candidates, one candidate's after the other's.
    let candidateContainers: [PayloadContainer]

    /// Reads a payload and checks all of it.
    ///
    /// `name` is what diagnostics call the file. Throws every mistake found (`payload-incomplete`, `table-name`,
    /// `bad-address`, `duplicate-id` …), in the order of their places.
    /// With `trustsConfig` the Config of the stored services may hold any lines of configuration.
    public static func read(
        name: String, bytes: consuming [UInt8], trustsConfig: Bool = false
    ) throws(Diagnostics) -> Payload {
        var reader = ServiceReader()
        reader.trustsConfig = trustsConfig
        var scan = PayloadScan()
        reader.read(name: name, bytes: bytes) { (reader, file) throws(JSONFault) in
            try scan.read(&reader, &file)
        }
        scan.checkIds(&reader)
        guard !reader.hasMistakes, let table = scan.table else { throw Diagnostics(reader.diagnostics()) }
        return Payload(
            table: table, reader: reader, running: scan.running, candidates: scan.candidates,
            candidateContainers: scan.containers)
    }

    private init(
        table: TableName, reader: consuming ServiceReader, running: [PayloadContainer],
        candidates: [PayloadCandidate], candidateContainers: [PayloadContainer]
    ) {
        self.table = table
        self.reader = reader
        self.running = running
        self.candidates = candidates
        self.candidateContainers = candidateContainers
    }
}

/// A container of a service. Its values are texts.
struct PayloadContainer: BitwiseCopyable {
    /// The service's name; the candidate's name for a candidate's container.
    let service: Value
    let id: Value
    let ip: Value
}

/// A service with containers that may be new.
struct PayloadCandidate {
    let name: Value
    /// An integer.
    let port: Value
    /// The host name that it answers to, in host mode.
    let domain: Value?
    /// The beginning of the paths that it answers to, with its slash, in path mode.
    let path: Value?
    let cookie: Value?
    /// Its part of the payload's `candidateContainers`.
    let containers: Range<Int>
    /// Where its object begins, as a value's origin.
    let origin: UInt32
}
