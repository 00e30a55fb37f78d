// Renders templates of every context with random values, and compares the shape of the output, and for some samples
// the real proxy's verdict, with those of a harmless value.
//
//     Fuzz SECONDS [SEED]
//
// Ends with 1 and the value at the first difference. The same seed gives the same values.
import Foundation
import HATemplate

let arguments = CommandLine.arguments
let seconds = arguments.count > 1 ? Double(arguments[1]) ?? 10 : 10
var random = SplitMix(state: arguments.count > 2 ? UInt64(arguments[2]) ?? 1 : 1)
let end = Date().addingTimeInterval(seconds)
var (rendered, refused, asked) = (0, 0, 0)

for template in FuzzTemplate.all {
    guard try template.shape(of: Array(template.harmless.utf8)) != nil else {
        print("the harmless value is refused: \(template.text)")
        exit(1)
    }
}
while Date() < end {
    for template in FuzzTemplate.all {
        let value = random.value()
        guard let output = try template.render(value) else {
            refused += 1
            continue
        }
        rendered += 1
        let expected = try template.shape(of: Array(template.harmless.utf8))
        if template.shape(ofOutput: output) != expected {
            print("the shape differs for \(value): \(template.text)\n\(String(decoding: output, as: UTF8.self))")
            exit(1)
        }
        if rendered % 400 == 0 {
            asked += 1
            // Some directives take no empty argument.
            if template.isAlwaysAccepted, !value.isEmpty, try !ProxyVerdict.accepts(output, template.dialect) {
                print("the proxy refuses \(value): \(template.text)\n\(String(decoding: output, as: UTF8.self))")
                exit(1)
            }
        }
    }
}
print("\(rendered) rendered, \(refused) refused, \(asked) asked of the proxies")
