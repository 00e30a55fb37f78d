/// The candidate that a misspelt name most probably meant, for "did you mean"; nil when none is near.
///
/// Near is a third of the longer name's letters, at least one, counted in typing mistakes: a letter that is wrong,
/// missing, too many, or exchanged with its neighbor (the Damerau-Levenshtein distance). Upper and lower case count
/// as the same letter; of equally near candidates the one in the name's own case wins, then the first. Where none is
/// near, the only candidate that the name is a part of is taken: `Path` for `ProxyPath`.
package func nearest(to name: String, in candidates: some Sequence<String>) -> String? {
    let exact = Array(name.unicodeScalars.prefix(maximumNameLength + 1))
    guard !exact.isEmpty, exact.count <= maximumNameLength else { return nil }
    let folded = exact.map(lowercased)
    var best: (name: String, distance: Int, exactDistance: Int)?
    var containing: [String] = []
    for candidate in candidates {
        let scalars = Array(candidate.unicodeScalars.prefix(maximumNameLength + 1))
        guard scalars.count <= maximumNameLength else { continue }
        let foldedCandidate = scalars.map(lowercased)
        let allowed = max(1, max(folded.count, foldedCandidate.count) / 3)
        if folded.count >= 3, contains(foldedCandidate, folded) { containing.append(candidate) }
        guard abs(folded.count - foldedCandidate.count) <= allowed else { continue }
        let distance = editDistance(folded, foldedCandidate)
        guard distance <= allowed, distance < min(folded.count, foldedCandidate.count) else { continue }
        let exactDistance = editDistance(exact, scalars)
        if let best, (best.distance, best.exactDistance) <= (distance, exactDistance) { continue }
        best = (candidate, distance, exactDistance)
    }
    return best?.name ?? (containing.count == 1 ? containing[0] : nil)
}

/// Names longer than this are not compared: the cost grows with the square, and they come from input.
private let maximumNameLength = 100

/// How many letters must be changed, added, removed or exchanged with a neighbor to make one name of the other.
func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    guard !left.isEmpty else { return right.count }
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for (row, leftScalar) in left.enumerated() {
        var current = [row + 1]
        current.reserveCapacity(right.count + 1)
        for (column, rightScalar) in right.enumerated() {
            var cost = previous[column] + (leftScalar == rightScalar ? 0 : 1)
            cost = min(cost, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, leftScalar == right[column - 1], left[row - 1] == rightScalar {
                cost = min(cost, beforePrevious[column - 1] + 1)
            }
            current.append(cost)
        }
        beforePrevious = previous
        previous = current
    }
    return previous[right.count]
}

private func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    return lower.count == 1 ? lower.first ?? scalar : scalar
}

private func contains(_ text: [Unicode.Scalar], _ part: [Unicode.Scalar]) -> Bool {
    guard part.count <= text.count else { return false }
    return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
}
