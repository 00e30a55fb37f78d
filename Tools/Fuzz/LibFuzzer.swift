#if LIBFUZZER
    import Foundation

    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ count: UnsafeMutablePointer<CInt>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
    ) -> CInt

    enum LibFuzzer {
        nonisolated(unsafe) private static var target = FuzzTarget.json

        /// Gives the program's arguments but the first to libFuzzer; it returns when its time is over.
        static func run(_ target: FuzzTarget) -> CInt {
            Self.target = target
            let words = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
            var pointers = words.map { strdup($0) } + [nil]
            var count = CInt(words.count)
            return pointers.withUnsafeMutableBufferPointer { buffer in
                guard var start = buffer.baseAddress else { return 1 }
                return runDriver(&count, &start) { bytes, count in
                    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
                    if let complaint = LibFuzzer.target.complaint(about: input) { fatalError(complaint) }
                    return 0
                }
            }
        }
    }
#endif
