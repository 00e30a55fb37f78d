import HAServices
import HASystem
import HATemplate

/// The type of a key's value: how it looks, how it is read, and how a default of it is written.
struct ProjectType<Value: Sendable>: Sendable {
    let shape: ProjectShape
    /// nil for a value that is wrong; the reader has the mistake.
    let read: @Sendable (inout ProjectReader, ProjectReader.Member) -> Value?
    private let write: @Sendable (Value) -> String?

    init(
        _ shape: ProjectShape, write: @escaping @Sendable (Value) -> String? = { _ in nil },
        read: @escaping @Sendable (inout ProjectReader, ProjectReader.Member) -> Value?
    ) {
        self.shape = shape
        self.read = read
        self.write = write
    }

    func json(_ value: Value) -> String? { write(value) }
}

extension ProjectType<String> {
    static var text: Self { Self(.text(atLeast: 1), write: { "\"\($0)\"" }, read: { $0.text($1) }) }

    /// A text that the program does not read.
    static var place: Self { Self(.text(atLeast: 0), read: { _, _ in nil }) }

    /// A path from the project file, as it is seen from the working folder.
    static var path: Self { Self(.text(atLeast: 1), read: { $0.path($1) }) }

    static var targetName: Self {
        Self(.pattern("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$"), read: { $0.targetName($1) })
    }
}

extension ProjectType<[String]> {
    static var texts: Self {
        Self(.oneOrMany(.text(atLeast: 1)), read: { $0.each($1) { $0.text($1) } })
    }

    static var paths: Self {
        Self(.oneOrMany(.text(atLeast: 1)), read: { $0.each($1) { $0.path($1) } })
    }
}

extension ProjectType<TableName> {
    static var table: Self {
        Self(.pattern(#"^(?!\.\.?$)[A-Za-z0-9_.-]{1,255}$"#), read: { $0.tableName($1) })
    }
}

extension ProjectType where Value: RawRepresentable<String> & CaseIterable {
    static func choice(of type: Value.Type) -> Self {
        Self(
            .choice(Value.allCases.map(\.rawValue)), write: { "\"\($0.rawValue)\"" },
            read: { $0.choice($1, of: type) })
    }
}

extension ProjectType {
    /// A list of choices, or one alone.
    static func choices<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        of type: Choice.Type
    ) -> Self where Value == [Choice] {
        Self(
            .oneOrMany(.choice(Choice.allCases.map(\.rawValue))), read: { $0.each($1) { $0.choice($1, of: type) } })
    }
}

extension ProjectType<Int> {
    static func integer(_ range: ClosedRange<Int>) -> Self {
        Self(.integer(range), write: { String($0) }, read: { $0.integer($1, range) })
    }

    /// Seconds in the file, milliseconds here.
    static func seconds(_ range: ClosedRange<Int>) -> Self {
        Self(.integer(range), write: { String($0 / 1000) }, read: { $0.integer($1, range).map { $0 * 1000 } })
    }
}

extension ProjectType<Int> {
    /// A number with its unit in the file, milliseconds here.
    static func duration(_ range: ClosedRange<Int>) -> Self {
        Self(.duration, write: { "\"\(TimeWords.text($0))\"" }, read: { $0.duration($1, range) })
    }
}

extension ProjectType<SocketAddress> {
    static var address: Self { Self(.text(atLeast: 1), read: { $0.address($1) }) }
}

extension ProjectType<TargetEach> {
    static var each: Self {
        Self(.pattern(#"^(service|(\.[A-Za-z_][A-Za-z0-9_]*)+)$"#), read: { $0.each($1) })
    }
}

extension ProjectType<WatchSettings> {
    static var watch: Self { Self(.watch, read: { $0.watch($1) }) }
}

extension ProjectType<[ProjectSource]> {
    static var sources: Self { Self(.sources, read: { $0.sources($1) }) }
}

extension ProjectType<Double> {
    static var share: Self { Self(.share, read: { $0.share($1) }) }
}

extension ProjectType<Bool> {
    static var boolean: Self { Self(.boolean, write: { String($0) }, read: { $0.boolean($1) }) }
}

extension ProjectType<Template.Delimiters> {
    static var delimiters: Self { Self(.pair, read: { $0.delimiters($1) }) }
}

extension ProjectType<UInt32> {
    static var mode: Self { Self(.pattern("^0?[4-7][0-7][0145]$"), read: { $0.mode($1) }) }
}

extension ProjectType<[ProjectReader.Member]> {
    /// The settings by their keys, where they stand.
    static var settings: Self { Self(.settings, read: { $0.settings($1) }) }

    /// The elements of a list of objects.
    static var targets: Self { Self(.targets, read: { $0.targetList($1) }) }
}

extension ProjectType<Guards> {
    static var guards: Self { Self(.guards, read: { $0.guards($1) }) }
}
