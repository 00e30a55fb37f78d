/// What a run of the benchmark is told.
struct Options {
    /// The programs that take part: ours, the one in Go, and a Python with the engines of requirements.txt.
    var program = ""
    var go = ""
    var python = ""
    /// Numbers of services, of 10 hosts each.
    var sizes = [10, 1_000, 10_000, 100_000]
    var turns = 15
    /// Where results are written: as JSON, and into the marked part of a page.
    var json: String?
    var page: String?
    /// Whether the bars decide how the program ends.
    var checks = false

    static let usage = """
        usage: scripts/bench [--sizes N,N…] [--turns N] [--json FILE] [--page FILE] [--check]

          --sizes N,N…  numbers of services, of 10 hosts each (10,1000,10000,100000)
          --turns N     how often everything is measured (15)
          --json FILE   write the results as JSON
          --page FILE   write the tables between the marks `<!-- measured -->` and `<!-- end measured -->` of a page
          --check       measure what has a bar, and end with 1 when a bar is missed by more than half

        """

    init(_ arguments: some Sequence<String>) throws {
        var rest = arguments.makeIterator()
        while let name = rest.next() {
            if name == "--check" {
                checks = true
                sizes = [Self.usual]
                continue
            }
            guard let value = rest.next() else { throw BenchmarkError("\(name) needs a value\n\n\(Self.usage)") }
            switch name {
            case "--program": program = value
            case "--go": go = value
            case "--python": python = value
            case "--sizes": sizes = try value.split(separator: ",").map { try Self.count(name, $0) }
            case "--turns": turns = try Self.count(name, value[...])
            case "--json": json = value
            case "--page": page = value
            default: throw BenchmarkError("no option \(name)\n\n\(Self.usage)")
            }
        }
    }

    /// The number of services that the bars speak of.
    static let usual = 10_000

    private static func count(_ name: String, _ text: Substring) throws -> Int {
        guard let count = Int(text), count > 0 else { throw BenchmarkError("\(name): '\(text)' is no count") }
        return count
    }
}
