import HAServices
import HATemplate

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Times reading and rendering, and writes what was rendered.
func measure(
    template path: String, services servicesPath: String, rounds: Int, output outputPath: String, dialect: Dialect
) throws {
    let template = try Template.parse(SourceFile(name: path, bytes: read(path)), dialect: dialect)
    let bytes = read(servicesPath)
    var document = Document.empty
    let parsing = try median(of: rounds) {
        var reader = ServiceReader()
        reader.addFile(name: servicesPath, bytes: bytes, trustsConfig: true)
        document = try reader.finish()
    }
    var output = ByteBuffer()
    let rendering = try median(of: rounds) {
        output = ByteBuffer()
        try template.render(document, into: &output)
    }
    write(output.array, to: outputPath)
    print(
        #"{"engine": "\#(dialect == .plain ? "swift" : dialect.rawValue)", "parse": \#(parsing), "render": \#(rendering), "bytes": \#(output.count)}"#
    )
}

/// The median time of some rounds of work, in nanoseconds.
private func median(of rounds: Int, _ work: () throws -> Void) rethrows -> Int64 {
    let clock = ContinuousClock()
    var times: [Duration] = []
    for _ in 0..<max(rounds, 1) { times.append(try clock.measure(work)) }
    let middle = times.sorted()[times.count / 2]
    return middle.components.seconds * 1_000_000_000 + middle.components.attoseconds / 1_000_000_000
}

func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let size = ftell(file)
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: max(size, 0)) { buffer, count in
        count = fread(buffer.baseAddress, 1, buffer.count, file)
    }
}

func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "wb") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
}

/// Times the check of a template for services, and prints what it finds.
func check(template path: String, rounds: Int) throws {
    let template = try Template.parse(SourceFile(name: path, bytes: read(path)))
    let configuration: CheckOptions.Configuration = path.contains("nginx") ? .nginx : .haproxy
    var findings: [Diagnostic] = []
    let time = median(of: rounds) {
        findings = template.check(against: .services, options: CheckOptions(configuration: configuration))
    }
    for finding in findings { print(finding) }
    print(#"{"engine": "swift", "check": \#(time), "findings": \#(findings.count)}"#)
}
