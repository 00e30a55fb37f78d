/// What happens to lines of nothing but white space in the output.
///
/// Templates are written to be read, with an action to a line; the lines that only actions leave say nothing.
package enum BlankLines: String, Sendable, CaseIterable {
    /// They stay.
    case keep
    /// Several in a row become one, and none stays at the beginning and the end.
    case squeeze
    /// All go, as proxym does it.
    case remove

    /// Applies the treatment to an output, in place.
    package func apply(to output: inout ByteBuffer) {
        guard self != .keep else { return }
        let kept = output.withMutableElements { compact($0) { _, _ in } }
        output.truncate(to: kept)
    }

    /// Applies the treatment to an output and its source map.
    package func apply(to output: inout ByteBuffer, _ map: inout SourceMap) {
        guard self != .keep else { return }
        var runs: [(from: Range<Int>, to: Int)] = []
        let kept = output.withMutableElements { compact($0) { runs.append((from: $0, to: $1)) } }
        output.truncate(to: kept)
        map.move(runs, count: kept)
    }

    /// Moves the lines that stay together and reports each run of them; returns how many bytes they take.
    private func compact(
        _ bytes: UnsafeMutableBufferPointer<UInt8>, _ stays: (_ run: Range<Int>, _ target: Int) -> Void
    ) -> Int {
        var write = 0
        var runStart = 0  // the lines from here to `line` stay and have not been moved
        var line = 0
        var previousIsBlank = true
        while line < bytes.count {
            let end = Self.endOfLine(bytes, from: line)
            let isBlank = Self.isBlank(bytes, line..<end)
            if isBlank, self == .remove || previousIsBlank {
                stays(runStart..<line, write)
                write = Self.move(bytes, runStart..<line, to: write)
                runStart = end
            }
            previousIsBlank = isBlank
            line = end
        }
        stays(runStart..<bytes.count, write)
        write = Self.move(bytes, runStart..<bytes.count, to: write)
        return self == .squeeze ? Self.withoutBlankEnd(bytes, count: write) : write
    }

    private static func endOfLine(_ bytes: UnsafeMutableBufferPointer<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset < bytes.count {
            if bytes[offset] == 0x0A { return offset + 1 }
            offset += 1
        }
        return offset
    }

    private static func isBlank(_ bytes: UnsafeMutableBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
        for offset in line {
            let byte = bytes[offset]
            guard byte == 0x20 || (0x09...0x0D).contains(byte) else { return false }
        }
        return true
    }

    private static func move(_ bytes: UnsafeMutableBufferPointer<UInt8>, _ run: Range<Int>, to target: Int) -> Int {
        guard !run.isEmpty else { return target }
        if run.lowerBound != target, let base = bytes.baseAddress {
            (base + target).update(from: base + run.lowerBound, count: run.count)
        }
        return target + run.count
    }

    /// The length without a blank line at the end.
    private static func withoutBlankEnd(_ bytes: UnsafeMutableBufferPointer<UInt8>, count: Int) -> Int {
        var start = count
        if start > 0, bytes[start - 1] == 0x0A { start -= 1 }
        while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
        return isBlank(bytes, start..<count) ? start : count
    }
}
