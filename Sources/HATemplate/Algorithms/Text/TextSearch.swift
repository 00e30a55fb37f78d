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
        guard limit > 0 else { return [] }
        var places: [Int] = []
        if needle.isEmpty {
            var offset = 0
            while offset < text.count, places.count < limit {
                places.append(offset)
                offset += DecodedScalar.decode(text, at: offset).length
            }
            if places.count < limit { places.append(text.count) }
            return places
        }
        let search = TextSearch(needle)
        var offset = 0
        while places.count < limit, let place = search.first(in: text, from: offset) {
            places.append(place)
            offset = place + needle.count
        }
        return places
    }
}
