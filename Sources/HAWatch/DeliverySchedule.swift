import HADelivery
import HADiscovery

/// When the next delivery begins. Times in milliseconds of a monotonic clock.
///
/// The first change after calm is delivered at once. Changes that follow each other are put together: a delivery begins
/// when nothing has changed for `quiet`, but no change waits longer than `atMost`. Reloads keep `reloadInterval` between
/// them, which doubles up to 15 s as long as changes wait when it is over, or come soon after. After a failure of the environment the
/// same is tried again, with longer and longer waits.
package struct DeliverySchedule: Sendable {
    /// The longest time between two reloads under constant change.
    package static let longestInterval = 15_000

    /// How a delivery ended.
    package enum Ending: Sendable, Equatable {
        /// Nothing had to be done, or was done without a reload.
        case done
        case reloaded
        /// The input is wrong: it must change first.
        case refused
        /// The environment failed: a file, a lock, a reload.
        case failed
    }

    private var quiet: Int
    private var atMost: Int
    private var reloadInterval: Int
    private var backOff: BackOff

    /// When the first change came that no delivery has taken yet, and the last one.
    private var firstChange: Int?
    private var lastChange: Int?
    /// When the last change came that a delivery has taken, or a delivery ended.
    private var lastActivity: Int?
    private var isUnderWay = false
    /// Before this no reload may begin.
    private var earliest = Int.min
    private var interval: Int
    /// Whether a change came while reloads had to wait, or soon after.
    private var isHeldBack = false
    /// When the delivery that failed is tried again.
    private var retry: Int?

    package init(_ settings: WatchSettings, seed: UInt64) {
        quiet = settings.quiet
        atMost = settings.atMost
        reloadInterval = settings.reloadInterval
        interval = settings.reloadInterval
        backOff = BackOff(seed: seed)
    }

    /// Takes other settings; what is under way stays.
    package mutating func change(to settings: WatchSettings) {
        quiet = settings.quiet
        atMost = settings.atMost
        reloadInterval = settings.reloadInterval
        interval = settings.reloadInterval
    }

    /// Something changed.
    package mutating func changed(at now: Int) {
        firstChange = firstChange ?? now
        lastChange = now
        if earliest > Int.min, now < earliest + reloadInterval { isHeldBack = true }
    }

    /// When a delivery is to begin; nil: nothing is to be delivered, or a delivery is under way.
    package var due: Int? {
        guard !isUnderWay else { return nil }
        guard let firstChange, let lastChange else { return retry }
        let isCalm = lastActivity.map { firstChange - $0 >= quiet } ?? true
        let settled = isCalm && firstChange == lastChange ? firstChange : min(lastChange + quiet, firstChange + atMost)
        return max(settled, earliest)
    }

    /// Whether a delivery begins now. When the change came that it is for: `firstChange` of what it takes.
    package mutating func begin(at now: Int) -> (first: Int, isRetry: Bool)? {
        guard let due, due <= now else { return nil }
        let first = firstChange
        if !isHeldBack { interval = reloadInterval }
        isHeldBack = false
        isUnderWay = true
        lastActivity = lastChange ?? lastActivity
        firstChange = nil
        lastChange = nil
        retry = nil
        return (first ?? now, first == nil)
    }

    /// The delivery has ended.
    package mutating func ended(_ ending: Ending, at now: Int) {
        isUnderWay = false
        lastActivity = max(now, lastActivity ?? now)
        switch ending {
        case .done, .refused:
            backOff.reset()
        case .reloaded:
            backOff.reset()
            earliest = now + interval
            // What waits already is a sign of constant change.
            if firstChange != nil { isHeldBack = true }
            interval = min(Self.longestInterval, max(interval, reloadInterval) * 2)
        case .failed:
            retry = now + backOff.next()
        }
    }
}
