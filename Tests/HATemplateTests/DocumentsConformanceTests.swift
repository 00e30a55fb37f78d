import Testing

@testable import HATemplate

/// What `COMPATIBILITY.md` says of the recorded cases.
@Suite struct DocumentsConformanceTests {
    private static func lines() throws -> [Substring] {
        String(decoding: try readFile(projectFolder + "/COMPATIBILITY.md"), as: UTF8.self).split(separator: "\n")
    }

    /// The rows of the table are the list that the tests use.
    @Test func everyKnownDifferenceIsListed() throws {
        var listed: [String] = []
        var isInTable = false
        for line in try Self.lines() {
            isInTable = line == "| case | why |" || (isInTable && line.hasPrefix("|"))
            guard isInTable, !line.hasPrefix("| case"), !line.hasPrefix("| ---") else { continue }
            let words = line.split(separator: "`", omittingEmptySubsequences: false)
            try #require(words.count >= 3 && words[0] == "| ", "\(line)")
            listed.append(String(words[1]))
        }
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
