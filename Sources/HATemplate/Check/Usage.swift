/// Which variables are declared and which are read, over all walks through a template.
struct Usage {
    private struct Key: Hashable {
        let unit: Int
        let start: UInt32
    }

    struct Declared {
        let unit: Int
        let name: String
        let range: SourceRange
        /// Of the element of a loop: where its index is declared, which can only stand before an element.
        let index: SourceRange?
    }

    private var declared: [Key: Declared] = [:]
    private var used: Set<Key> = []

    mutating func declare(_ declaration: Node.Declaration, in unit: Int, indexIfElement index: SourceRange?) {
        let key = Key(unit: unit, start: declaration.range.start)
        guard declared[key] == nil else { return }
        declared[key] = Declared(unit: unit, name: declaration.name, range: declaration.range, index: index)
    }

    mutating func use(_ place: SourceRange, in unit: Int) {
        used.insert(Key(unit: unit, start: place.start))
    }

    /// Variables that nothing reads; not those whose name says so, `$_` and what begins with it.
    var unused: [Declared] {
        declared.filter { key, variable in
            guard !used.contains(key), !variable.name.hasPrefix("$_") else { return false }
            return variable.index.map { !used.contains(Key(unit: key.unit, start: $0.start)) } ?? true
        }.values.sorted { ($0.unit, $0.range.start) < ($1.unit, $1.range.start) }
    }
}
