/// What follows a value in its argument.
struct Following: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        /// The argument ends.
        case end
        /// nginx: the argument ends, and a block begins.
        case block
        /// More text of the argument.
        case more
        /// HAProxy: a quote, with which the argument may end.
        case quote
        case unknown
    }

    /// Letters of the template that the word goes on with.
    struct Tail: Hashable, Sendable {
        var letters: [UInt8] = []
        /// Whether the word ends with them.
        var isWhole = false
    }

    /// What ends with nothing but blanks before it.
    enum Stop: UInt8, Sendable {
        case directive
        /// HAProxy: the braces of an anonymous ACL.
        case braces
        /// The template: what follows is known to its callers.
        case template
        /// Nothing: after the blanks another argument begins.
        case word
        case nothing
    }

    let kind: Kind
    private(set) var stop = Stop.nothing
    /// As far as they may make a word that means something; one for each way that may be taken.
    private(set) var tails: Set<Tail> = []

    static let unknown = Following(kind: .unknown)
    /// The template ends.
    static let endOfTemplate = Following(kind: .unknown, stop: .template)

    private init(kind: Kind, stop: Stop = .nothing) {
        self.kind = kind
        self.stop = stop
    }

    init(_ text: some Collection<UInt8>, _ dialect: Dialect) {
        kind = Kind(text, dialect)
        stop = Stop(text, dialect)
        guard kind == .more || kind == .quote else { return }
        let tail = Tail(text, dialect)
        if Words.mayEnd(with: tail) { tails = [tail] }
    }

    /// What holds on either of two ways.
    func joined(with other: Following) -> Following {
        var joined = Following(
            kind: kind == other.kind ? kind : .unknown, stop: stop == other.stop ? stop : .nothing)
        joined.tails = tails.union(other.tails)
        return joined
    }
}

extension Following.Kind {
    fileprivate init(_ text: some Collection<UInt8>, _ dialect: Dialect) {
        guard let byte = text.first else {
            self = .unknown
            return
        }
        switch (dialect, byte) {
        case (.plain, _):
            self = .more
        case (.haproxy, UInt8(ascii: "\"")), (.haproxy, UInt8(ascii: "'")):
            self = text.count == 1 || Self(text.dropFirst(), dialect) == .end ? .quote : .more
        case (.haproxy, _):
            self = isBlank(byte) || byte == UInt8(ascii: "#") ? .end : .more
        case (.nginx, UInt8(ascii: "{")):
            self = .block
        case (.nginx, _) where ("#\"'}~" as StaticString).contains(byte):
            // Text inside an argument, and something else where an empty value leaves it first.
            self = .unknown
        case (.nginx, _):
            self = isBlank(byte) || byte == UInt8(ascii: ";") ? .end : .more
        }
    }
}

extension Following.Stop {
    fileprivate init(_ text: some Collection<UInt8>, _ dialect: Dialect) {
        let rest = text.drop { isBlank($0) && ($0 != 0x0A || dialect.endsDirectivesBySigns) }
        switch (dialect, rest.first) {
        case (.haproxy, 0x0A?), (.haproxy, UInt8(ascii: "#")?): self = .directive
        case (.haproxy, UInt8(ascii: "}")?): self = rest.dropFirst().first.map(isBlank) ?? true ? .braces : .nothing
        case (.nginx, UInt8(ascii: ";")?), (.nginx, UInt8(ascii: "{")?): self = .directive
        case (.haproxy, _?), (.nginx, _?): self = text.first.map(isBlank) ?? false ? .word : .nothing
        default: self = .nothing
        }
    }
}

extension Following.Tail {
    /// The letters at the beginning of a text, without HAProxy's quotes.
    fileprivate init(_ text: some Collection<UInt8>, _ dialect: Dialect) {
        for byte in text {
            if dialect.endsWord(byte) {
                isWhole = true
                return
            }
            if !dialect.hasKeywords || !("\"'\\" as StaticString).contains(byte) { letters.append(byte) }
            // No word that means something is as long.
            if letters.count > 32 { return }
        }
    }
}

extension Dialect {
    fileprivate func endsWord(_ byte: UInt8) -> Bool {
        switch self {
        case .haproxy: isBlank(byte) || byte == UInt8(ascii: "#")
        case .nginx: isBlank(byte) || (";{\"'" as StaticString).contains(byte)
        case .plain: false
        }
    }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
