import HASystem

/// Services that come from anywhere: bytes with a name, in the format of a service file.
///
/// What answers may be a table, a network or a test; messages call it by its name.
package struct ServiceSource: Sendable, Equatable {
    package let name: String
    /// Whether the Config of its services stands as it is written, as that of local files does.
    package let trustsConfig: Bool
    /// The services of now.
    package let read: @Sendable () throws(FileError) -> [UInt8]

    package init(
        name: String, trustsConfig: Bool = false, read: @escaping @Sendable () throws(FileError) -> [UInt8]
    ) {
        self.name = name
        self.trustsConfig = trustsConfig
        self.read = read
    }

    /// Sources of one name are one source.
    package static func == (left: ServiceSource, right: ServiceSource) -> Bool {
        left.name == right.name && left.trustsConfig == right.trustsConfig
    }
}
