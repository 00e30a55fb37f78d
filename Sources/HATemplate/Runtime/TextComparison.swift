/// Negative, zero or positive as `left` sorts before, with or after `right`, byte by byte.
func compareBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
    let shared = min(left.count, right.count)
    var index = 0
    while index < shared {
        let difference = Int(left[index]) - Int(right[index])
        if difference != 0 { return difference }
        index += 1
    }
    return left.count - right.count
}

extension Memory {
    /// Whether two strings have the same bytes.
    @inline(__always)
    func areEqualTexts(_ left: Value, _ right: Value) -> Bool {
        guard left.count == right.count else { return false }
        return equalBytes(bytes(ofString: left), bytes(ofString: right))
    }
}

/// Whether two texts are the same bytes.
func equalBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    left.count == right.count && compareBytes(left, right) == 0
}
