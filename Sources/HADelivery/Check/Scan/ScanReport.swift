/// What a proxy would do besides reading its configuration, when it is asked to check it.
package struct ScanReport: Sendable, Equatable {
    /// Something that must not happen without `--allow-code`, at its place in the output.
    package struct Refusal: Sendable, Equatable {
        package let message: String
        package let range: Range<Int>
        /// A word of the output that is not known, and the end of its statement: the proxy itself may not know it either.
        package var unknown: (word: Range<Int>, end: Int)?

        package static func == (left: Refusal, right: Refusal) -> Bool {
            left.message == right.message && left.range == right.range
        }
    }

    /// A file or folder that the proxy would make, named by a word of the output. The check names another in its place.
    package struct Creation: Sendable, Equatable {
        package let path: String
        package let isFolder: Bool
        package let range: Range<Int>
        /// What stands before the path in the same word: `unix:`.
        package var prefix = ""
    }

    package var refusals: [Refusal] = []
    /// Absolute paths of the files and folders that the configuration names, and that may be read.
    package var reads: Set<String> = []
    package var creations: [Creation] = []

    /// Refusals kept: one fault in a template may stand in every service's lines.
    private static let maximumCount = 100

    mutating func refuse(_ message: String, at range: Range<Int>, unknown: (word: Range<Int>, end: Int)? = nil) {
        guard refusals.count < Self.maximumCount else { return }
        let refusal = Refusal(message: message, range: range, unknown: unknown)
        if !refusals.contains(refusal) { refusals.append(refusal) }
    }
}
