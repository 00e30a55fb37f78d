import HATemplate

/// What diagnostics about services, payloads and tables are about.
extension DiagnosticCode {
    // Services
    package static let unknownKey = Self("unknown-key")
    package static let missingId = Self("missing-id")
    package static let duplicateId = Self("duplicate-id")
    package static let portOutOfRange = Self("port-out-of-range")
    package static let numberOutOfRange = Self("number-out-of-range")
    package static let badAddress = Self("bad-address")
    package static let badValue = Self("bad-value")
    package static let nulCharacter = Self("nul-character")
    package static let portConflict = Self("port-conflict")
    package static let routeConflict = Self("route-conflict")
    package static let lostService = Self("lost-service")
    package static let unusedField = Self("unused-field")

    // Payloads and the state directory
    package static let payloadIncomplete = Self("payload-incomplete")
    package static let tableName = Self("table-name")
    package static let stateFormat = Self("state-format")
    package static let stateDigest = Self("state-digest")
    package static let stateDamaged = Self("state-damaged")

    /// The codes of this file, in the order of the documents.
    package static let serviceCodes: [Self] = [
        .unknownKey, .missingId, .duplicateId, .portOutOfRange, .numberOutOfRange, .badAddress, .badValue,
        .nulCharacter, .portConflict, .routeConflict, .lostService, .unusedField, .payloadIncomplete, .tableName,
        .stateFormat, .stateDigest, .stateDamaged,
    ]

    /// Warnings at services that a comment of a template may ignore: a template that has a use for what others lose says so.
    package static let ignoredByTemplates: Set<Self> = [.unusedField, .lostService]
}

extension Template {
    /// Warnings at services that a comment of the template silences.
    package var silencedAtServices: Set<DiagnosticCode> { ignoredCodes.intersection(DiagnosticCode.ignoredByTemplates) }
}
