extension Memory {
    /// Reads a JSON text that a template made or was given; of equal keys the last counts.
    ///
    /// Everything in the result counts as coming from `origin`. Throws the first mistake, with its place in the text.
    func readJSON(_ text: [UInt8], origin: UInt32) throws(Diagnostic) -> Value {
        var builder = DocumentBuilder()
        var mistakes: [Diagnostic] = []
        var scanner = try builder.addFile(name: "", bytes: text)
        let root = try builder.readValue(
            from: scanner.next(&builder), &scanner, reportsDuplicates: false, mistakes: &mistakes)
        _ = try scanner.next(&builder)
        if let mistake = mistakes.first { throw mistake }
        let document = builder.build(root: root)
        return adopt(document) { value, _ in value.withOrigin(origin) }
    }

    /// Copies the pools of another document, whose values have no records, and gives its root value, which points into
    /// the copies. `change` makes the copy of a value what it is to be; it is told where the document's text begins.
    func adopt(_ document: Document, _ change: (Value, _ source: Int) -> Value) -> Value {
        let source = makeString(document.source).start
        let decoded = makeString(document.decoded).start
        let values = makeList([]).start
        func moved(_ value: Value) -> Value {
            let start: Int
            switch value.kind {
            case .string: start = value.start + (value.pool == .decoded ? decoded : source)
            case .list, .map: start = value.start + values
            default: return change(value, source)
            }
            let copy = Value(
                value.kind, start: start, count: value.count, type: value.type, pool: .scratch, origin: value.origin)
            return change(value.isTrusted && value.kind == .string ? copy.trusted : copy, source)
        }
        _ = makeList { append in
            for value in document.values { append(moved(value)) }
        }
        return moved(document.root)
    }
}
