/// A range of a source file, in bytes from its start: `start ..< end`.
///
/// Line and column are computed only when a diagnostic is printed (`LineIndex.position(at:)`).
public struct SourceRange: Sendable, Hashable {
    /// Offset of the first byte.
    public var start: UInt32
    /// Offset after the last byte; equal to `start` for a point.
    public var end: UInt32

    public init(start: UInt32, end: UInt32) {
        self.start = start
        self.end = max(start, end)
    }

    /// A point between two bytes.
    public init(at offset: UInt32) {
        self.init(start: offset, end: offset)
    }

    /// From two array indices, clamped to what a file can hold.
    init(_ start: Int, _ end: Int) {
        self.init(start: UInt32(clamping: start), end: UInt32(clamping: end))
    }

    /// The smallest range that holds both.
    public func union(_ other: SourceRange) -> SourceRange {
        SourceRange(start: min(start, other.start), end: max(end, other.end))
    }
}
