/// A named text that diagnostics can point into: a template, a service file, a payload.
///
/// The bytes are a view of an array that several files may share, so that the text of many service files stands in
/// memory once (see `Document`). They need not be valid UTF-8.
public struct SourceFile: Sendable {
    /// The name as the user wrote it, printed in front of every diagnostic.
    public let name: String
    private let storage: [UInt8]
    private let extent: Range<Int>

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        storage = bytes
        extent = 0..<bytes.count
    }

    public init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// A file that is part of a larger text. `extent` is clamped to the storage.
    init(name: String, sharing storage: [UInt8], extent: Range<Int>) {
        self.name = name
        self.storage = storage
        self.extent = extent.clamped(to: 0..<storage.count)
    }

    /// Number of bytes.
    public var count: Int { extent.count }

    /// The bytes; offsets of a `SourceRange` count from the first of them.
    public var bytes: ArraySlice<UInt8> { storage[extent] }

    /// The text of a range, with invalid UTF-8 repaired; the range is clamped to the file.
    public func text(of range: SourceRange) -> String {
        let clamped = clamp(range)
        return String(decoding: storage[clamped], as: UTF8.self)
    }

    /// Distinguishes files that share a name, as an output of now and the one that was written before.
    package struct Identity: Hashable, Sendable {
        fileprivate let name: String
        fileprivate let address: UInt
        fileprivate let extent: Range<Int>
    }

    /// Equal for copies; valid while one of them is there.
    package var identity: Identity {
        let address = storage.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        return Identity(name: name, address: address, extent: extent)
    }

    private func clamp(_ range: SourceRange) -> Range<Int> {
        let start = min(extent.lowerBound + Int(range.start), extent.upperBound)
        let end = min(extent.lowerBound + Int(range.end), extent.upperBound)
        return start..<max(start, end)
    }
}

extension SourceFile: CustomStringConvertible {
    public var description: String { name }
}

/// Number of Unicode scalars; a broken sequence counts as the one U+FFFD that is shown for it.
func columnWidth(_ bytes: some Collection<UInt8>) -> Int {
    var parser = UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var count = 0
    while true {
        if case .emptyInput = parser.parseScalar(from: &rest) { return count }
        count += 1
    }
}
