import HATemplate

extension Diagnostic {
    /// The same with advice in the words of this program's command line.
    var inCommandLineWords: Diagnostic {
        var diagnostic = self
        for index in notes.indices {
            if let remedy = notes[index].remedy { diagnostic.notes[index].message = remedy.commandLineWords }
        }
        return diagnostic
    }
}

extension Remedy {
    /// What to do about it on the command line and in a project file.
    fileprivate var commandLineWords: String {
        switch self {
        case .parameter: "give it with --param or --params, or a default as the second argument"
        case .time: "set SOURCE_DATE_EPOCH, or give the time in the render's options"
        case .variable(let name): "allow it with --env \(name.isEmpty ? "NAME" : name)"
        case .otherRoot: "check took the root for a list of services; --schema FILE says what else it is"
        case .trustedConfig:
            "write the directive in the template; a Config is trusted when it comes from a local service file, or "
                + "from a source named by --trust-config; raw trusts any text"
        case .writtenDirective:
            "write the directive in the template; raw trusts any text (--trust-config is for the Config of services)"
        case .ownedParameter:
            "what --param gives is data; params of the project file and files of --params are the owner's and stand as "
                + "written; raw trusts any text"
        case .settings:
            "settings come by param: {{ param \"name\" \"default\" }}, from --param, --params or the project file"
        case .environment:
            "a variable of the environment is getenv \"NAME\", or with a default getenv \"NAME\" \"edge\"; --env NAME "
                + "allows it"
        }
    }
}
