import HAServices
import TestSupport

// KilledWriter STATE PAYLOAD CALL: brings a table up to date with a payload, and is killed in place of the system call
// with this number. Without a number it lives, and prints how many calls there are.

let words = CommandLine.arguments
guard words.count >= 3 else { fatalError("KilledWriter STATE PAYLOAD [CALL]") }
let faults = Faults(killingAt: words.count > 3 ? Int(words[3]) : nil)
let input = try FileReader(files: .system).read(words[2])
let directory = StateDirectory(path: words[1], files: .failing(faults), temporaries: .unregistered)

func change() throws {
    let payload = try Payload.read(name: input.name, bytes: input.bytes)
    var transaction = try directory.begin(payload.table)
    let proposal = try transaction.proposal(for: payload)
    _ = try transaction.commit(proposal, history: 2)
}

try change()
print(faults.calls)
