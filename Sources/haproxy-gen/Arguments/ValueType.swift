import HASystem

/// The type of a value on the command line: how a word is read, how help names it, what a shell completes.
struct ValueType<Value: Sendable>: Sendable {
    let declaration: ValueDeclaration
    private let parse: @Sendable (String) -> Value?
    private let write: @Sendable (Value) -> String

    /// - Parameters:
    ///   - name: the value in help: `FILE`.
    ///   - expected: what is accepted, for the message about a word that is not: `seconds from 0 to 86400`.
    ///   - parse: nil for a word that is not accepted.
    ///   - write: the word for a value, for defaults in help.
    init(
        _ name: String, _ kind: ValueKind = .text, expected: String, parse: @escaping @Sendable (String) -> Value?,
        write: @escaping @Sendable (Value) -> String
    ) {
        self.parse = parse
        self.write = write
        declaration = ValueDeclaration(
            name: name, kind: kind, expected: expected, type: ObjectIdentifier(Value.self)
        ) { word in
            parse(word).map(ParsedValueBox.init)
        }
    }

    func word(for value: Value) -> String { write(value) }
}

/// A value type without its type: what the parser, help and the completion scripts need of it.
struct ValueDeclaration: Sendable {
    let name: String
    let kind: ValueKind
    let expected: String
    /// The type of what `read` gives. Options of one name in a command have one type: what is parsed by the declared one
    /// is read by another, such as `Options.projectStateFolder` for `--state`.
    let type: ObjectIdentifier
    let read: @Sendable (String) -> (any ParsedValue)?
}

/// How a shell completes a value.
enum ValueKind: Sendable, Equatable {
    case text
    case file
    case folder
    case fileOrFolder
    case choice([String])

    var choices: [String] {
        if case .choice(let names) = self { names } else { [] }
    }
}

/// A value of some type, as the parser keeps it until the command asks for it by its option.
protocol ParsedValue: Sendable {
    var type: ObjectIdentifier { get }
}

struct ParsedValueBox<Value: Sendable>: ParsedValue {
    let value: Value

    var type: ObjectIdentifier { ObjectIdentifier(Value.self) }
}

// MARK: The types

extension ValueType<String> {
    static func text(_ name: String) -> Self { word(name, .text) }
    static func file(_ name: String) -> Self { word(name, .file) }
    static func folder(_ name: String) -> Self { word(name, .folder) }
    static func fileOrFolder(_ name: String) -> Self { word(name, .fileOrFolder) }

    static func choice(_ name: String, of names: [String]) -> Self {
        Self(
            name, .choice(names), expected: oneOf(names), parse: { names.contains($0) ? $0 : nil },
            write: { $0 })
    }

    private static func word(_ name: String, _ kind: ValueKind) -> Self {
        Self(name, kind, expected: name, parse: { $0 }, write: { $0 })
    }
}

extension ValueType where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// The cases of an enumeration, in their order. Without a name, help shows all of them: `always|never`.
    static func choice(_ name: String? = nil) -> Self {
        let names = Value.allCases.map(\.rawValue)
        return Self(
            name ?? names.joined(separator: "|"), .choice(names), expected: oneOf(names),
            parse: { Value(rawValue: $0) }, write: { $0.rawValue })
    }
}

extension ValueType<Int> {
    /// A whole number, written in digits.
    static func number(_ name: String, _ allowed: ClosedRange<Int>) -> Self {
        let expected =
            allowed.upperBound == .max
            ? "a number from \(allowed.lowerBound) on"
            : "a number from \(allowed.lowerBound) to \(allowed.upperBound)"
        return Self(
            name, expected: expected,
            parse: { word in
                let isDigits = word.utf8.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
                return isDigits ? Int(word).flatMap { allowed.contains($0) ? $0 : nil } : nil
            }, write: { String($0) })
    }

    /// Seconds, with or without a fraction; the value is in milliseconds.
    static func seconds(_ name: String, upTo most: Int) -> Self {
        Self(
            name, expected: "seconds from 0 to \(most)",
            parse: { word in
                guard let seconds = Double(word), seconds >= 0, seconds <= Double(most) else { return nil }
                return Int(exactly: (seconds * 1000).rounded(.towardZero))
            }, write: { $0 % 1000 == 0 ? String($0 / 1000) : String(Double($0) / 1000) })
    }
}

extension ValueType<SocketAddress> {
    /// Where a server listens.
    static func address(_ name: String) -> Self {
        Self(
            name, expected: "an address and port such as 127.0.0.1:9090, or unix: and an absolute path",
            parse: { try? SocketAddress($0) }, write: { $0.description })
    }
}

/// `a, b or c`
func oneOf(_ names: [String]) -> String {
    names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
}
