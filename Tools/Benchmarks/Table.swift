/// What a cell of a table shows.
enum Cell {
    case text(String)
    /// A number, and how many decimals it is shown with.
    case number(Double, decimals: Int)
    case none

    static func ratio(_ value: Double) -> Cell { .number(value, decimals: value < 10 ? 2 : 1) }

    var text: String {
        switch self {
        case .text(let text): text
        case .number(let value, let decimals): value.isFinite ? value.rounded(to: decimals) : "-"
        case .none: "-"
        }
    }

    var json: String {
        switch self {
        case .text(let text): "\"\(text)\""
        case .number(let value, _): value.isFinite ? "\(value)" : "null"
        case .none: "null"
        }
    }
}

/// A table of results, for people and for programs.
struct Table {
    let title: String
    let columns: [String]
    var rows: [[Cell]] = []

    /// The table in Markdown, in columns of one width.
    var markdown: String {
        let lines = [columns] + rows.map { $0.map(\.text) }
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        var shown = lines.map { line in
            let cells = line.enumerated().map { column, text in
                let space = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + space : space + text
            }
            return "| \(cells.joined(separator: " | ")) |"
        }
        let rules = widths.enumerated().map { column, width in
            column == 0 ? String(repeating: "-", count: width) : String(repeating: "-", count: max(width, 2) - 1) + ":"
        }
        shown.insert("| \(rules.joined(separator: " | ")) |", at: 1)
        return "\(title)\n\n\(shown.joined(separator: "\n"))\n"
    }

    /// The table as an object: its title and a list of rows by the names of the columns.
    var json: String {
        let objects = rows.map { row in
            let pairs = zip(columns, row).map { "\"\($0)\": \($1.json)" }
            return "    {\(pairs.joined(separator: ", "))}"
        }
        return "  {\"title\": \"\(title)\", \"rows\": [\n\(objects.joined(separator: ",\n"))\n  ]}"
    }
}

extension Double {
    /// The number with some decimals.
    func rounded(to decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        guard let whole = Int(exactly: (magnitude * scale).rounded()) else { return "\(self)" }
        let sign = self < 0 && whole > 0 ? "-" : ""
        let digits = "\(whole)"
        if decimals == 0 { return sign + digits }
        let padded = String(repeating: "0", count: max(decimals + 1 - digits.count, 0)) + digits
        return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }
}
