import HADelivery
import HASystem
import Synchronization

/// One line at the bottom of a terminal that says what is under way: `| check edge (2 of 5), 3 s`.
///
/// It comes up only when the work takes long, and is wiped out before anything else is written.
final class ProgressLine: Sendable {
    /// Milliseconds of work before the line comes up.
    private static let patience = 500
    /// Milliseconds between two pictures.
    private static let pace = 100
    private static let pictures = ["|", "/", "-", "\\"]

    private struct State {
        var start: Int?
        var step: WorkStep?
        var isShown = false
        var picture = 0
        /// Whether a thread draws.
        var isFollowed = false
    }

    private let state = Guarded(State())
    private let files: FileSystem
    private let width: @Sendable () -> Int

    /// - Parameter width: the columns of the terminal.
    init(files: FileSystem, width: @escaping @Sendable () -> Int) {
        self.files = files
        self.width = width
    }

    /// A step has begun; the first one starts the clock.
    func begin(_ step: WorkStep) {
        let isFollowed = state.withLock { state in
            state.step = step
            state.start = state.start ?? files.clock()
            defer { state.isFollowed = true }
            return state.isFollowed
        }
        if isFollowed { return }
        if let thread = BackgroundThread({ self.follow() }) { thread.detach() }
    }

    /// Nothing is under way.
    func end() {
        state.withLock { $0.step = nil }
        erase()
    }

    /// Makes room for other text.
    func erase() {
        state.withLock { state in
            guard state.isShown else { return }
            state.isShown = false
            Self.isShown.store(false, ordering: .sequentiallyConsistent)
            write(Self.wipe)
        }
    }

    // MARK: Drawing

    private func follow() {
        repeat { files.pause(Self.pace) } while draw()
    }

    /// Draws a picture, where it is time; false when the work has ended.
    private func draw() -> Bool {
        state.withLock { state in
            guard let step = state.step, let start = state.start else {
                state.isFollowed = false
                return false
            }
            let time = files.clock() - start
            guard time >= Self.patience else { return true }
            let picture = Self.pictures[state.picture % Self.pictures.count]
            state.picture = (state.picture + 1) % Self.pictures.count
            let text = Self.text(step, seconds: time / 1000, picture: picture, width: width())
            Self.isDrawing.store(true, ordering: .sequentiallyConsistent)
            if !Self.isEnding.load(ordering: .sequentiallyConsistent) {
                state.isShown = true
                Self.isShown.store(true, ordering: .sequentiallyConsistent)
                write(Self.wipe + text)
            }
            Self.isDrawing.store(false, ordering: .sequentiallyConsistent)
            return true
        }
    }

    /// What the line says, cut so that it stays one line.
    static func text(_ step: WorkStep, seconds: Int, picture: String, width: Int) -> String {
        let place = step.count > 1 ? " (\(step.number) of \(step.count))" : ""
        let time = seconds > 0 ? ", \(seconds) s" : ""
        return String("\(picture) \(Console.printable(step.name))\(place)\(time)".prefix(max(0, width - 1)))
    }

    private func write(_ text: String) { try? files.writeAll(Array(text.utf8), to: 2) }

    /// To the first column, and everything after it away.
    private static let wipe = "\r\u{1B}[K"

    // MARK: Signals

    private static let isShown = Atomic(false)
    private static let isDrawing = Atomic(false)
    private static let isEnding = Atomic(false)

    /// The flags exist before a signal handler asks for them.
    static func prepare() {
        _ = isShown.load(ordering: .relaxed)
        _ = isDrawing.load(ordering: .relaxed)
        _ = isEnding.load(ordering: .relaxed)
    }

    /// Wipes the line out and keeps it away. Runs in a signal handler: plain memory and system calls alone.
    static func eraseForGood() {
        isEnding.store(true, ordering: .sequentiallyConsistent)
        // The other thread may be in the middle of a picture, for a moment.
        var patience = 100
        while isDrawing.load(ordering: .sequentiallyConsistent), patience > 0 {
            var pause = timespec(tv_sec: 0, tv_nsec: 1_000_000)
            nanosleep(&pause, nil)
            patience -= 1
        }
        guard isShown.load(ordering: .sequentiallyConsistent) else { return }
        withUnsafeBytes(of: (UInt8(0x0D), UInt8(0x1B), UInt8(0x5B), UInt8(0x4B))) { bytes in
            _ = CLibrary.writeBytes(2, bytes)
        }
    }
}
