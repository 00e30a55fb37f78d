import Testing

@testable import HATemplate

@Suite("Format")
struct FormatTests {
    /// Everything that Go was asked, group by group.
    @Test(arguments: FormatRecording.groups)
    func answersAsGoDid(group: String) throws {
        var rows = 0
        try FormatRecording().forEachRow(of: group) { row, memory in
            rows += 1
            let output = Self.call(row, memory)
            let isEqual = output == row.expected
            #expect(isEqual, Comment(rawValue: Self.describe(row, memory, output)))
        }
        #expect(rows > 50)
    }

    /// A list of 1,000 lists takes no more of the thread's stack than one.
    @Test func printsDeepNesting() {
        Memory.with(constants: [], document: .empty) { memory in
            var value = Value.int(1)
            for _ in 0..<1_000 { value = memory.makeList([value, .null]) }
            var output = ByteBuffer()
            FormatDirective(flags: .goSyntax, verb: "v").print(operand: value, memory, into: &output)
            let opening = "[]interface {}{"
            let expected =
                String(repeating: opening, count: 1_000) + "1"
                + String(repeating: ", interface {}(nil)}", count: 1_000)
            #expect(String(decoding: output.array, as: UTF8.self) == expected)
        }
    }

    /// Go takes a width of eight digits before it says that it is too large.
    @Test(arguments: [("%1000000d", 1_000_000), ("%-1000001.1000001x", 1_000_001), ("%.1000000f", 1_000_002)])
    func printsGreatWidths(format: String, count: Int) {
        let value = format.hasSuffix("f") ? Value.float(2) : .int(2)
        #expect(Self.printf(format, [value]).count == count)
    }

    @Test(arguments: [
        ("%*d", "%!(BADWIDTH)1"), ("%.*d", "%!(BADPREC)1"), ("%[3]*.[2]*[1]d", "%!(BADWIDTH)%!d(BADINDEX)"),
    ])
    func refusesGreatNumbersFromOperands(format: String, expected: String) {
        let output = Self.printf(format, [.int(1_000_001), .int(1)])
        #expect(String(decoding: output, as: UTF8.self) == expected)
    }

    @Test func namesTypes() {
        let document = DocumentBuilder().build(root: .missing)
        Memory.with(constants: [], document: document) { memory in
            #expect(Formatter.typeName(of: .missing, memory) == "<nil>")
            #expect(Formatter.typeName(of: memory.makeList([], type: .string), memory) == "[]string")
            #expect(Formatter.typeName(of: memory.makeMap([]), memory) == "map[string]interface {}")
        }
    }

    private static func printf(_ format: String, _ arguments: [Value]) -> [UInt8] {
        Memory.with(constants: [], document: .empty) { memory in
            let format = memory.makeString(format)
            return arguments.withUnsafeBufferPointer { arguments in
                Array(memory.bytes(of: Formatter.printf(format, arguments, memory)))
            }
        }
    }

    private static func call(_ row: FormatRecording.Row, _ memory: Memory) -> [UInt8] {
        var text = PieceWriter(output: ByteBuffer(), isTracking: false)
        row.arguments.withUnsafeBufferPointer { arguments in
            switch row.call {
            case "action":
                for value in arguments { Formatter.append(value.leavingPipeline, memory, into: &text.output) }
            case "print": text.append(Formatter.print(arguments, memory), memory)
            case "println": Formatter.println(arguments, memory, into: &text)
            case "printf": text.append(Formatter.printf(row.format, arguments, memory), memory)
            case "quote": Formatter.appendQuoted(memory.bytes(of: arguments[0]), into: &text.output)
            case "html": text.append(Escaping.html(arguments, memory), memory)
            case "js": text.append(Escaping.js(arguments, memory), memory)
            case "urlquery": text.append(Escaping.urlquery(arguments, memory), memory)
            default: text.output.append("no such call")
            }
        }
        return text.output.array
    }

    private static func describe(_ row: FormatRecording.Row, _ memory: Memory, _ output: [UInt8]) -> String {
        var arguments = ByteBuffer()
        for value in row.arguments {
            arguments.append(" ")
            FormatDirective(flags: .goSyntax).print(operand: value, memory, into: &arguments)
        }
        let texts = [output, row.expected].map { String(decoding: $0, as: UTF8.self).debugDescription }
        return """
            \(row.group)[\(row.number)] \(row.call) \(memory.text(of: row.format).debugDescription)\
            \(String(decoding: arguments.array, as: UTF8.self)) gave \(texts[0]), Go gave \(texts[1])
            """
    }
}
