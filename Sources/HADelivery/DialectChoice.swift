import HATemplate

/// What a user says about an output's dialect: the values of `--dialect`, and of `dialect` in a project file.
package enum DialectChoice: RawRepresentable, CaseIterable, Sendable, Equatable {
    /// By the names of files.
    case auto
    case chosen(Dialect)

    package static let allCases: [DialectChoice] = [.auto] + Dialect.allCases.map { .chosen($0) }

    package init?(rawValue: String) {
        guard let choice = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = choice
    }

    package var rawValue: String {
        switch self {
        case .auto: "auto"
        case .chosen(let dialect): dialect.rawValue
        }
    }

    /// The dialect of a template, or of the first of several names that says one.
    ///
    /// Names that say nothing mean plain text, which is then a guess to report.
    package func dialect(of names: String...) -> (dialect: Dialect, isGuessed: Bool) {
        switch self {
        case .chosen(let dialect): return (dialect, false)
        case .auto:
            guard let named = names.lazy.compactMap({ Dialect.named(by: $0) }).first else { return (.plain, true) }
            return (named, false)
        }
    }
}
