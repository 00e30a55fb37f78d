import HATemplate

/// Finds settings of a person's own writing that no call of `param` asks for: most are misspelled.
enum UnreadSettings {
    /// A warning for each setting of `-p`, and of `params` in a project file, that a template does not read. Files of
    /// settings may be shared by several templates, so what is in them need not be read by each.
    static func warnings(_ input: RenderInput, _ template: Template) -> [Diagnostic] {
        guard let read = template.parameterNames else { return [] }
        let given =
            input.places.parameters
            + input.settings.compactMap { setting in
                if case .value(let name, _) = setting { NamedPlaces.Parameter(name: name, range: nil) } else { nil }
            }
        return given.filter { !read.contains($0.name) }.map { parameter in
            let known = read.sorted()
            let near = nearest(to: parameter.name, in: known).map { "; did you mean '\($0)'?" } ?? ""
            let asked = known.isEmpty ? "it asks for none" : "it asks for " + known.joined(separator: ", ")
            return Diagnostic(
                .unknownParameter,
                "the template \(input.template) does not read the setting '\(parameter.name)'\(near)",
                at: input.places.location(of: parameter), severity: .warning, notes: [.init(asked)])
        }
    }
}
