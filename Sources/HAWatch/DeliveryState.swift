import HADelivery
import HADiscovery
import HAServices
import HASystem

/// What one delivery leaves to the next. Whoever runs a delivery has it; nobody else changes it meanwhile.
package struct DeliveryState: Sendable {
    package internal(set) var memories: [String: SourceMemory] = [:]
    package internal(set) var quarantine = Quarantine()
    /// What each source said, without what was in quarantine, when a delivery last succeeded.
    var good: [String: SourceAnswer] = [:]
    /// What of `good` is on the disk.
    var stored: [String: SourceAnswer] = [:]
    /// The outputs as a delivery has left them, by their paths.
    var outputs: [String: OutputTrace] = [:]
    /// What the targets were made of, as the system described it before they were made.
    var stamp: UInt64?
    /// Services that another source's hide, as they were reported.
    var hidden: Set<ServiceMerge.Hidden> = []

    package init() {}

    /// Whether each of the sources has answered, or has an answer of an earlier run.
    func isComplete(_ sources: [LocalSource]) -> Bool {
        sources.allSatisfy { memories[$0.name]?.answer != nil }
    }
}

/// A file as it was at one time.
struct OutputTrace: Sendable, Equatable {
    let status: FileStatus
    /// A digest of its bytes; nil where they are not known.
    private(set) var digest: UInt64?

    /// nil: there is no such file.
    init?(_ path: String, _ files: FileSystem) {
        guard let status = try? files.status(path) else { return nil }
        self.status = status
    }

    /// The same with the digest, as long as the file is still that one.
    func digested(_ path: String, _ files: FileSystem) -> OutputTrace {
        var trace = self
        if let bytes = try? InstalledFile.bytes(at: path, files), (try? files.status(path)) == status {
            trace.digest = Stamp.of(bytes)
        }
        return trace
    }
}

/// What came of a delivery.
package struct DeliveryReport: Sendable {
    package struct Target: Sendable, Equatable {
        package let name: String
        /// What its new output means, a sentence a section; empty: it is unchanged.
        package var summary: [String] = []
        /// Microseconds; nil: it did not come to that.
        package var render: Int?
        package var check: Int?
        package var reload: Int?

        init(name: String) {
            self.name = name
        }
    }

    package var ending = DeliverySchedule.Ending.done
    /// Whether the outputs are in place.
    package var isDelivered: Bool {
        switch ending {
        case .done, .reloaded: true
        case .refused, .failed: false
        }
    }
    package var targets: [Target] = []
    /// Why nothing was delivered, a sentence each; the first is the cause.
    package var causes: [String] = []
    /// What went wrong on the way, or is worth knowing.
    package var notes: [String] = []
    /// What is in quarantine now.
    package var quarantined: [Quarantine.Entry] = []
    /// Sources that have no answer, by name.
    package var problems: [String: String] = [:]
    /// How many services each source has.
    package var services: [String: Int] = [:]
    /// Outputs that somebody else had changed and that were put back.
    package var restored: [String] = []
    package var plan = FolderPlan()
    /// Microseconds of the whole.
    package var duration = 0
    /// Microseconds of it after the last reload had ended.
    package var afterReload = 0
    /// Whether it waits for sources that have never answered.
    package var isWaiting = false

    package init() {}

    package var hasReloaded: Bool { targets.contains { $0.reload != nil } }
    package var changed: [Target] { targets.filter { !$0.summary.isEmpty } }
}

/// What a look without a delivery has found.
package struct LookReport: Sendable {
    /// Whether something that the targets are made of is not as it was.
    package var isChanged = false
    /// Outputs that are not as the last delivery left them, by the names of their targets.
    package var drifted: [String] = []
    /// Microseconds.
    package var duration = 0
}
