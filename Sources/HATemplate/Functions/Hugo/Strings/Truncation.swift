/// Where a text that is longer than some characters is cut. Hugo: tpl/strings/truncate.go.
struct Truncation {
    /// nil when the text is not longer.
    private(set) var end: Int?
    /// Names of the elements of markup that are open there, the innermost first.
    private(set) var openTags: [ArraySlice<UInt8>] = []

    /// - Parameter isMarkup: whether tags count for nothing and are closed.
    init(_ text: UnsafeBufferPointer<UInt8>, length: Int, isMarkup: Bool) {
        var tags = TagReader(text)
        var characters = 0
        var offset = 0
        var afterWord = 0
        var wordEnd = 0
        while offset < text.count {
            if isMarkup, let tagEnd = tags.read(at: offset) {
                wordEnd = afterWord
                offset = tagEnd
                continue
            }
            let decoded = DecodedScalar.decode(text, at: offset)
            characters += 1
            if Trimming.isSpace(decoded.scalar) {
                wordEnd = afterWord
            } else {
                afterWord = offset + decoded.length
                if Self.isWordByItself(decoded.scalar) { wordEnd = characters > length ? offset : afterWord }
            }
            if characters > length {
                let cut = wordEnd == 0 ? offset : wordEnd
                end = cut
                openTags = tags.open(at: cut)
                return
            }
            offset += decoded.length
        }
    }

    /// Han, Hangul, Hiragana and Katakana: a text may be cut beside any of their characters.
    private static func isWordByItself(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x1100 else { return false }
        return eastAsian.contains { $0.contains(scalar.value) }
    }

    private static let eastAsian: [ClosedRange<UInt32>] = [
        0x1100...0x11FF, 0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007,
        0x3021...0x3029, 0x302E...0x302F, 0x3038...0x303B, 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA,
        0x30FD...0x30FF, 0x3131...0x318E, 0x31F0...0x31FF, 0x3200...0x321E, 0x3260...0x327E, 0x32D0...0x32FE,
        0x3300...0x3357, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xD7B0...0xD7C6,
        0xD7CB...0xD7FB, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0xFF66...0xFF6F, 0xFF71...0xFF9D, 0xFFA0...0xFFBE,
        0xFFC2...0xFFC7, 0xFFCA...0xFFCF, 0xFFD2...0xFFD7, 0xFFDA...0xFFDC, 0x16FE2...0x16FE3, 0x16FF0...0x16FF6,
        0x1AFF0...0x1AFF3, 0x1AFF5...0x1AFFB, 0x1AFFD...0x1AFFE, 0x1B000...0x1B122, 0x1B132...0x1B132,
        0x1B150...0x1B152, 0x1B155...0x1B155, 0x1B164...0x1B167, 0x1F200...0x1F200, 0x20000...0x2A6DF,
        0x2A700...0x2B81D, 0x2B820...0x2CEAD, 0x2CEB0...0x2EBE0, 0x2EBF0...0x2EE5D, 0x2F800...0x2FA1D,
        0x30000...0x3134A, 0x31350...0x33479,
    ]
}

/// Reads the tags of markup: `<a href="x">`, `</a>`, `<br />`.
private struct TagReader {
    private struct Tag {
        let name: Range<Int>
        let start: Int
        let isOpening: Bool
    }

    private let text: UnsafeBufferPointer<UInt8>
    private var tags: [Tag] = []
    /// The first `>` and the first line break at or after some place, so that each is looked for once.
    private var close = -1
    private var lineBreak = -1

    private static let single = ["br", "col", "link", "base", "img", "param", "area", "hr", "input"]
    /// No element has a longer name.
    private static let longestName = 256

    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    /// The end of the tag that begins at an offset, if one does; remembers it.
    mutating func read(at start: Int) -> Int? {
        guard text[start] == UInt8(ascii: "<") else { return nil }
        let isClosing = start + 1 < text.count && text[start + 1] == UInt8(ascii: "/")
        guard let tag = (isClosing ? parse(from: start + 2) : nil) ?? parse(from: start + 1) else { return nil }
        let isOpening = !(isClosing && tag.name.lowerBound == start + 2)
        if !tag.isSingle, !Self.single.contains(String(decoding: text[tag.name], as: UTF8.self)) {
            tags.append(Tag(name: tag.name, start: start, isOpening: isOpening))
        }
        return tag.end
    }

    /// A name, and what stands after it up to the `>`.
    private mutating func parse(from start: Int) -> (name: Range<Int>, isSingle: Bool, end: Int)? {
        var nameEnd = start
        while nameEnd < text.count, nameEnd - start < Self.longestName, text[nameEnd] != UInt8(ascii: " ") {
            nameEnd += 1
            var slash = nameEnd
            while slash < text.count, (" \t\n\r\u{0C}" as StaticString).contains(text[slash]) { slash += 1 }
            if slash + 1 < text.count, text[slash] == UInt8(ascii: "/"), text[slash + 1] == UInt8(ascii: ">") {
                return (start..<nameEnd, true, slash + 2)
            }
            guard nameEnd < text.count else { return nil }
            if text[nameEnd] == UInt8(ascii: ">") { return (start..<nameEnd, false, nameEnd + 1) }
            guard text[nameEnd] == UInt8(ascii: " ") else { continue }
            seek(from: nameEnd)
            return close < text.count && close < lineBreak ? (start..<nameEnd, false, close + 1) : nil
        }
        return nil
    }

    private mutating func seek(from offset: Int) {
        if close < offset { close = text[offset...].firstIndex(of: UInt8(ascii: ">")) ?? text.count }
        if lineBreak < offset { lineBreak = text[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count }
    }

    /// The names of the elements that are open at an offset, as Hugo pairs them.
    func open(at end: Int) -> [ArraySlice<UInt8>] {
        var names: [ArraySlice<UInt8>] = []
        var closing: Range<Int>?
        for tag in tags.reversed() {
            if let name = closing {
                if text[name].elementsEqual(text[tag.name]) { closing = nil }
            } else if tag.start < end {
                if tag.isOpening { names.append(Array(text[tag.name])[...]) } else { closing = tag.name }
            }
        }
        return names
    }
}
