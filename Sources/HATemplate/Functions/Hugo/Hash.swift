/// Checksums of text. Hugo: tpl/crypto, tpl/hash.
extension Function {
    static let hashes: [Function] = [
        digest(
            "crypto.MD5", aliases: ["md5"], summary: "The MD5 checksum of a text, in hexadecimal digits",
            example: #"{{ md5 "web" }}"#, MD5.digest),
        digest(
            "crypto.SHA1", aliases: ["sha1"], summary: "The SHA-1 checksum of a text, in hexadecimal digits",
            example: #"{{ sha1 "web" }}"#, SHA1.digest),
        digest(
            "crypto.SHA256", aliases: ["sha256", "sha256sum"],
            summary: "The SHA-256 checksum of a text, in hexadecimal digits", example: #"{{ sha256 "web" }}"#,
            SHA2.digest256),
        digest(
            "crypto.SHA512", aliases: ["sha512"], summary: "The SHA-512 checksum of a text, in hexadecimal digits",
            example: #"{{ sha512 "web" }}"#, SHA2.digest512),
        digest(
            "hash.XxHash", aliases: ["xxhash"], summary: "The 64-bit xxHash of a text, in hexadecimal digits",
            example: #"{{ xxhash "web" }}"#
        ) { XXHash64.hash($0).bigEndianBytes },
        Function(
            "hash.FNV32a", aliases: ["crypto.FNV32a"], [.init("text", .scalar)], result: .int,
            summary: "The 32-bit FNV-1a hash of a text, as a number", example: #"{{ mod (hash.FNV32a "web") 8 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            return .int(Int(FNV1a.hash32(context.memory.bytes(of: text))))
        },
    ]

    /// A function of one text whose result is shown in hexadecimal digits.
    private static func digest(
        _ name: String, aliases: [String], summary: String, example: String,
        _ digest: @escaping @Sendable (UnsafeBufferPointer<UInt8>) -> [UInt8]
    ) -> Function {
        Function(
            name, aliases: aliases, [.init("text", .scalar)], result: .string, summary: summary, example: example
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            let bytes = digest(context.memory.bytes(of: text))
            return context.memory.makeString { output in
                for byte in bytes { output.append(hexadecimal: UInt64(byte), digits: 2) }
            }
        }
    }
}
