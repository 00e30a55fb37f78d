/// The name of a table: letters, digits, `.`, `_` and `-`, which is what DynamoDB allows, so that it can name a folder.
public struct TableName: Sendable, Hashable, CustomStringConvertible {
    public let text: String

    /// What file systems take as one name.
    static let maximumLength = 255

    /// nil for a text that is not such a name, or that begins with a dot: `.` and `..` would lead out of the state
    /// directory, and the program keeps folders of its own beside the tables under other such names.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.maximumLength, !text.hasPrefix("."),
            text.utf8.allSatisfy(ServiceModel.isNameByte)
        else { return nil }
        self.text = text
    }

    /// A folder of the program's own in the state directory; its name begins with a dot, as no table's does.
    package init(reserved folder: StaticString) {
        text = folder.description
    }

    public var description: String { text }
}
