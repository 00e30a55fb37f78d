import Testing

@testable import HATemplate

/// What `COMPATIBILITY.md` says of the recorded cases.
@Suite struct DocumentsConformanceTests {
    private static func lines() throws -> [Substring] {
        String(decoding: try readFile(projectFolder + "/COMPATIBILITY.md"), as: UTF8.self).split(separator: "\n")
    }

    /// The rows of the table are the list that the tests use.
    @Test func everyKnownDifferenceIsListed() throws {
        let rows = try Self.lines().filter { $0.hasPrefix("| `") }
        // A case is named with its family; other tables have names of functions there.
        let listed = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
            .filter { $0.contains("/") }
        #expect(listed.sorted() == (Array(KnownDifferences.go.keys) + Array(KnownDifferences.hugo.keys)).sorted())
    }

    @Test func theNumberOfCasesIsTrue() throws {
        let text = try Self.lines().joined(separator: "\n")
        let claims = [
            (ConformanceSet.go, text.firstMatch(of: /more than ([0-9,]+) templates/)),
            (ConformanceSet.hugo, text.firstMatch(of: /more than ([0-9,]+) calls/)),
        ]
        for (set, match) in claims {
            let found = try #require(match)
            let claimed = try #require(Int(found.output.1.filter { $0 != "," }))
            let count = set.cases.count
            #expect(count > claimed)
            #expect(count < claimed + 500, "COMPATIBILITY.md could claim more")
        }
    }

    @Test func familiesThatAreNamedExist() throws {
        for line in try Self.lines() {
            for match in line.matches(of: /cases? `([a-z-]+)(?:\/[a-z-]+)?`/) {
                #expect(ConformanceSet.go.families.contains(String(match.output.1)))
            }
        }
    }
}
