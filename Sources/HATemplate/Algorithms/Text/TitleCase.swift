/// Hugo's default title case, the style of the Associated Press as the library prose applies it.
///
/// A word begins with a letter or number and reaches to the next space, `-` or `/`. Its first letter becomes a capital
/// unless it is a short word such as "of" that stands neither first nor last, after a space, `-` or `/`, and beside no
/// hyphen.
enum TitleCase {
    private static let shortWords = Set(
        [
            "a", "an", "and", "as", "at", "but", "by", "en", "for", "if", "in", "nor", "of", "on", "or", "per", "the",
            "to", "v", "v.", "via", "vs", "vs.",
        ].map { Array($0.utf8) })

    static func append(_ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        var title = Title(text)
        var offset = 0
        while offset < text.count {
            let decoded = DecodedScalar.decode(text, at: offset)
            let end = isWordStart(decoded.scalar) ? endOfWord(text, from: offset) : offset + decoded.length
            let piece = UnsafeBufferPointer(rebasing: text[offset..<end])
            if !isWordStart(decoded.scalar) {
                output.append(piece)
            } else if title.staysSmall(piece) {
                CaseMapping.append(piece, into: &output, CaseMapping.lower)
            } else {
                output.append(CaseMapping.title(decoded.scalar))
                output.append(UnsafeBufferPointer(rebasing: piece[decoded.length...]))
            }
            offset = end
        }
    }

    /// Letters and numbers.
    private static func isWordStart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            true
        default: false
        }
    }

    private static func endOfWord(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        text[start...].firstIndex { byte in
            switch byte {
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0C, 0x0D, UInt8(ascii: "-"), UInt8(ascii: "/"): true
            default: false
            }
        } ?? text.count
    }

    /// A title with plain quotes and hyphens, in which the words are found again one after the other.
    private struct Title {
        private let bytes: [UInt8]
        private var next = 0

        init(_ text: UnsafeBufferPointer<UInt8>) {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count)
            var offset = 0
            while offset < text.count {
                let decoded = DecodedScalar.decode(text, at: offset)
                switch decoded.scalar {
                case "\u{201C}", "\u{201D}": bytes.append(UInt8(ascii: "\""))
                case "\u{2018}", "\u{2019}": bytes.append(UInt8(ascii: "'"))
                case "\u{2013}", "\u{2014}": bytes.append(UInt8(ascii: "-"))
                case "\u{2026}": bytes.append(contentsOf: "...".utf8)
                default: bytes.append(contentsOf: text[offset..<(offset + decoded.length)])
                }
                offset += decoded.length
            }
            self.bytes = bytes
        }

        /// Moves on to the next word; whether it keeps small letters.
        mutating func staysSmall(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
            // Replaced quotes make a word as good as unfindable; looking on and on for it would cost the square of the text.
            let end = min(bytes.count, next + word.count + 4096)
            let place = bytes[..<end].withUnsafeBufferPointer { TextSearch(word).first(in: $0, from: next) }
            // A word with replaced quotes is not found; then the place before the next one counts, as in prose.
            let start = place ?? next - 1
            next = max(0, min(bytes.count, start + word.count))
            guard place != nil, start != 0, next != bytes.count else { return false }
            guard word.count <= 3, shortWords.contains(word.map { $0 < 0x80 ? $0 | 0x20 : $0 }) else { return false }
            let previous = byte(start - 1)
            guard [UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "/")].contains(previous) else { return false }
            let hyphen = UInt8(ascii: "-")
            let isApart = byte(start - 2) != UInt8(ascii: ":") && byte(start - 2) != hyphen
            return isApart && (byte(next) != hyphen || previous == hyphen)
        }

        /// The byte at a position, the first one for a position outside.
        private func byte(_ position: Int) -> UInt8 {
            bytes.indices.contains(position) ? bytes[position] : bytes.first ?? 0
        }
    }
}
