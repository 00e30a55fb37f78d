/// Finds calls with a literal where the function wants the text that it works on, as `.Id | replace "." "_"`: other
/// systems take the text last, and the result would be wrong without an error.
struct ArgumentOrder {
    private let library: FunctionLibrary

    init(_ library: FunctionLibrary) {
        self.library = library
    }

    /// One warning for each such call, in the order of the files.
    func findings(_ set: TemplateSet) -> [Findings.Finding] {
        var found: [Findings.Finding] = []
        set.forEachCall(library: library) { site in
            guard found.count < Findings.maximumCount, let finding = finding(site) else { return }
            found.append(finding)
        }
        return found
    }

    private func finding(_ site: CallSite) -> Findings.Finding? {
        let parameters = site.function.parameters
        guard let subject = parameters.firstIndex(where: { $0.role != .ordinary }), subject < site.count,
            let literal = site.constant(subject), site.function.mismatch(count: site.count) == nil,
            let data = (0..<site.count).last(where: { site.constant($0) == nil }) ?? pipedLiteral(site, but: subject),
            isSuspect(literal, parameters[subject].role), !holds(literal, anotherOf: site, but: subject)
        else { return nil }
        let order = listed(parameters.prefix(site.count).map(\.name))
        let role = parameters[min(data, parameters.count - 1)].name
        return Findings.Finding(
            unit: site.unit,
            diagnostic: Diagnostic(
                .argumentOrder,
                "\(site.name) takes \(order): here \(site.text(subject)) is the \(parameters[subject].name), "
                    + "and \(shown(site, data)) is the \(role)",
                at: SourceLocation(site.tree.file, site.range), severity: .warning,
                notes: [.init(advice(site, subject: subject, data: data))]))
    }

    /// Where all arguments are literals, a pipe shows which one is the text.
    private func pipedLiteral(_ site: CallSite, but subject: Int) -> Int? {
        guard site.piped != nil, site.count - 1 != subject else { return nil }
        return site.count - 1
    }

    private func isSuspect(_ literal: Node, _ role: Function.Role) -> Bool {
        switch (literal, role) {
        case (.string, .textualSubject): false
        case (.string, _), (.number, _), (.bool, _): true
        default: false
        }
    }

    /// A text that holds one of the other literals is meant to be the text: `replace "https://HOST/" "HOST" .Host`.
    private func holds(_ literal: Node, anotherOf site: CallSite, but subject: Int) -> Bool {
        guard case .string(let text) = literal else { return false }
        return (0..<site.count).contains { position in
            guard position != subject, case .string(let part) = site.constant(position), !part.isEmpty else {
                return false
            }
            return text.count > part.count
                && text.withUnsafeBufferPointer { text in
                    part.withUnsafeBufferPointer { text.firstRange(of: $0) != nil }
                }
        }
    }

    private func shown(_ site: CallSite, _ argument: Int) -> String {
        site.arguments.indices.contains(argument) ? site.text(argument) : "what the pipe brings"
    }

    /// The call with the data in the place of the text, the other arguments in their order.
    private func advice(_ site: CallSite, subject: Int, data: Int) -> String {
        var order = Array(0..<site.count)
        order.remove(at: data)
        order.insert(data, at: min(subject, order.count))
        let call = ([site.name] + order.map(site.text)).joined(separator: " ")
        return "write \(call) for that; a comment haproxy-gen:ignore \(DiagnosticCode.argumentOrder.rawValue) "
            + "keeps this meaning"
    }

    /// For `contains`, where only the first value's kind shows that it is not a map with a key.
    static func wholeBeforePart(_ name: String, _ text: String) -> String {
        "\(name) takes the part before the text that may hold it: here \"\(text)\" is the text; "
            + "write \(name) \"\(text)\" TEXT, or strings.Contains TEXT \"\(text)\""
    }

    /// For `in`, where only the kinds show it.
    static let collectionLast =
        "in takes the collection and the value: here a text is the collection and a list the value, which is never true; "
        + "write in LIST VALUE"

    private func listed(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return "\(names.dropLast().map { "the \($0)" }.joined(separator: ", ")) and the \(last)"
    }
}

extension Template {
    /// Names that the template's calls of `param` ask for; nil where a name is made while rendering, so that any may
    /// be asked for.
    package var parameterNames: Set<String>? {
        var names: Set<String>? = []
        templates.forEachCall(library: library) { site in
            switch site.function.typed {
            case .parameter:
                if case .string(let name) = site.literal(0) {
                    names?.insert(String(decoding: name, as: UTF8.self))
                } else {
                    names = nil
                }
            default:
                // What is called by its name may be `param`.
                guard case .functionName = site.function.together else { return }
                guard case .string(let name) = site.literal(1),
                    let called = library[String(decoding: name, as: UTF8.self)],
                    case .parameter = called.typed
                else {
                    if case .string = site.literal(1) { return }
                    names = nil
                    return
                }
                names = nil
            }
        }
        return names
    }
}
