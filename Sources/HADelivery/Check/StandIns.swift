import HATemplate

/// What stands in a private folder for the needs of a configuration that this machine does not meet, and the
/// configuration that uses it. Lines stay where they are.
struct StandIns: Sendable {
    private let text: ConfigurationText
    private let creations: [ScanReport.Creation]
    private(set) var needs: [MachineNeed] = []
    /// Where the words of each begin.
    private var places: Set<Int> = []
    /// Those that are met without a word: whether this machine has them is not known.
    private var silent: Set<Int> = []

    /// - Parameter creations: what the proxy would make, which gets a path in the folder.
    init(_ text: ConfigurationText, _ creations: [ScanReport.Creation] = []) {
        self.text = text
        self.creations = creations
    }

    /// Takes up a need, unless one at its place is there already; says whether it is new.
    mutating func add(_ need: MachineNeed, isSilent: Bool = false) -> Bool {
        guard places.insert(need.extent.lowerBound).inserted else { return false }
        if isSilent { silent.insert(need.extent.lowerBound) }
        needs.append(need)
        return true
    }

    /// What to say: each need once, however often it is named.
    var complaints: [Complaint] {
        var seen: Set<String> = []
        let told = needs.filter { !silent.contains($0.extent.lowerBound) }
        return told.sorted { $0.range.lowerBound < $1.range.lowerBound }.compactMap { need in
            seen.insert("\(need.kind) \(need.value)").inserted ? need.complaint(in: text.dialect) : nil
        }
    }

    /// The files to put into the private folder.
    var files: [(name: String, bytes: [UInt8])] {
        needs.indices.compactMap { index in content(needs[index].kind, name(index)).map { (name(index), $0) } }
            + (needs.contains { $0.kind == .certificateList } ? [(Self.listed, Self.certificate)] : [])
    }

    /// The configuration with each need met by a file of that folder, or left out.
    func bytes(in folder: String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.bytes.count)
        var position = 0
        var numbers: [String: Int] = [:]
        let edits =
            needs.indices.map { edit(needs[$0], folder + "/" + name($0)) }
            + creations.enumerated().map { index, creation in
                // What two directives share, they share in the folder as well.
                let number = numbers[creation.path, default: index]
                numbers[creation.path] = number
                return (
                    creation.range, Array(quoted("\(creation.prefix)\(folder)/haproxy-gen-made-\(number)").utf8)
                )
            }
        for (range, replacement) in edits.sorted(by: { $0.0.lowerBound < $1.0.lowerBound }) {
            guard range.lowerBound >= position else { continue }
            result += text.bytes[position..<range.lowerBound]
            result += replacement
            position = range.upperBound
        }
        return result + text.bytes[position...]
    }

    private func edit(_ need: MachineNeed, _ path: String) -> (Range<Int>, [UInt8]) {
        switch need.kind {
        case .certificate, .certificateList, .patterns, .response:
            let isPart = text.bytes[need.range].allSatisfy { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
            return (need.range, Array((isPart && need.kind == .patterns ? path : quoted(path)).utf8))
        case .name:
            return (need.range, Array(MachineNeed.address.utf8))
        case .file, .user, .group:
            // Line breaks stay, so that lines keep their numbers.
            return (need.extent, text.bytes[need.extent].map { $0 == 0x0A || $0 == 0x0D ? $0 : 0x20 })
        }
    }

    /// A path as one word of the dialect.
    private func quoted(_ path: String) -> String {
        switch text.dialect {
        case .haproxy: path.contains("'") ? path : "'\(path)'"
        case .nginx, .plain: path.contains("\"") || path.contains("\\") ? path : "\"\(path)\""
        }
    }

    private func name(_ index: Int) -> String { "haproxy-gen-stand-in-\(index)" }
    private static let listed = "haproxy-gen-stand-in-listed"

    private func content(_ kind: MachineNeed.Kind, _ name: String) -> [UInt8]? {
        switch kind {
        case .certificate: Self.certificate
        case .certificateList: Array("\(Self.listed)\n".utf8)
        case .patterns: []
        case .response: Array("HTTP/1.0 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n".utf8)
        case .file, .user, .group, .name: nil
        }
    }

    /// A certificate for `haproxy-gen-check.invalid` that signed itself, until 2126, and its key. Everybody can read the
    /// key here: it is good for checks alone.
    static let certificate = Array(
        """
        -----BEGIN CERTIFICATE-----
        MIIBnzCCAUWgAwIBAgIUeN1aYjF18Y1uaA14CflqOElmY10wCgYIKoZIzj0EAwIw
        JDEiMCAGA1UEAwwZaGFwcm94eS1nZW4tY2hlY2suaW52YWxpZDAgFw0yNjExMjgx
        ODE2MjZaGA8yMTI2MTEwNDE4MTYyNlowJDEiMCAGA1UEAwwZaGFwcm94eS1nZW4t
        Y2hlY2suaW52YWxpZDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABE1qrQN+bFib
        CaxbVPjsJiNz4Xn3CTctVwdiZi1WnBJIoAkFB39TAgVLlhppFnmo1j4CM6KDJoh0
        CpHRWWjIGyijUzBRMB0GA1UdDgQWBBQFvDQ+NJNklnLKKCJEIZkvlgJCdTAfBgNV
        HSMEGDAWgBQFvDQ+NJNklnLKKCJEIZkvlgJCdTAPBgNVHRMBAf8EBTADAQH/MAoG
        CCqGSM49BAMCA0gAMEUCIHjCw9tYKS78172XqJ8wX2Yos6F4biWwsaog8Giw/qht
        AiEAmsgSF+mgT2cX/pvmw7myQffqDhiOadEefXYG2phRtCI=
        -----END CERTIFICATE-----
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIFZrtNFWmLSDSttiN6vq5w17UkQVq96l2H8rXqBPw1fFoAoGCCqGSM49
        AwEHoUQDQgAETWqtA35sWJsJrFtU+OwmI3PhefcJNy1XB2JmLVacEkigCQUHf1MC
        BUuWGmkWeajWPgIzooMmiHQKkdFZaMgbKA==
        -----END EC PRIVATE KEY-----

        """.utf8)
}
