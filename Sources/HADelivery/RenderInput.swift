import HAServices
import HASystem
import HATemplate

/// Where services may come from beside local files; the values of `--trust-config`.
package enum ConfigSource: String, Sendable, CaseIterable {
    /// `-s -`
    case stdin
    /// Tables of the state directory, and the payloads that change them.
    case state
}

/// All that decides the bytes of an output, save the files themselves.
package struct RenderInput: Sendable, Equatable {
    /// Where the root value comes from.
    package enum Root: Sendable, Equatable {
        /// Files, folders, patterns and `-`, in the order given, then a table of a state directory.
        case services([String], table: StoredTable? = nil)
        /// A file with any JSON value.
        case data(String)
    }

    /// A table whose services are stored.
    package struct StoredTable: Sendable, Equatable {
        package var folder: String
        package var name: TableName

        package init(folder: String, name: TableName) {
            self.folder = folder
            self.name = name
        }

        /// The table's own folder.
        package var path: String { folder + "/" + name.text }
    }

    /// A source of the project file.
    package struct NamedSource: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            /// Files, folders and patterns.
            case files([String])
            case table(StoredTable)
        }

        package let name: String
        package let kind: Kind
        package var trustsConfig: Bool

        package init(name: String, kind: Kind, trustsConfig: Bool) {
            self.name = name
            self.kind = kind
            self.trustsConfig = trustsConfig
        }
    }

    /// The table among the services.
    var table: StoredTable? {
        guard case .services(_, let table) = root else { return nil }
        return table
    }

    /// The files, folders and patterns that services are read from.
    package var servicePaths: [String] {
        var paths: [String] = []
        if case .services(let own, _) = root { paths = own }
        for source in named {
            if case .files(let others) = source.kind { paths += others }
        }
        return paths
    }

    /// Puts a table after the services, in place of one that is there; false where the root is other data.
    package mutating func join(_ table: StoredTable) -> Bool {
        guard case .services(let paths, _) = root else { return false }
        root = .services(paths, table: table)
        return true
    }

    /// Where settings come from; a later one wins.
    package enum Settings: Sendable, Equatable {
        /// A file with a JSON object.
        case file(String)
        /// An object inside a file that has been read.
        case part(of: InputFile, at: [ParameterSet.Step])
        /// One setting; text that is JSON stands for its value.
        case value(name: String, text: String)
    }

    package var template: String
    package var root: Root
    package var dialect: Dialect
    package var missingKey = MissingKey.error
    package var blankLines: BlankLines
    package var delimiters = Template.Delimiters()
    package var settings: [Settings] = []
    /// Sources beside local files whose Config is trusted.
    package var trustedSources: Set<ConfigSource> = []
    /// Folders of templates to share.
    package var includes: [String] = []
    /// Names of environment variables that the template may read.
    package var environment: [String] = []
    /// Services from elsewhere, which come after those of files and before those of a table; none where the root is
    /// other data.
    package var sources: [ServiceSource] = []
    /// The sources that the target names, whose services come after those of its files; of two services with one Id or
    /// port the first source's counts.
    package var named: [NamedSource] = []
    /// What was read already; nil: it is read.
    package var document: SharedDocument?
    /// Where a project file names what is read.
    var places = NamedPlaces()

    /// An input with the usual choices for its dialect.
    package init(template: String, root: Root, dialect: Dialect) {
        self.template = template
        self.root = root
        self.dialect = dialect
        blankLines = dialect.blankLines
    }
}
