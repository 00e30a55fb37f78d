import Testing

@testable import HATemplate

@Suite struct JSONEndTests {
    static let texts: [(text: String, opening: String)] = [
        (#"{"Id": "web""#, "1:1 an object opens here"),
        (#"[{"Id": "web"}, [1, 2], "#, "1:1 an array opens here"),
        ("[{\"a\": \"}]\\\"{\",\n \"é\": [1, ", "2:7 an array opens here"),
        ("[[], {}, {\"a\": [{}]", "1:10 an object opens here"),
        (#"{"Id""#, "1:1 an object opens here"),
    ]

    @Test(arguments: texts)
    func theOpeningIsShown(text: String, opening: String) throws {
        let error = #expect(throws: Diagnostics.self) { try Document.json(name: "d", bytes: Array(text.utf8)) }
        let diagnostic = try #require(error?.items.first)
        let notes = diagnostic.notes.compactMap { note in
            note.location.map { location in
                let position = LineIndex(location.file).position(at: location.range.start)
                return "\(position.line):\(position.column) \(note.message)"
            }
        }
        #expect(diagnostic.code == .jsonUnexpectedEnd && notes == [opening], "\(diagnostic)")
    }
}
