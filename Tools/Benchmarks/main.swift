import HASystem

// Measures this engine beside its peers. `scripts/bench` builds what takes part and runs this; besides,
//
//     Benchmarks generate lines|compact|indented COUNT FILE [HOSTS]   writes services as JSON
//     Benchmarks generate scan|payload-N COUNT FILE                   writes what the state directory is measured with
//     Benchmarks work WORK TEMPLATE SERVICES                          works as often as standard input says
//
// are the processes that it starts itself.

let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch arguments.first {
    case "generate" where arguments.count >= 4: try generate(arguments.dropFirst().map { $0 })
    case "work" where arguments.count == 4:
        guard let work = Work(rawValue: arguments[1]) else { throw BenchmarkError("no work '\(arguments[1])'") }
        try work.run(template: arguments[2], services: arguments[3])
    case "--help": print(Options.usage, terminator: "")
    default: exit(try measure(Options(arguments)))
    }
} catch {
    note("\(error)")
    exit(2)
}

/// Writes a sample.
func generate(_ arguments: [String]) throws {
    guard let count = Int(arguments[1]) else { throw BenchmarkError("'\(arguments[1])' is no count") }
    let bytes: [UInt8]
    if let layout = SampleServices.Layout(rawValue: arguments[0]) {
        let hosts = arguments.count > 3 ? Int(arguments[3]) ?? 10 : 10
        bytes = try SampleServices(count: count, hosts: hosts, layout: layout).json
    } else if arguments[0] == "scan" {
        bytes = SampleState(count: count).scan
    } else if arguments[0].hasPrefix("payload-"), let number = Int(arguments[0].dropFirst(8)) {
        bytes = SampleState(count: count).payload(number)
    } else {
        throw BenchmarkError("no sample '\(arguments[0])'")
    }
    try save(bytes, to: arguments[2])
}

/// Measures everything, prints it, and returns the exit code.
func measure(_ options: Options) throws -> Int32 {
    signal(SIGPIPE, SIG_IGN)  // a worker that ended is an error like any other
    let folder = try makeTemporaryFolder()
    defer { _ = try? ChildProgram(["/bin/rm", "-r", folder]).wait() }
    var suite = Suite(options, folder: folder)
    try suite.measure()
    let machine = Suite.machine()
    print(suite.markdown(machine), terminator: "")
    if let path = options.json { try save(Array(suite.json(machine).utf8), to: path) }
    if let path = options.page {
        let page = String(decoding: try contents(of: path), as: UTF8.self)
        try save(Array(Suite.page(page, with: suite.markdown(machine)).utf8), to: path)
    }
    guard options.checks else { return 0 }
    let complaints = Bar.complaints(suite.measured)
    for complaint in complaints { note("missed: \(complaint)") }
    return complaints.isEmpty ? 0 : 1
}
