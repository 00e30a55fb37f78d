import HADelivery
import HAServices
import HASystem

/// What `apply --rollback list` shows.
enum VersionList {
    /// A line for each version that is kept, the newest first: the number for `--rollback`, when it was installed first,
    /// its size and its file.
    static func text(_ target: ProjectTarget, _ versions: [InstalledVersion]) -> String {
        var text = "\(target.name): \(Console.printable(target.output))\n"
        if versions.isEmpty { text += "  no version is kept\n" }
        for version in versions {
            let place =
                switch version.stepsBack {
                case 0: "installed"
                case 1...: "\(version.stepsBack) back"
                default: "\(-version.stepsBack) ahead"
                }
            let time = version.status.map { UTCTime(seconds: $0.modified).description } ?? "?"
            let size = version.status.map { "\($0.size) bytes" } ?? "?"
            text += "  \(padded(place, 9))  \(time)  \(size)  \(Console.printable(version.path))\n"
        }
        return text
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
