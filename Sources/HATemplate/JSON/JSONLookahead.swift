/// Reads what most files are made of, plain strings and short integers, ahead of a cursor.
///
/// A reader that knows what should come next looks for it here, with code that becomes a part of its own, and lets the
/// cursor follow (`JSONCursor.accept`) when it has found a whole value or member that it likes. Whatever else stands
/// there is left to the cursor, which reads all of JSON and says what is wrong: each function either reads what it is
/// named after, or returns nil or false, and then the look ahead is over.
@usableFromInline
package struct JSONLookahead {
    @usableFromInline let text: UnsafeBufferPointer<UInt8>
    @usableFromInline let end: Int
    /// Offset of the first byte that was not read yet.
    @usableFromInline package private(set) var position: Int
    /// Whether the next element or member is the first one, which no comma stands before.
    @usableFromInline var isFirst: Bool

    @usableFromInline
    init(text: UnsafeBufferPointer<UInt8>, end: Int, position: Int, isFirst: Bool) {
        self.text = text
        self.end = end
        self.position = position
        self.isFirst = isFirst
    }

    /// Reads the comma before an element or member, where there must be one.
    @inlinable @inline(__always)
    package mutating func takeSeparator() -> Bool {
        guard isFirst else { return take(UInt8(ascii: ",")) }
        isFirst = false
        return true
    }

    /// Reads a bracket, comma or colon.
    @inlinable @inline(__always)
    package mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < end, text[position] == byte else { return false }
        position &+= 1
        return true
    }

    /// Reads a key and the colon after it; gives the place of the key's text.
    @inlinable @inline(__always)
    package mutating func takeKey() -> Range<Int>? {
        guard let key = takeString(), take(UInt8(ascii: ":")) else { return nil }
        return key
    }

    /// Reads a string of printable ASCII; gives the place of its text.
    @inlinable @inline(__always)
    package mutating func takeString() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        let quote = text.endOfPlainRun(from: start, end: end)
        guard quote < end, text[quote] == UInt8(ascii: "\"") else { return nil }
        position = quote &+ 1
        return Range(uncheckedBounds: (start, quote))
    }

    /// Reads an integer of at most nine digits, without a sign.
    @inlinable @inline(__always)
    package mutating func takeInteger() -> Value? {
        skipSpace()
        let start = position
        var number = 0
        while position < end {
            let digit = text[position] &- UInt8(ascii: "0")
            if digit > 9 { break }
            number = number &* 10 &+ Int(digit)
            position &+= 1
        }
        let count = position &- start
        guard count > 0, count <= 9, count == 1 || text[start] != UInt8(ascii: "0"), isAtEndOfNumber else { return nil }
        return Value(number, writtenAt: start)
    }

    /// Whether no part of a number can come next.
    @inlinable @inline(__always)
    var isAtEndOfNumber: Bool {
        guard position < end else { return false }
        let byte = text[position]
        return byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte <= 0x20
    }

    /// The text at a place that was read.
    @inlinable @inline(__always)
    package func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: text[range])
    }

    @inlinable @inline(__always)
    mutating func skipSpace() {
        guard position < end, text[position] <= 0x20 else { return }
        if text[position] == 0x20, position &+ 1 < end, text[position &+ 1] > 0x20 {
            position &+= 1
        } else {
            position = text.endOfSpace(from: position, end: end)
        }
    }
}

extension JSONCursor {
    /// A look ahead at the elements or members that come next; at nothing where none can come.
    package func lookahead(_ text: UnsafeBufferPointer<UInt8>) -> JSONLookahead {
        let isInside = expecting == .firstElementOrEnd || expecting == .firstKeyOrEnd || expecting == .separatorOrEnd
        return JSONLookahead(
            text: text, end: end, position: isInside ? position : end, isFirst: expecting != .separatorOrEnd)
    }

    /// Goes after the elements or members that were read ahead.
    package mutating func accept(_ lookahead: JSONLookahead) {
        position = lookahead.position
        finishValue()
    }
}

// MARK: Scanning

extension UnsafeBufferPointer<UInt8> {
    /// Eight bytes, the first in the lowest bits; they must lie inside.
    @inlinable @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Offset of the next byte that is a quote, a backslash, a control character or not ASCII.
    @inlinable @inline(__always)
    func endOfPlainRun(from start: Int, end: Int) -> Int {
        var offset = start
        while end &- offset >= 8 {
            let special = Self.specialBytes(word(at: offset))
            if special != 0 { return offset &+ special.trailingZeroBitCount / 8 }
            offset &+= 8
        }
        while offset < end {
            let byte = self[offset]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x7F { return offset }
            offset &+= 1
        }
        return offset
    }

    /// The high bit of every byte of eight that is not plain; bits above the lowest one may be wrong.
    @inlinable @inline(__always)
    static func specialBytes(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let below = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word
        // Adding one to 0x7F sets its high bit; a carry out of 0xFF only reaches bytes above one that is special.
        return (below | word | (word &+ ones)) & (ones &* 0x80)
    }

    /// Offset of the next byte that is no white space.
    @usableFromInline @inline(never)
    func endOfSpace(from start: Int, end: Int) -> Int {
        var offset = start
        while offset < end {
            let byte = self[offset]
            if byte > 0x20 { return offset }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return offset }
            offset &+= 1
            while end &- offset >= 8 {  // indentation
                let others = word(at: offset) ^ 0x2020_2020_2020_2020
                guard others == 0 else {
                    offset &+= others.trailingZeroBitCount / 8
                    break
                }
                offset &+= 8
            }
        }
        return offset
    }
}
