/// The templates of a program by name.
struct TemplateIndex: Sendable {
    private var indices: [[UInt8]: Int] = [:]

    /// Gives a template a name, unless another has it already.
    mutating func add(_ name: [UInt8], at index: Int) {
        if indices[name] == nil { indices[name] = index }
    }

    /// The template that `{{template}}` means.
    subscript(name: [UInt8]) -> Int? { indices[name] }

    /// The template that `partial` means: Hugo keeps them in a folder of their own and leaves it out of the name.
    func index(ofPartial name: [UInt8]) -> Int? {
        indices[name] ?? indices[Array("partials/".utf8) + name]
    }

    /// All names that a template can have been given, sorted, for "did you mean".
    var names: [String] {
        indices.keys.filter { $0.first != 0 }.map { String(decoding: $0, as: UTF8.self) }.sorted()
    }
}
