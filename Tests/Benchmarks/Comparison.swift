import HAServices
import HATemplate

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Renders the same services in every way that this process knows, in turns, and prints the least processor time of
/// each in nanoseconds as JSON: on a machine with other work the least time says more than the median.
func compare(template path: String, services servicesPath: String, rounds: Int) throws {
    let file = SourceFile(name: path, bytes: read(path))
    let plain = try Template.parse(file)
    let haproxy = try Template.parse(file, dialect: .haproxy)
    let bytes = read(servicesPath)
    var reader = ServiceReader()
    reader.addFile(name: servicesPath, bytes: bytes, trustsConfig: true)
    let document = try reader.finish()
    let text = FileText(bytes)
    let loop = HandWrittenLoop(document, file: text)

    var byHand = HandWrittenOutput()
    var output = ByteBuffer()
    var times = [Int](repeating: .max, count: 4)
    for _ in 0..<max(rounds, 1) {
        times[0] = min(
            times[0],
            processorTime {
                byHand = HandWrittenOutput()
                loop.render(into: &byHand)
            })
        for (index, template) in [(1, plain), (2, haproxy)] {
            times[index] = min(
                times[index],
                try processorTime {
                    output = ByteBuffer()
                    try template.render(document, into: &output)
                })
            guard output.array == byHand.array else { return print("the loop written by hand prints something else") }
        }
        times[3] = min(
            times[3],
            try processorTime {
                output = ByteBuffer()
                _ = try plain.renderWithSourceMap(document, into: &output)
            })
    }
    withExtendedLifetime(text) {}
    print(
        #"{"byHand": \#(times[0]), "plain": \#(times[1]), "haproxy": \#(times[2]), "sourceMap": \#(times[3]), "bytes": \#(output.count)}"#
    )
}

/// The processor time of this process that some work takes, in nanoseconds.
private func processorTime(_ work: () throws -> Void) rethrows -> Int {
    let start = processorClock()
    try work()
    return processorClock() - start
}

private func processorClock() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
