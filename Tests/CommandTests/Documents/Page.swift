import HASystem
import TestSupport
@testable import HAServices
@testable import haproxy_gen

/// A page of the documentation: its lines, and the fenced blocks between them.
///
/// What tests do with a block is decided by the words after its fence:
///
/// - `gotmpl NAME`, `json NAME`, `text NAME` with a dot in the name: a file of the page's folder, until the next block
///   of that name.
/// - `console`: commands after `$ ` (a `\` at the end goes on in the next line), each before what it prints. A line
///   `…` stands for any number of lines.
/// - `text output`: what the last template prints for the last JSON file, rendered as plain text.
struct Page {
    struct Block {
        let language: String
        /// What follows the language.
        let title: String
        /// The content's place in `lines`.
        let content: Range<Int>
        /// The heading above, without its marks.
        let section: String
    }

    struct Heading {
        let level: Int
        let text: String
        let line: Int
    }

    /// From the top of the repository.
    let path: String
    var lines: [String]

    init(_ path: String) throws {
        self.path = path
        let file = try FileReader(files: .system).read("\(projectFolder)/\(path)")
        lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    static let paths: [String] = {
        let docs = (try? FileSystem.system.names("\(projectFolder)/docs")) ?? []
        return ["README.md", "COMPATIBILITY.md", "CHANGELOG.md"]
            + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }()

    var text: String { lines.joined(separator: "\n") }

    var blocks: [Block] { structure.blocks }
    var headings: [Heading] { structure.headings }

    /// Lines outside blocks.
    var prose: [String] {
        let hidden = Set(blocks.flatMap { ($0.content.lowerBound - 1)...$0.content.upperBound })
        return lines.indices.filter { !hidden.contains($0) }.map { lines[$0] }
    }

    private var structure: (blocks: [Block], headings: [Heading]) {
        var blocks: [Block] = []
        var headings: [Heading] = []
        var open: (fence: String, words: [Substring], start: Int)?
        for (number, line) in lines.enumerated() {
            if let block = open {
                guard line == block.fence else { continue }
                blocks.append(
                    Block(
                        language: block.words.first.map(String.init) ?? "",
                        title: block.words.dropFirst().joined(separator: " "), content: block.start..<number,
                        section: headings.last?.text ?? ""))
                open = nil
            } else if line.hasPrefix("```") {
                let fence = String(line.prefix { $0 == "`" })
                open = (fence, line.dropFirst(fence.count).split(separator: " "), number + 1)
            } else if line.hasPrefix("#") {
                let level = line.prefix { $0 == "#" }.count
                let text = line.dropFirst(level).drop { $0 == " " }.filter { $0 != "`" }
                headings.append(Heading(level: level, text: text, line: number))
            }
        }
        return (blocks, headings)
    }

    /// The first cells of the rows of the table that follows a heading, without back quotes.
    func firstCells(under heading: String) -> [String] {
        guard let start = headings.first(where: { $0.text == heading })?.line else { return [] }
        let end = headings.first { $0.line > start }?.line ?? lines.count
        let rows = lines[start..<end].filter { $0.hasPrefix("| ") }
        return rows.dropFirst(2).map { row in
            let cell = row.split(separator: "|").first ?? ""
            return cell.filter { $0 != "`" && $0 != " " }
        }
    }
}
