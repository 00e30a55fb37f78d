/// The functions of one system, in the order of its documents.
struct FunctionTable: Sendable {
    let functions: [Function]

    /// Go's text/template: its names keep Go's meaning in every library.
    static let go = FunctionTable(functions: Function.logic + Function.comparison + Function.sequences + Function.text)

    /// Hugo's namespaces, and the short names that they have there.
    static let hugo = FunctionTable(
        functions: Function.partials + Function.cast + Function.math + Function.time + Function.safe
            + Function.messages + Function.os + Function.looseComparison + Function.collectionParts
            + Function.collectionMaking + Function.collectionSets + Function.collectionOrder
            + Function.collectionWhere + Function.collectionText + Function.stringCases + Function.stringTrims
            + Function.stringSearches + Function.stringCounts + Function.stringCuts + Function.inflections
            + Function.paths + Function.urls + Function.encodings + Function.hashes + Function.regularExpressions)

    /// What users of docker-gen, Sprig (Helm), consul-template and confd know.
    static let neighbours = FunctionTable(functions: Function.dockerGen + Function.neighbours + Function.textLayout)

    /// What configurations of proxies need; no other system has it.
    static let proxy = FunctionTable(functions: Function.addresses + Function.identifiers)
}

/// The functions that a template may name: tables by priority. A name means what the first table says that has it.
struct FunctionLibrary: Sendable {
    /// In the order of the tables.
    let all: [Function]
    private let indices: [String: Int]
    /// `strings` of `strings.ToUpper`.
    private let namespaces: Set<String>

    init(_ tables: [FunctionTable]) {
        all = tables.flatMap(\.functions)
        var indices: [String: Int] = [:]
        var namespaces: Set<String> = []
        for (index, function) in all.enumerated() {
            for name in [function.name] + function.aliases {
                if indices[name] == nil { indices[name] = index }
                if let dot = name.firstIndex(of: ".") { namespaces.insert(String(name[..<dot])) }
            }
        }
        self.indices = indices
        self.namespaces = namespaces
    }

    /// The function under its name or an alias.
    subscript(name: String) -> Function? { indices[name].map { all[$0] } }

    /// Whether `name.Something` names functions.
    func isNamespace(_ name: String) -> Bool { namespaces.contains(name) }

    /// Every name and alias, for "did you mean".
    var names: [String] { indices.keys.sorted() }

    /// The functions of a program's own before those that every template has.
    init(_ own: [TemplateFunction]) {
        self.init([FunctionTable(functions: own.map(\.function)), .go, .hugo, .neighbours, .proxy])
    }

    /// What every template can call.
    static let standard = FunctionLibrary([.go, .hugo, .neighbours, .proxy])
}
