/// The templates of a file and of the files that it may include, each under its names.
///
/// What the main file defines comes before what an included file defines under the same name, so that a page can
/// replace the blocks of a layout. Two included files must not define one name.
struct TemplateSet: Sendable {
    /// A file's tree and those of its definitions that count.
    struct Unit: Sendable {
        let tree: SyntaxTree
        let definitions: [SyntaxTree.Definition]
    }

    private(set) var units: [Unit] = []
    private(set) var index = TemplateIndex()
    /// Index of the template that a render begins with, over all units.
    private(set) var main = 0
    private var count = 0
    private var owners: [[UInt8]: (file: SourceFile, range: SourceRange, isMain: Bool)] = [:]

    /// - Parameters:
    ///   - main: the tree of the main file, whose own text is named `name`.
    ///   - includes: the trees of the included files, each with the names of its own text, the first of them the one
    ///     that its tree was parsed with.
    init(
        main tree: SyntaxTree, name: [UInt8], includes: [(names: [[UInt8]], tree: SyntaxTree)]
    ) throws(Diagnostics) {
        var mistakes: [Diagnostic] = []
        add(tree, aliases: [], isMain: true, &mistakes)
        main = index[name] ?? 0
        for include in includes { add(include.tree, aliases: include.names, isMain: false, &mistakes) }
        guard mistakes.isEmpty else { throw Diagnostics(mistakes) }
    }

    private mutating func add(_ tree: SyntaxTree, aliases: [[UInt8]], isMain: Bool, _ mistakes: inout [Diagnostic]) {
        var kept: [SyntaxTree.Definition] = []
        for definition in tree.definitions {
            if let owner = owners[definition.name] {
                guard !owner.isMain else { continue }
                mistakes.append(duplicate(definition, in: tree.file, first: owner))
                continue
            }
            owners[definition.name] = (tree.file, definition.nameRange, isMain)
            index.add(definition.name, at: count)
            if definition.name == aliases.first {
                for alias in aliases { index.add(alias, at: count) }
            }
            kept.append(definition)
            count += 1
        }
        units.append(Unit(tree: tree, definitions: kept))
    }

    private func duplicate(
        _ definition: SyntaxTree.Definition, in file: SourceFile,
        first: (file: SourceFile, range: SourceRange, isMain: Bool)
    ) -> Diagnostic {
        let name = String(decoding: definition.name, as: UTF8.self)
        return Diagnostic(
            .duplicateTemplate, "the template \"\(name)\" is defined twice",
            at: SourceLocation(file, definition.nameRange),
            notes: [.init("it is defined here first", at: SourceLocation(first.file, first.range))])
    }

    /// Every place that calls a function, in the order of the files.
    func uses(of function: String, library: FunctionLibrary) -> [(unit: Int, range: SourceRange)] {
        units.enumerated().flatMap { number, unit in
            unit.tree.nodes.indices.compactMap { index in
                guard case .identifier(let name) = unit.tree.nodes[index], library[name]?.name == function else {
                    return nil
                }
                return (number, unit.tree.ranges[index])
            }
        }
    }
}
