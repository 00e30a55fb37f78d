import HASystem
import HATemplate
import TestSupport
import Testing

@testable import HADelivery

/// What proxies say, and where it is put: `complaints.txt`.
@Suite struct ComplaintTests {
    struct Recorded: CustomTestStringConvertible {
        let title: String
        let configuration: String
        let said: String
        var read: String
        var testDescription: String { title }

        var dialect: Dialect { title.hasPrefix("nginx") ? .nginx : .haproxy }

        /// The part of the file that it came from.
        var text: String { "=== \(title)\n\(configuration)--- said\n\(said)--- read\n\(read)" }
    }

    static let file = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/complaints.txt"

    static let (introduction, cases): (String, [Recorded]) = {
        let bytes = (try? FileReader(files: .system).read(file))?.bytes ?? []
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "=== ", omittingEmptySubsequences: false)
        let cases = parts.dropFirst().compactMap { part -> Recorded? in
            let pieces = part.split(separator: "--- ", omittingEmptySubsequences: false)
            guard pieces.count == 3, let end = pieces[0].firstIndex(of: "\n") else { return nil }
            return Recorded(
                title: String(pieces[0][..<end]), configuration: String(pieces[0][pieces[0].index(after: end)...]),
                said: String(pieces[1].dropFirst("said\n".count)), read: String(pieces[2].dropFirst("read\n".count)))
        }
        return (String(parts.first ?? ""), cases)
    }()

    static func read(_ recorded: Recorded) -> String {
        let name = recorded.dialect == .nginx ? "out.conf" : "out.cfg"
        let text = ConfigurationText(Array(recorded.configuration.utf8), dialect: recorded.dialect)
        let report = ComplaintParser.parse(recorded.said, path: "/check/" + name, name: name)
        let lines = report.complaints.map { complaint in
            let place = ComplaintPlace(complaint, in: text, ComplaintIndex(text, [complaint]))
            let other = place.other.map { " (first: \(shown($0, text)))" } ?? ""
            return
                "\(place.range.map { shown($0, text) } ?? "-")\(other) \(complaint.severity.rawValue): \(complaint.message)\n"
        }
        return lines.joined() + report.otherLines.map { "other: \($0)\n" }.joined()
            + (report.isSyntaxOK ? "the syntax is ok\n" : "")
    }

    private static func shown(_ range: Range<Int>, _ text: ConfigurationText) -> String {
        let line = text.line(ofOffset: range.lowerBound)
        let column = range.lowerBound - text.lineStarts[line - 1] + 1
        return "\(line):\(column) `\(text.text(range))`"
    }

    @Test(arguments: cases)
    func reads(recorded: Recorded) {
        #expect(Self.read(recorded) == recorded.read)
    }

    @Test func thereAreManyCases() throws {
        #expect(Self.cases.count > 40)
        guard getenv("UPDATE_GOLDEN") != nil else { return }
        let real = Self.cases.map { recorded in
            var real = recorded
            real.read = Self.read(recorded)
            return real.text
        }
        let installer = FileInstaller(files: .system, temporaries: .unregistered)
        if try installer.install(Array((Self.introduction + real.joined()).utf8), at: Self.file) == .wrote {
            Issue.record("rewrote complaints.txt: read the difference before you commit it")
        }
    }

    @Test("text that no proxy writes is no complaint, and does no harm")
    func hostileText() {
        let texts = [
            "", "\n\n\n", "[", "[]", "[ALERT]", "[ALERT] (", "[ALERT] (1) : config : parsing [/check/out.cfg:",
            "[ALERT] (1) : config : parsing [/check/out.cfg:99999999999999999999999] : x",
            "[emerg] x in /check/out.cfg:0", "[emerg] x in /check/out.cfg:-1", "[emerg] '''''\"<>><",
            String(repeating: "[ALERT] (1) : 'x\n | y\n", count: 2_000),
            String(repeating: "\u{0}\u{FFFD}[", count: 9_999),
        ]
        let text = ConfigurationText(Array("a 'b\nc".utf8), dialect: .haproxy)
        for said in texts {
            let report = ComplaintParser.parse(said, path: "/check/out.cfg", name: "out.cfg")
            #expect(report.complaints.count <= 200)
            for complaint in report.complaints {
                let place = ComplaintPlace(complaint, in: text, ComplaintIndex(text, [complaint]))
                #expect(place.range.map { $0.upperBound <= text.bytes.count } ?? true)
            }
        }
    }
}
