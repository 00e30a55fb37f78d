/// What a template may see of the world around it. The library touches no file and no environment itself: whoever
/// renders answers for them.
public struct RenderEnvironment: Sendable {
    /// Environment variables that were allowed by name (`--env`); the value of one that is not set is empty.
    public var variables: [String: String]
    /// Files below the template's folder; nil: none are allowed.
    public var files: Files?

    public init(variables: [String: String] = [:], files: Files? = nil) {
        self.variables = variables
        self.files = files
    }

    /// Answers for the files below one folder.
    ///
    /// Paths are relative to it, with single slashes, without `.` and `..`; `.` alone is the folder itself. That no
    /// symbolic link leads out of the folder is for the answering side to see to.
    public struct Files: Sendable {
        public var read: @Sendable (_ path: String) -> Result<[UInt8], Fault>
        /// In any order.
        public var list: @Sendable (_ path: String) -> Result<[Entry], Fault>
        /// Whether a file or folder is there.
        public var exists: @Sendable (_ path: String) -> Result<Bool, Fault>

        public init(
            read: @escaping @Sendable (_ path: String) -> Result<[UInt8], Fault>,
            list: @escaping @Sendable (_ path: String) -> Result<[Entry], Fault>,
            exists: @escaping @Sendable (_ path: String) -> Result<Bool, Fault>
        ) {
            self.read = read
            self.list = list
            self.exists = exists
        }
    }

    /// A file or folder in a folder.
    public struct Entry: Sendable {
        public var name: String
        public var isFolder: Bool
        /// In bytes.
        public var size: Int

        public init(name: String, isFolder: Bool, size: Int) {
            self.name = name
            self.isFolder = isFolder
            self.size = size
        }
    }

    /// Why a file cannot be read.
    public enum Fault: Error, Sendable, Equatable {
        case notFound
        /// A symbolic link leads out of the folder.
        case outside
        case isFolder
        case notFolder
        case tooLarge(limit: Int)
        /// What the system says.
        case unreadable(String)
    }
}
