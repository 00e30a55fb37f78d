import Testing

@testable import haproxy_gen

/// A command gets an option's value by a cast to its type. These hold for all options that there are, so that no cast
/// can fail and give a default in place of what was written.
@Suite("Values of options and operands have the types that they are read with") struct OptionTypeTests {
    private struct Declared {
        let command: String
        let name: String
        let value: ValueDeclaration
    }

    private static let options: [Declared] = Program.declaration.family().flatMap { path, command in
        command.options.compactMap { option in
            option.value.map { Declared(command: path.joined(separator: " "), name: option.name, value: $0) }
        }
    }

    private static let operands: [Declared] = Program.declaration.family().flatMap { path, command in
        command.operands.map { Declared(command: path.joined(separator: " "), name: $0.name, value: $0.value) }
    }

    /// A word of each kind of values; one that the value accepts is enough.
    private static let words = ["text", "1", "a=b", "<<,>>", "file:1", "0", "table", "127.0.0.1:80"]

    @Test("what is parsed has the declared type")
    func parsed() {
        for declared in Self.options + Self.operands {
            let words = declared.value.kind.choices + Self.words
            let values = words.compactMap(declared.value.read)
            #expect(!values.isEmpty, "\(declared.command) \(declared.name): no word is accepted")
            #expect(values.allSatisfy { $0.type == declared.value.type }, "\(declared.command) \(declared.name)")
        }
    }

    /// Options of commands that share no code; each is read by the constant that its command declares.
    private static let declaredApart: Set<String> = ["format"]

    @Test("an option of one name has one type in all commands, so that shared code reads it in each")
    func oneType() {
        var types: [String: ValueDeclaration] = [:]
        for option in Self.options where !Self.declaredApart.contains(option.name) {
            let known = types[option.name] ?? option.value
            types[option.name] = known
            #expect(known.type == option.value.type, "\(option.command) --\(option.name)")
        }
        // These are read where others are declared.
        let others: [any DeclaredOption] = [
            Options.projectStateFolder, Options.stateFolder, Options.table, Options.project, Options.trustConfig,
            Options.timeLimit, Options.color,
        ]
        for option in others.map(\.declaration) {
            #expect(types[option.name]?.type == option.value?.type, "--\(option.name)")
        }
    }

    @Test("a default reads as its word does")
    func defaults() throws {
        let (defaultOption, plain) = (Options.stateFolder, Options.projectStateFolder)
        let given = try #require(plain.declaration.value?.read("elsewhere"))
        #expect(defaultOption.result(of: [given]) == "elsewhere" && plain.result(of: [given]) == "elsewhere")
        #expect(defaultOption.result(of: []) == "state" && plain.result(of: []) == nil)
    }
}
