/// Where each byte of an output comes from: the place in the templates, the template calls that led there, and the
/// value of the data that was written.
public struct SourceMap: Sendable {
    /// A range of output with one cause.
    public struct Entry: Sendable {
        /// In bytes of the output.
        public let output: Range<Int>
        /// The text or action that wrote it.
        public let template: SourceLocation
        /// The calls of templates around it, the innermost first.
        public let calls: [SourceLocation]
        /// The value that was written; nil for the template's own text and for values that no file holds.
        public let data: Data?
    }

    /// A value of the document.
    public struct Data: Sendable {
        /// Such as `services[3].Hosts[0].Port`, with names as templates write them.
        public let path: String
        public let location: SourceLocation
    }

    private var table: SegmentTable
    private let calls: [SegmentRecorder.Call]
    private let program: Program
    private let document: Document
    private let parameters: Document
    /// Bytes of the output.
    private(set) public var outputCount: Int

    init(_ recorder: consuming SegmentRecorder, program: Program, places: DataPlaces, outputCount: Int) {
        (table, calls) = recorder.finish()
        self.program = program
        document = places.document
        parameters = places.parameters
        self.outputCount = outputCount
    }

    /// How many ranges there are.
    public var count: Int { table.segments.count }

    /// The range at an index, in the order of the output. Naming its data takes one search of the document; for many
    /// entries pass one `DataPaths`.
    public func entry(_ index: Int, paths: DataPaths? = nil) -> Entry? {
        guard index >= 0, index < count else { return nil }
        let segment = table.segments[index]
        guard let location = program.location(at: Int(segment.pc)) else { return nil }
        return Entry(
            output: range(index), template: location, calls: callers(of: segment),
            data: data(of: segment, paths: paths ?? DataPaths(document)))
    }

    /// Index of the range that holds a byte of the output.
    public func index(ofOffset offset: Int) -> Int? {
        guard offset >= 0, offset < outputCount else { return nil }
        var low = 0
        var high = count
        while high > low {
            let middle = (low + high) / 2
            if Int(table.segments[middle].start) <= offset { low = middle + 1 } else { high = middle }
        }
        // Of several that begin at one byte all but the last are empty.
        return low > 0 ? low - 1 : nil
    }

    private func range(_ index: Int) -> Range<Int> {
        let start = Int(table.segments[index].start)
        let end = index + 1 < self.count ? Int(table.segments[index + 1].start) : outputCount
        return start..<max(start, end)
    }

    private func callers(of segment: SegmentRecorder.Segment) -> [SourceLocation] {
        var locations: [SourceLocation] = []
        var call = Int(segment.call)
        while calls.indices.contains(call) {
            if let location = program.location(at: Int(calls[call].pc)) { locations.append(location) }
            call = Int(calls[call].parent)
        }
        return locations
    }

    private func data(of segment: SegmentRecorder.Segment, paths: DataPaths) -> Data? {
        let places = DataPlaces(document, parameters: parameters)
        guard segment.origin > 0, let location = places.location(ofOrigin: segment.origin) else { return nil }
        if places.isParameter(origin: segment.origin) {
            return Data(path: places.parameterPath(ofOrigin: segment.origin) ?? "", location: location)
        }
        return Data(path: paths.path(ofOrigin: segment.origin) ?? "", location: location)
    }

    /// Follows bytes that were added at the end: they belong to the last entry.
    mutating func grow(to count: Int) { outputCount = count }

    /// Follows the treatment of blank lines: each run of bytes that stayed, and where it is now.
    mutating func move(_ runs: [(from: Range<Int>, to: Int)], count: Int) {
        var moved = Buffer<SegmentRecorder.Segment>(capacity: self.count)
        var index = 0
        for run in runs {
            while index < self.count, range(index).upperBound <= run.from.lowerBound { index += 1 }
            while index < self.count, Int(table.segments[index].start) < run.from.upperBound {
                var segment = table.segments[index]
                let start = max(Int(segment.start), run.from.lowerBound)
                segment.start = UInt32(truncatingIfNeeded: run.to + start - run.from.lowerBound)
                if Int(segment.start) < count { moved.append(segment) }
                guard range(index).upperBound <= run.from.upperBound else { break }
                index += 1
            }
        }
        table = SegmentTable(moved)
        outputCount = count
    }
}
