// Runs the targets of FuzzTargets.
//
//     CoverageFuzz TARGET FILE…           gives the files to a target, and ends with 1 at the first complaint
//     CoverageFuzz seeds FOLDER           writes what fuzzing begins with: a folder for each target, and a dictionary
//     CoverageFuzz TARGET [OPTION…] …     in a build with -sanitize=fuzzer (scripts/fuzz): libFuzzer's own options
import Foundation
import FuzzTargets

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(1)
}

guard CommandLine.arguments.count > 2 else { fail("usage: CoverageFuzz TARGET|seeds ARGUMENT…") }
if CommandLine.arguments[1] == "seeds" {
    try Seeds.write(to: CommandLine.arguments[2])
    exit(0)
}
guard let target = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
    fail("the targets are \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
}

#if LIBFUZZER
    exit(LibFuzzer.run(target))
#else
    for path in CommandLine.arguments.dropFirst(2) {
        if let complaint = target.complaint(about: Array(try Data(contentsOf: URL(fileURLWithPath: path)))) {
            fail("\(path): \(complaint)")
        }
    }
#endif
