import HATemplate

// Measures this engine inside its process.
//
//     Benchmarks generate COUNT FILE                     services of 10 hosts each, as JSON
//     Benchmarks measure TEMPLATE SERVICES ROUNDS OUTPUT [DIALECT]  prints median times in nanoseconds as JSON
//     Benchmarks compare TEMPLATE SERVICES ROUNDS         prints the least times, beside a loop written by hand
//     Benchmarks check TEMPLATE ROUNDS                    prints the median time of a check and what it finds
//
// `scripts/bench` runs it beside Go and prints the ratios.

let arguments = CommandLine.arguments
switch arguments.dropFirst().first {
case "generate" where arguments.count == 4:
    write(SampleServices(count: Int(arguments[2]) ?? 0).json, to: arguments[3])
case "measure" where arguments.count == 6 || arguments.count == 7:
    try measure(
        template: arguments[2], services: arguments[3], rounds: Int(arguments[4]) ?? 1, output: arguments[5],
        dialect: arguments.count == 7 ? Dialect(rawValue: arguments[6]) ?? .plain : .plain)
case "compare" where arguments.count == 5:
    try compare(template: arguments[2], services: arguments[3], rounds: Int(arguments[4]) ?? 1)
case "check" where arguments.count == 4:
    try check(template: arguments[2], rounds: Int(arguments[3]) ?? 1)
default:
    print(
        "usage: Benchmarks generate COUNT FILE | measure TEMPLATE SERVICES ROUNDS OUTPUT | "
            + "compare TEMPLATE SERVICES ROUNDS | check TEMPLATE ROUNDS")
}
