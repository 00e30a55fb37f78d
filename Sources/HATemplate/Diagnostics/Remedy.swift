/// What would help where that is done differently in each program: by an option of a command line, by a field of
/// `RenderOptions`. The words here are those for programs that embed the library.
package enum Remedy: Sendable, Equatable {
    /// A setting that the template asks for.
    case parameter
    /// The time that the template asks for.
    case time
    /// A variable of the environment; empty: its name is not known.
    case variable(String)
    /// The template was checked for another root than it has.
    case otherRoot
    /// A directive comes from the Config of a service.
    case trustedConfig
    /// A directive comes from other data.
    case writtenDirective
    /// A value was typed by whoever set a parameter.
    case ownedParameter
    /// Another language's function that asks a store of settings.
    case settings
    /// Another language's function that reads a variable of the environment.
    case environment

    var words: String {
        switch self {
        case .parameter: "give it in the options' parameters, or a default as the second argument"
        case .time: "give the time in the render's options"
        case .variable(let name): "allow \(name.isEmpty ? "it" : "'\(name)'") in the options' environment"
        case .otherRoot: "the check took the root for a list of services; another subject says what else it is"
        case .trustedConfig:
            "write the directive in the template; a Config is trusted when it comes from a trusted source; raw trusts any "
                + "text"
        case .writtenDirective: "write the directive in the template; raw trusts any text"
        case .ownedParameter: "a parameter set from text is data; those of files stand as written; raw trusts any text"
        case .settings: "settings come by param: {{ param \"name\" \"default\" }}"
        case .environment:
            "a variable of the environment is getenv \"NAME\", or with a default getenv \"NAME\" \"edge\""
        }
    }
}
