/// The way from input bytes to output bytes: the one place where the command line meets the engine.
struct Rendering: Sendable {
    let request: RenderRequest
    let inputs: RenderInputs

    /// Renders, or shows what is wrong with the input and throws `inputWrong`.
    func output(console: Console) throws(CommandError) -> [UInt8] {
        // The template engine is wired in here.
        console.error("this build has no template engine")
        throw .inputWrong
    }
}
