@testable import HATemplate

/// The types that proxym's templates see, with the fields that a service may leave out.
enum Model {
    static let host = RecordShape(
        name: "types.Host",
        fields: [.init("Ip", .string), .init("Port", .int), .init("Id", .string, mayBeEmpty: true)])

    static let service = RecordShape(
        name: "types.Service",
        fields: [
            .init("Id", .string), .init("ApplicationProtocol", .string, mayBeEmpty: true),
            .init("Domains", .list(.string)), .init("Port", .int, mayBeEmpty: true),
            .init("Hosts", .list(.record(host))), .init("Config", .string, mayBeEmpty: true),
            .init("Balance", .string, mayBeEmpty: true), .init("Attributes", .map(.any)), .init("Weight", .float),
            .init("Labels", .map(.string)), .init("Active", .bool),
        ],
        methods: [.integer("ListenPort", mayBeEmpty: true) { $0.integer(3) }])

    static let services = CheckSubject.type(.list(.record(service)))
    static let one = CheckSubject.type(.record(service))
}

/// What the checker finds, as `LINE:COLUMN code` with the severity in front of the code of what is no error.
func check(
    _ template: String, _ subject: CheckSubject = Model.one, _ options: CheckOptions = CheckOptions(),
    includes: [(String, String)] = []
) throws -> [String] {
    try diagnostics(template, subject, options, includes: includes).map { finding in
        let place = finding.location.map { location in
            let position = LineIndex(location.file).position(at: location.range.start)
            return (location.file.name == "t" ? "" : location.file.name + ":") + "\(position.line):\(position.column)"
        }
        return
            "\(place ?? "-") \(finding.severity == .error ? "" : finding.severity.rawValue + " ")\(finding.code.rawValue)"
    }
}

func diagnostics(
    _ template: String, _ subject: CheckSubject = Model.one, _ options: CheckOptions = CheckOptions(),
    includes: [(String, String)] = []
) throws -> [Diagnostic] {
    let compiled = try Template.parse(
        SourceFile(name: "t", text: template),
        includes: includes.map { .init(path: $0.0, file: SourceFile(name: $0.0, text: $0.1)) })
    return compiled.check(against: subject, options: options)
}

extension CheckSubject {
    static func json(_ text: String) throws -> CheckSubject {
        .document(try Document.json(name: "data.json", bytes: Array(text.utf8)))
    }

    static func schema(_ text: String) throws -> CheckSubject {
        try .schema(SourceFile(name: "schema.json", text: text))
    }
}
