import HAServices
import HASystem

/// How the daemon goes about it; times in milliseconds.
package struct WatchSettings: Sendable, Equatable {
    /// What happens to a service that cannot be delivered.
    package enum Quarantine: String, Sendable, CaseIterable {
        /// Its last good version, else nothing, takes its place.
        case lastGood = "last-good"
        /// The delivery stops.
        case off
    }

    /// What happens to an output that somebody else changed.
    package enum Drift: String, Sendable, CaseIterable {
        case restore, report
    }

    package var quiet = 20
    package var atMost = 500
    package var reloadInterval = 1_000
    package var refresh = 60_000
    package var quarantine = Quarantine.lastGood
    package var drift = Drift.restore
    package var initialWait = 10_000
    package var drain = 0
    package var listen: SocketAddress?
    package var tokenFile: String?

    package init() {}
}

/// A source of services, as the project file declares it.
package struct ProjectSource: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case files, table
    }

    package enum Place: Sendable, Equatable {
        /// Files, folders and patterns, seen from the working folder.
        case files([String])
        case table(TableName)
    }

    package let name: String
    package let place: Place

    package init(_ name: String, _ place: Place) {
        self.name = name
        self.place = place
    }

    func resolved(state: String) -> RenderInput.NamedSource {
        switch place {
        case .files(let paths): RenderInput.NamedSource(name: name, kind: .files(paths), trustsConfig: true)
        case .table(let table):
            RenderInput.NamedSource(
                name: name, kind: .table(.init(folder: state, name: table)), trustsConfig: false)
        }
    }
}

/// Durations as people write them: `20ms`, `1s`, `5m`, `1h`.
package enum TimeWords {
    private static let units: [(suffix: String, milliseconds: Int)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000),
    ]

    package static func milliseconds(_ text: String) -> Int? {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...9).contains(digits.count), let number = Int(String(Substring(digits))),
            let unit = units.first(where: { $0.suffix == text.dropFirst(digits.count) })
        else { return nil }
        let (time, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow ? nil : time
    }

    /// With the largest unit that leaves a whole number.
    package static func text(_ milliseconds: Int) -> String {
        let unit = units.last { milliseconds != 0 && milliseconds % $0.milliseconds == 0 } ?? units[1]
        return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
    }
}
