/// The settings that `param` answers: from files and from single values, where a later one replaces an earlier one.
///
/// Files are the owner's: their texts are trusted, and stand in a configuration as written. A single value is data, as a
/// script may give it.
package struct ParameterSet: ~Copyable {
    private var builder = DocumentBuilder()
    private var entries: [[UInt8]: (key: Value, value: Value)] = [:]

    package init() {}

    /// Adds every entry of a JSON object.
    ///
    /// Throws what is wrong with the text, or `wrong-type` when it is no object.
    package mutating func addFile(name: String, bytes: [UInt8]) throws(Diagnostics) {
        try addFile(name: name, bytes: bytes, at: [])
    }

    /// A step from a JSON value to one inside it.
    package enum Step: Sendable, Equatable {
        case key(String)
        case index(Int)
    }

    /// Adds every entry of an object that stands inside a JSON file; nothing when there is no such object.
    package mutating func addFile(name: String, bytes: [UInt8], at path: [Step]) throws(Diagnostics) {
        var mistakes: [Diagnostic] = []
        do throws(Diagnostic) {
            var scanner = try builder.addFile(name: name, bytes: bytes)
            let token = try scanner.next(&builder)
            let location = scanner.location
            let root = try builder.readValue(from: token, &scanner, mistakes: &mistakes)
            _ = try scanner.next(&builder)
            let object = path.reduce(root) { child($1, of: $0) }
            if !path.isEmpty, object.kind != .map { return }
            guard object.kind == .map else {
                throw Diagnostic(.wrongType, "the parameters must be one JSON object", at: location)
            }
            let flat = Array(builder.elements(of: object))
            for index in stride(from: 0, to: flat.count, by: 2) {
                let value = builder.change(flat[index + 1]) { $0.kind == .string ? $0.trusted : $0 }
                add(flat[index], value)
            }
        } catch {
            mistakes.append(error)
        }
        guard mistakes.isEmpty else { throw Diagnostics(mistakes) }
    }

    private func child(_ step: Step, of value: Value) -> Value {
        let elements = Array(builder.elements(of: value))
        switch step {
        case .index(let index):
            return value.kind == .list && elements.indices.contains(index) ? elements[index] : .missing
        case .key(let name):
            guard value.kind == .map else { return .missing }
            let keys = stride(from: 0, to: elements.count, by: 2)
            let found = keys.first { builder.bytes(of: elements[$0]).elementsEqual(name.utf8) }
            return found.map { elements[$0 + 1] } ?? .missing
        }
    }

    /// Sets one value: text that is JSON stands for its value (`80`, `true`, `["a", "b"]`), any other for itself. A number
    /// prints as it is written here.
    package mutating func set(_ name: String, to text: String) {
        let key = builder.appendText(Array(name.utf8))
        add(key, typed(Array(text.utf8)) ?? builder.appendText(Array(text.utf8)))
    }

    private mutating func typed(_ bytes: [UInt8]) -> Value? {
        let start = builder.size
        var mistakes: [Diagnostic] = []
        do throws(Diagnostic) {
            var scanner = try builder.addFile(name: "", bytes: bytes)
            let text = Value(
                .string, start: start, count: bytes.count, pool: .source, origin: UInt32(truncatingIfNeeded: start) + 1)
            do throws(Diagnostic) {
                let value = try builder.readValue(from: scanner.next(&builder), &scanner, mistakes: &mistakes)
                _ = try scanner.next(&builder)
                guard mistakes.isEmpty else { return text }
                return builder.change(value) { $0.kind == .float ? $0.asTyped : $0 }
            } catch {
                return text
            }
        } catch {
            return nil
        }
    }

    private mutating func add(_ key: Value, _ value: Value) {
        entries[Array(builder.bytes(of: key))] = (key, value)
    }

    /// The document for `RenderOptions.parameters`.
    package consuming func document() -> Document {
        let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let root = builder.appendMap(sortedEntries: sorted.flatMap { [$0.value.key, $0.value.value] }, origin: 0)
        return builder.build(root: root)
    }
}

extension Value {
    /// A number that prints as it is written at its origin.
    fileprivate var asTyped: Value {
        var copy = self
        copy.type = TypeTag(rawValue: 1)
        return copy
    }
}
