import HATemplate

/// What can be wrong with a service, as data; `ServiceMistake+Message.swift` has the words.
enum ServiceMistake: Equatable {
    // Shape
    case notAService(JSONKind, inList: Bool)
    case unknownKey(String, of: Owner, near: String?)
    /// A service's key that belongs to its hosts, or the other way round.
    case misplacedKey(String, of: Owner)
    case duplicateKey(String, earlier: String)
    case notText(field: String, JSONKind)
    case notAnInteger(field: String, JSONKind)
    /// `"80"`
    case integerAsText(field: String, String)
    /// `80.0`
    case integerAsFloat(field: String, written: String, Int?)
    case notAList(field: String, JSONKind)
    /// `"Domains": "example.com"`
    case textForList(field: String, String)
    case notADomain(JSONKind)
    case notAHost(JSONKind)
    case notAnObject(field: String, JSONKind)

    // Values
    case portOutOfRange(field: String, Int)
    case numberOutOfRange(field: String, Int, ClosedRange<Int>)
    case missingId
    case emptyId
    case missingIp
    case badAddress(String, AddressFault)
    case badDomain(String, AddressFault)
    case badPath(field: String, String, PathFault)
    case badCookie(String)
    case unknownTransport(String)
    case httpSpelling(String)
    case nulCharacter(field: String)
    case controlCharacter(field: String, UInt32)
    /// Whether the service has domains or a path, as http services have.
    case noListenPort(hasRoute: Bool)
    case hostWithoutPort

    // Rules across services
    case duplicateId(String)
    case sameName(String, other: String, name: String)
    case duplicateHostId(String)
    case portConflict(Int, transport: String, other: String)
    case routeConflict(domain: String?, path: String, other: String)
    case duplicateDomain(String)
    /// Two hosts without Ids.
    case duplicateHost(String)

    // What is allowed and has no effect
    case sameAddress(String)
    case udpWithHTTP
    case nothingLeadsHere
    case portOfOther(Int, other: String)
    case fieldsOfHTTP([String], protocol: String?)

    /// Whose key it is.
    enum Owner: String {
        case service, host
    }
}

/// What stands in a file, in JSON's own terms.
enum JSONKind: Equatable {
    case object, array, string, integer, float, bool, null

    init(_ token: JSONScanner.Token) {
        switch token {
        case .beginObject, .endObject, .key: self = .object
        case .beginArray, .endArray: self = .array
        case .string: self = .string
        case .int: self = .integer
        case .float: self = .float
        case .bool: self = .bool
        case .null, .end: self = .null
        }
    }
}

extension ServiceMistake {
    var code: DiagnosticCode {
        switch self {
        case .notAService, .notText, .notAnInteger, .integerAsText, .integerAsFloat, .notAList, .textForList,
            .notADomain, .notAHost, .notAnObject:
            .wrongType
        case .unknownKey, .misplacedKey: .unknownKey
        case .duplicateKey: .duplicateKey
        case .portOutOfRange: .portOutOfRange
        case .numberOutOfRange: .numberOutOfRange
        case .missingId, .emptyId: .missingId
        case .missingIp, .badAddress: .badAddress
        case .badDomain, .badPath, .badCookie, .unknownTransport, .httpSpelling, .controlCharacter, .noListenPort,
            .hostWithoutPort:
            .badValue
        case .nulCharacter: .nulCharacter
        case .duplicateId, .sameName, .duplicateHostId, .duplicateHost, .sameAddress: .duplicateId
        case .portConflict: .portConflict
        case .routeConflict, .duplicateDomain: .routeConflict
        case .nothingLeadsHere, .portOfOther: .lostService
        case .udpWithHTTP, .fieldsOfHTTP: .unusedField
        }
    }

    var severity: Diagnostic.Severity {
        switch self {
        case .sameAddress, .udpWithHTTP, .nothingLeadsHere, .portOfOther, .fieldsOfHTTP: .warning
        default: .error
        }
    }
}
