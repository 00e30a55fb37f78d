/// Looks for one text in others, in time linear in both together (Knuth, Morris and Pratt).
struct TextSearch {
    private let needle: [UInt8]
    /// For each position of the needle: how much of its start is also the end of what stands before the position.
    private let overlaps: [Int]

    init(_ needle: UnsafeBufferPointer<UInt8>) {
        self.needle = Array(needle)
        var overlaps = [0]
        var matched = 0
        for index in needle.indices.dropFirst() {
            overlaps.append(matched)
            while matched > 0, needle[matched] != needle[index] { matched = overlaps[matched] }
            if needle[matched] == needle[index] { matched += 1 }
        }
        self.overlaps = overlaps
    }

    /// Where the needle, which must not be empty, begins first at `start` or after it.
    func first(in text: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
        var matched = 0
        var index = start
        while index < text.count {
            let byte = text[index]
            while matched > 0, needle[matched] != byte { matched = overlaps[matched] }
            if needle[matched] == byte { matched += 1 }
            index += 1
            if matched == needle.count { return index - matched }
        }
        return nil
    }

    /// The places where the needle stands, without overlaps; an empty needle stands before each character and at the
    /// end.
    static func places(
        of needle: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, limit: Int = .max
    ) -> [Int] {
        var places: [Int] = []
        forEachPlace(of: needle, in: text, limit: limit) { places.append($0) }
        return places
    }

    /// Hands those places to `body`, from the left.
    static func forEachPlace(
        of needle: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, limit: Int = .max,
        _ body: (Int) -> Void
    ) {
        var offset = 0
        var count = 0
        if needle.isEmpty {
            while offset < text.count, count < limit {
                body(offset)
                count += 1
                offset += DecodedScalar.decode(text, at: offset).length
            }
            if count < limit { body(text.count) }
            return
        }
        let search = TextSearch(needle)
        while count < limit, let place = search.first(in: text, from: offset) {
            body(place)
            count += 1
            offset = place + needle.count
        }
    }
}
