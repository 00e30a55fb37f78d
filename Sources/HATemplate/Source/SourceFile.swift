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

    private func clamp(_ range: SourceRange) -> Range<Int> {
        let start = min(extent.lowerBound + Int(range.start), extent.upperBound)
        let end = min(extent.lowerBound + Int(range.end), extent.upperBound)
        return start..<max(start, end)
    }
}

extension SourceFile: CustomStringConvertible {
    public var description: String { name }
}

/// A place for people: both numbers are 1-based, columns count Unicode scalars.
public struct SourcePosition: Sendable, Hashable {
    public let line: Int
    public let column: Int
}

/// The offsets at which the lines of a file begin, so that many positions of one file cost one pass over it.
public struct LineIndex: Sendable {
    private let file: SourceFile
    private let lineStarts: [Int]  // offsets from the start of the file

    public init(_ file: SourceFile) {
        self.file = file
        var starts = [0]
        var offset = 0
        for byte in file.bytes {
            offset += 1
            if byte == UInt8(ascii: "\n") { starts.append(offset) }
        }
        lineStarts = starts
    }

    /// The position of a byte offset; an offset past the end gives the end.
    public func position(at offset: UInt32) -> SourcePosition {
        let offset = min(Int(offset), file.count)
        let line = lineNumber(of: offset)
        let bytes = file.bytes
        var start = bytes.startIndex + lineStarts[line]
        // A byte-order mark is no column: editors do not show it.
        if line == 0, offset >= 3, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start += 3 }
        let column = columnWidth(bytes[start..<(bytes.startIndex + offset)])
        return SourcePosition(line: line + 1, column: column + 1)
    }

    /// The 1-based number of the line that holds an offset; cheaper than the position on a long line.
    func number(ofLineAt offset: UInt32) -> Int { lineNumber(of: min(Int(offset), file.count)) + 1 }

    /// The bytes of the line that holds an offset, without its line break.
    public func line(at offset: UInt32) -> (bytes: ArraySlice<UInt8>, start: UInt32) {
        let line = lineNumber(of: min(Int(offset), file.count))
        let bytes = file.bytes
        let start = bytes.startIndex + lineStarts[line]
        var end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return (bytes[start..<end], UInt32(clamping: lineStarts[line]))
    }

    /// 0-based index of the last line that starts at or before `offset`.
    private func lineNumber(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
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
