/// The name of a table: letters, digits, `.`, `_` and `-`, which is what DynamoDB allows, so that it can name a folder.
public struct TableName: Sendable, Hashable, CustomStringConvertible {
    public let text: String

    /// What file systems take as one name.
    static let maximumLength = 255

    /// nil for a text that is not such a name, or that would lead out of the state directory (`.` and `..`).
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.maximumLength, text != ".", text != "..",
            text.utf8.allSatisfy(ServiceModel.isNameByte)
        else { return nil }
        self.text = text
    }

    public var description: String { text }
}
