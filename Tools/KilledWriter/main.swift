import HADelivery
import HAServices
import HASystem
import HAWatch
import TestSupport

// KilledWriter table STATE PAYLOAD [CALL]   brings a table up to date with a payload
// KilledWriter apply PROJECT [CALL]         brings the outputs of a project into place
// KilledWriter deliver PROJECT [CALL]       does so as the daemon does
//
// and is killed in place of the system call with this number. Without a number it lives, and prints how many calls
// there are.

/// What a word of the command line asks for.
enum Work: String {
    case table, apply, deliver

    var operandCount: Int { self == .table ? 2 : 1 }
}

let words = CommandLine.arguments
guard words.count > 1, let work = Work(rawValue: words[1]), words.count >= 2 + work.operandCount else {
    fatalError("KilledWriter table STATE PAYLOAD [CALL] | apply PROJECT [CALL] | deliver PROJECT [CALL]")
}
let faults = Faults(killingAt: words.count > 2 + work.operandCount ? Int(words[2 + work.operandCount]) : nil)
let files = FileSystem.failing(faults)

func changeTable() throws {
    let input = try FileReader(files: .system).read(words[3])
    let payload = try Payload.read(name: input.name, bytes: input.bytes)
    let directory = StateDirectory(path: words[2], files: files, temporaries: .unregistered)
    var transaction = try directory.begin(payload.table)
    let proposal = try transaction.proposal(for: payload)
    _ = try transaction.commit(proposal, history: 2)
}

// A command can be cut off before it is started, and before its end is known.
let process = ChildProcess { command, conditions throws(SystemError) in
    try faults.step()
    let outcome = try ChildProcess.system().run(command, conditions)
    try faults.step()
    return outcome
}
let proxy = ProxyCheck(
    files: files, processes: process, temporaries: .unregistered, cache: nil, environment: { _ in nil })

func project() throws -> ProjectFile { try ProjectFile.read(try FileReader(files: .system).read(words[2])) }

func deliver() throws {
    let project = try project()
    let tools = DeliveryTools(
        rendering: TargetRendering(files: files, environment: { _ in nil }, now: { 0 }),
        check: OutputCheck(proxy: proxy), process: process, temporaries: .unregistered, now: { 0 },
        microseconds: { 0 })
    var state = DeliveryState()
    _ = DeliveryRun(project: project, targets: project.targets, tools: tools).run(&state)
}

func apply() throws {
    let project = try project()
    let tools = Applier.Tools(
        rendering: TargetRendering(files: files, environment: { _ in nil }, now: { 0 }),
        check: OutputCheck(proxy: proxy), process: process, temporaries: .unregistered, steps: .unreported,
        emit: { _ in })
    try Applier(project: project, options: .init(), tools: tools).apply(project.targets)
}

switch work {
case .table: try changeTable()
case .apply: try apply()
case .deliver: try deliver()
}
print(faults.calls)
