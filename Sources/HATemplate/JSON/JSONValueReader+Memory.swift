extension Memory {
    /// Reads a JSON text that a template made or was given; of equal keys the last counts.
    ///
    /// Everything in the result counts as coming from `origin`. Throws the first mistake, with its place in the text.
    func readJSON(_ text: [UInt8], origin: UInt32) throws(Diagnostic) -> Value {
        var builder = DocumentBuilder()
        var mistakes: [Diagnostic] = []
        var scanner = try builder.addFile(name: "", bytes: text)
        let root = try builder.readValue(from: scanner.next(&builder), &scanner, mistakes: &mistakes)
        _ = try scanner.next(&builder)
        if let mistake = mistakes.first(where: { $0.code != .duplicateKey }) { throw mistake }
        let document = builder.build(root: root)
        return adopt(document, origin: origin)
    }

    /// Copies the pools of another document, whose values have no records, and gives its root value, which points into
    /// the copies. Everything counts as coming from `origin`.
    func adopt(_ document: Document, origin: UInt32) -> Value {
        let source = makeString(document.source).start
        let decoded = makeString(document.decoded).start
        let values = makeList([]).start
        func moved(_ value: Value) -> Value {
            let start: Int
            switch value.kind {
            case .string: start = value.start + (value.pool == .decoded ? decoded : source)
            case .list, .map: start = value.start + values
            default: return value.withOrigin(origin)
            }
            return Value(
                value.kind, start: start, count: value.count, type: value.type, pool: .scratch, origin: origin)
        }
        _ = makeList(document.values.map(moved))
        return moved(document.root)
    }
}
