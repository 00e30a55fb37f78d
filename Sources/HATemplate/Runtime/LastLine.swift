/// The end of an output. HAProxy refuses a file whose last line has no line break, and text that is put after an output
/// would go on in its last line.
package enum LastLine {
    /// Ends an output that is not empty with a line break; the break belongs to what wrote the last line.
    package static func end(_ output: inout ByteBuffer, _ map: inout SourceMap?) {
        let isEnded = output.withElements { $0.last.map { $0 == 0x0A } ?? true }
        guard !isEnded else { return }
        output.append(0x0A)
        map?.grow(to: output.count)
    }
}
