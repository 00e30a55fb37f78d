/// Records where each piece of output comes from; the machine calls it.
///
/// The machine is compiled once for each recorder, so that a render without a source map does nothing for one.
protocol OutputRecorder: ~Copyable {
    /// The bytes from `offset` on are written by the instruction at `pc`, from the given value if there is one.
    mutating func write(at offset: Int, pc: Int, value: Value?)
    /// A template begins, called by the instruction at `pc`.
    mutating func enter(pc: Int)
    /// The last template that began ends.
    mutating func leave()
    /// What was written from `offset` on has become the given value instead.
    mutating func capture(from offset: Int, as value: Value)
    /// What was written from `offset` on is dropped.
    mutating func truncate(to offset: Int)
}

/// Records nothing.
struct NoRecorder: OutputRecorder {
    /// Nothing. Values of a type without any storage share one address, which ThreadSanitizer takes for a race.
    private var nothing: UInt8 = 0

    @inline(__always) mutating func write(at offset: Int, pc: Int, value: Value?) {}
    @inline(__always) mutating func enter(pc: Int) {}
    @inline(__always) mutating func leave() {}
    @inline(__always) mutating func capture(from offset: Int, as value: Value) {}
    @inline(__always) mutating func truncate(to offset: Int) {}
}

/// Records a segment for each write, with the chain of calls that it was made in.
struct SegmentRecorder: OutputRecorder, ~Copyable {
    /// Some output of one instruction; it ends where the next segment begins.
    struct Segment: BitwiseCopyable, Sendable {
        var start: UInt32
        let pc: Int32
        /// Index of the innermost call around it, or -1.
        var call: Int32
        /// `Value.origin` of what was written.
        let origin: UInt32
    }

    /// A call of a template: where, and in which call.
    struct Call: BitwiseCopyable, Sendable {
        let pc: Int32
        let parent: Int32
    }

    private(set) var segments = Buffer<Segment>()
    private(set) var calls: [Call] = []
    private var current: Int32 = -1
    /// What partials wrote, by the range of the string that it became.
    private var captured: [UInt64: [Segment]] = [:]

    @inline(__always)
    mutating func write(at offset: Int, pc: Int, value: Value?) {
        let start = UInt32(truncatingIfNeeded: offset)
        if let value, value.pool == .scratch, writeCaptured(value, at: start) { return }
        // The last one wrote nothing: without this, loops that write nothing would be remembered turn by turn.
        if segments.count > 0, segments[segments.count &- 1].start == start {
            segments.truncate(to: segments.count &- 1)
        }
        segments.append(
            Segment(start: start, pc: Int32(truncatingIfNeeded: pc), call: current, origin: value?.origin ?? 0))
    }

    /// Repeats the segments of what a partial wrote. False where the value is nothing such.
    @inline(never)
    private mutating func writeCaptured(_ value: Value, at start: UInt32) -> Bool {
        guard value.kind == .string, let inner = captured[value.payload] else { return false }
        for segment in inner {
            var moved = segment
            moved.start &+= start
            segments.append(moved)
        }
        return true
    }

    mutating func enter(pc: Int) {
        calls.append(Call(pc: Int32(truncatingIfNeeded: pc), parent: current))
        current = Int32(truncatingIfNeeded: calls.count - 1)
    }

    mutating func leave() {
        guard current >= 0 else { return }
        let ended = current
        current = calls[Int(ended)].parent
        // A call that wrote nothing is forgotten.
        let hasWritten = segments.count > 0 && segments[segments.count &- 1].call >= ended
        if !hasWritten, Int(ended) == calls.count &- 1 { calls.removeLast() }
    }

    mutating func capture(from offset: Int, as value: Value) {
        let base = UInt32(truncatingIfNeeded: offset)
        let first = firstSegment(from: offset)
        captured[value.payload] = (first..<segments.count).map { index in
            var moved = segments[index]
            moved.start &-= base
            return moved
        }
        segments.truncate(to: first)
    }

    mutating func truncate(to offset: Int) {
        segments.truncate(to: firstSegment(from: offset))
    }

    private func firstSegment(from offset: Int) -> Int {
        var first = segments.count
        while first > 0, Int(segments[first - 1].start) >= offset { first -= 1 }
        return first
    }

    /// What was recorded; the recorder ends.
    consuming func finish() -> (segments: SegmentTable, calls: [Call]) {
        let calls = calls
        return (SegmentTable(segments), calls)
    }
}

/// The segments of an output, in its order.
final class SegmentTable: Sendable {
    let segments: Buffer<SegmentRecorder.Segment>

    init(_ segments: consuming Buffer<SegmentRecorder.Segment>) {
        self.segments = segments
    }
}
