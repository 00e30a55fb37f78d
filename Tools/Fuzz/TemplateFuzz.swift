import HATemplate

enum TemplateFuzz {
    /// An object of every kind of value, for the checker.
    private static let data = try? Document.json(
        name: "data.json",
        bytes: Array(
            #"{"a": 1, "b": "x", "c": [{"d": 1.5}, {"d": null}], "e": {"f": true}, "Hosts": [{"Ip": "::1"}]}"#.utf8))

    static func complaint(_ input: [UInt8]) -> String? {
        let file = SourceFile(name: "t", bytes: input)
        var verdicts: [Bool] = []
        for dialect in [Dialect.plain, .haproxy, .nginx] {
            do {
                let template = try Template.parse(file, dialect: dialect)
                verdicts.append(true)
                for location in template.rawUses where Int(location.range.end) > input.count {
                    return "raw is called after the end"
                }
                if dialect == .nginx { continue }  // the checker asks for no dialect
                for subject in [CheckSubject.unknown] + (data.map { [.document($0)] } ?? []) {
                    let options = CheckOptions(dialect: dialect)
                    if let found = Fuzz.complaint(about: template.check(against: subject, options: options)) {
                        return found
                    }
                }
            } catch {
                verdicts.append(false)
                if error.items.isEmpty { return "a template is refused without a reason" }
                if let found = Fuzz.complaint(about: error.items) { return found }
                let isSyntax = !error.items.contains { $0.code == .contextMismatch || $0.code == .unsafeValue }
                if dialect != .plain, verdicts[0], isSyntax { return "a dialect refuses the syntax: \(error)" }
            }
        }
        return nil
    }
}
