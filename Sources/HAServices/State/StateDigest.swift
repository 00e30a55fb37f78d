import HATemplate

/// The digest of a state file: the SHA-256 of the file without the line that holds the digest.
///
/// It distinguishes a change by hand or a fault of the disk from what the program wrote. Anybody can compute it:
/// `grep -v '^  "digest": ' current.json | sha256sum`.
struct StateDigest {
    /// What the file says.
    let written: String
    /// What it should say.
    let computed: String

    var matches: Bool { written == computed }

    private static let prefix = "sha256:"
    private static let lineStart = "\n  \"digest\": \""
    /// Of the same length as a digest.
    static let placeholder = prefix + String(repeating: "0", count: 64)

    /// The line stands near the start of the file.
    private static let searched = 1024

    /// nil when the file has no line with a digest where the program writes it.
    init?(of bytes: [UInt8]) {
        guard let line = Self.line(of: bytes) else { return nil }
        let value = (line.lowerBound + Self.lineStart.utf8.count - 1)...
        let text = bytes[line][value].prefix { $0 != UInt8(ascii: "\"") }
        var hash = SHA256()
        bytes.withUnsafeBytes { buffer in
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<line.lowerBound]))
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[line.upperBound...]))
        }
        written = String(decoding: text, as: UTF8.self)
        computed = Self.prefix + hash.finish().map { Self.hexadecimal($0) }.joined()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    /// The line of the digest with its line break.
    private static func line(of bytes: [UInt8]) -> Range<Int>? {
        let start = Array(lineStart.utf8)
        let last = min(bytes.count, searched) - start.count
        guard last > 0 else { return nil }
        for offset in 0..<last where bytes[offset] == UInt8(ascii: "\n") {
            guard bytes[offset..<(offset + start.count)].elementsEqual(start) else { continue }
            guard let end = bytes[(offset + 1)...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            return (offset + 1)..<(end + 1)
        }
        return nil
    }
}
