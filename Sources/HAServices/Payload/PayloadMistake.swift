import HATemplate

/// What can be wrong with a payload, as data; some of it holds for other objects whose keys are known.
enum PayloadMistake: Equatable {
    case notAPayload(JSONKind)
    case unknownKey(String, of: Owner, near: String?)
    case missing(field: String, of: Owner)
    case empty(field: String)
    case notAList(field: String, JSONKind)
    case notAnEntry(of: String, JSONKind)
    case badPort(String)
    case portOutOfRange(Int)
    case notAPort(JSONKind)
    case unknownMode(String, near: String?)
    case badDomain(String, AddressFault)
    case badPath(String, found: String)
    case impossiblePath(String, PathFault)
    case badAddress(String, AddressFault)
    case badId(String, found: String)
    case badCookie(String, found: String)
    case badTable(String)
    case duplicateContainer(String)
    case duplicateCandidate(String)

    /// Whose key it is.
    enum Owner: String {
        case payload = "a payload"
        case running = "an entry of \"running\""
        case candidate = "a candidate"
        case container = "a container"
        case state = "a state file"
        case scan = "a table scan"
        case item = "an item of a table scan"
        case scanContainer = "a container of a table scan"
    }
}

extension PayloadMistake: Mistake {
    var code: DiagnosticCode {
        switch self {
        case .notAPayload, .notAList, .notAnEntry, .notAPort: .wrongType
        case .unknownKey: .unknownKey
        case .missing(_, .state): .stateDamaged
        case .missing: .payloadIncomplete
        case .portOutOfRange: .portOutOfRange
        case .badAddress: .badAddress
        case .badTable: .tableName
        case .duplicateContainer, .duplicateCandidate: .duplicateId
        case .empty, .badPort, .unknownMode, .badDomain, .badPath, .impossiblePath, .badId, .badCookie: .badValue
        }
    }

    var noteMessage: String? {
        switch self {
        case .duplicateContainer, .duplicateCandidate: JSONFault.firstHere
        default: nil
        }
    }

    var message: String {
        switch self {
        case .notAPayload(let kind): "a payload is an object, not \(kind.text)"
        case .unknownKey(let key, let owner, let near):
            "\(owner.rawValue) has no key \(quoted(key))" + (near.map { "; did you mean \(quoted($0))?" } ?? "")
        case .missing("running", .payload):
            "this payload has no \"running\"; write [] when nothing runs, which empties the table"
        case .missing(let field, let owner): "\(owner.rawValue) needs \(quoted(field)), which is missing here"
        case .empty(let field): "\(field) must not be empty"
        case .notAList(let field, let kind): "\(field) must be a list, not \(kind.text)"
        case .notAnEntry(let list, let kind): "\(list) must hold objects, not \(kind.text)"
        case .badPort(let text): "port must be a number from 1 to 65535, not \(quoted(text))"
        case .portOutOfRange(let port): "port must be from 1 to 65535, not \(port)"
        case .notAPort(let kind): "port must be an integer, or a string that holds one, not \(kind.text)"
        case .unknownMode(let mode, let near):
            "configMode must be \"host\" or \"path\", not \(quoted(mode))"
                + (near.map { "; did you mean \(quoted($0))?" } ?? "")
        case .badDomain(let text, let fault): "predicate: " + fault.message(for: text, isDomain: true)
        case .badPath(let text, let found):
            "predicate: \(quoted(text)) is not a path; \(found) cannot stand in one (percent-encode it)"
        case .impossiblePath(let text, let fault): fault.message(for: text, field: "predicate:")
        case .badAddress(let text, .withPort):
            "ip: \(quoted(text)) is not an address or a host name; the port stands in the candidate's \"port\""
        case .badAddress(let text, let fault): "ip: " + fault.message(for: text, isDomain: false)
        case .badId(let text, let found):
            "id: \(quoted(text)) cannot name a server because of \(found); "
                + "only letters, digits, '-', '_', '.' and ':' can stand in it"
        case .badCookie(let text, let found):
            "cookie: \(quoted(text)) cannot name a cookie because of \(found)"
        case .badTable(let text):
            "table: \(quoted(text)) cannot name a table; a name has letters, digits, '.', '_' and '-', and no '.' in front"
        case .duplicateContainer(let id): "the container \(quoted(id)) appears twice in this list"
        case .duplicateCandidate(let name): "the service \(quoted(name)) appears twice in \"candidates\""
        }
    }
}
