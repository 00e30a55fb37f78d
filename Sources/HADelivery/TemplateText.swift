import HASystem
import HATemplate

/// The text of a template or piece, as editors save it.
enum TemplateText {
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The file without a byte-order mark. Throws for UTF-16, in which nothing of it would be read rightly.
    static func source(_ file: InputFile) throws(Diagnostics) -> SourceFile {
        let bytes = file.bytes
        if isUTF16(bytes) {
            let range = SourceRange(start: 0, end: 1)
            throw Diagnostics([
                Diagnostic(
                    .badCharacter, "this file is UTF-16; save it as UTF-8",
                    at: SourceLocation(SourceFile(name: file.name, bytes: bytes), range))
            ])
        }
        return SourceFile(name: file.name, bytes: bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes)
    }

    /// Whether a file begins with the mark of UTF-16, or with an ASCII character and a zero byte in either order.
    private static func isUTF16(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 2 else { return false }
        switch (bytes[0], bytes[1]) {
        case (0xFF, 0xFE), (0xFE, 0xFF): return true
        case (0, 1..<0x80), (1..<0x80, 0): return bytes.count.isMultiple(of: 2)
        default: return false
        }
    }
}
