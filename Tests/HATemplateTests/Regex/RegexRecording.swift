import Foundation

@testable import HATemplate

/// Answers of Go 1.27.3's `regexp` in `Data/regexp.json`. A string that is not UTF-8 is an object with its bytes under
/// `$hex`.
struct RegexRecording: Decodable {
    struct Match: Decodable {
        let pattern: Bytes
        let text: Bytes
        /// FindAllSubmatchIndex: starts and ends of the groups, -1 where one took no part.
        let matches: [[Int]]
    }

    struct Replacement: Decodable {
        let pattern: Bytes
        let text: Bytes
        let replacement: Bytes
        let out: Bytes
    }

    struct Mistake: Decodable {
        let pattern: Bytes
        /// Go's message without `error parsing regexp: `.
        let error: Bytes
    }

    struct Bytes: Decodable {
        let array: [UInt8]

        private enum Key: String, CodingKey {
            case hex = "$hex"
        }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                array = Array(text.utf8)
            } else {
                let digits = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .hex)
                    .compactMap(\.hexDigitValue)
                array = stride(from: 0, to: digits.count - 1, by: 2).map {
                    UInt8(truncatingIfNeeded: digits[$0] * 16 + digits[$0 + 1])
                }
            }
        }

        var shown: String { String(decoding: array.prefix(80), as: UTF8.self).debugDescription }
    }

    let matches: [Match]
    let replacements: [Replacement]
    let mistakes: [Mistake]

    static func read() throws -> RegexRecording {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Data/regexp.json")
        return try JSONDecoder().decode(RegexRecording.self, from: Data(contentsOf: file))
    }
}
