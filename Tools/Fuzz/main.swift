// Gives random input to the engine.
//
//     Fuzz TARGET FILE…                   gives the files to a target, and ends with 1 at the first complaint
//     Fuzz seeds FOLDER                   writes what fuzzing begins with: a folder for each target, and a dictionary
//     Fuzz values COUNT|SECONDSs [SEED]   random values at every kind of place in a configuration, see ValueFuzz
//     Fuzz scan COUNT|SECONDSs [SEED]     random configurations: the scan against the real proxies, see ScanFuzz
//     Fuzz TARGET [OPTION…] …             in a build with -sanitize=fuzzer (scripts/fuzz): libFuzzer's own options
import Foundation

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(1)
}

let words = CommandLine.arguments.dropFirst()
let rest = Array(words.dropFirst())
guard let verb = words.first, let operand = rest.first else { fail("usage: Fuzz TARGET|seeds|values|scan ARGUMENT…") }

switch verb {
case "seeds": try Seeds.write(to: operand)
case "values":
    guard let amount = ValueFuzz.Amount(operand), let seed = UInt64(rest.count > 1 ? rest[1] : "1") else {
        fail("usage: Fuzz values COUNT|SECONDSs [SEED]")
    }
    var fuzz = ValueFuzz(seed: seed)
    if let complaint = try fuzz.complaint(amount) { fail("seed \(seed): \(complaint)") }
    let counts = "\(fuzz.rendered) rendered, \(fuzz.refused) refused, \(fuzz.asked) asked of the proxies"
    print("values: \(counts), seed \(seed)")
case "scan":
    guard let amount = ValueFuzz.Amount(operand), let seed = UInt64(rest.count > 1 ? rest[1] : "1") else {
        fail("usage: Fuzz scan COUNT|SECONDSs [SEED]")
    }
    guard ScanFuzz.isPossible else {
        print("scan: haproxy, nginx or strace is missing")
        break
    }
    var fuzz = ScanFuzz(seed: seed)
    if let complaint = try fuzz.complaint(amount) { fail("seed \(seed): \(complaint)") }
    let counts = "\(fuzz.asked) asked of the proxies, \(fuzz.refused) refused, \(fuzz.opened) files opened"
    print("scan: \(counts), seed \(seed)")
default:
    guard let target = FuzzTarget(rawValue: verb) else {
        fail("the targets are \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    #if LIBFUZZER
        exit(LibFuzzer.run(target))
    #else
        for path in rest {
            if let complaint = target.complaint(about: Array(try Data(contentsOf: URL(fileURLWithPath: path)))) {
                fail("\(path): \(complaint)")
            }
        }
    #endif
}
