/// Go's escaping functions of text/template. Several arguments are printed together as `print` does; a nil among them
/// reads `<no value>`. Go: text/template/funcs.go, evalArgs.
enum Escaping {
    /// The template function `html`. Go: HTMLEscaper.
    static func html(_ arguments: UnsafeBufferPointer<Value>, _ memory: Memory, into output: inout ByteBuffer) {
    }

    /// The template function `js`. Go: JSEscaper.
    static func js(_ arguments: UnsafeBufferPointer<Value>, _ memory: Memory, into output: inout ByteBuffer) {
    }

    /// The template function `urlquery`. Go: URLQueryEscaper.
    static func urlquery(_ arguments: UnsafeBufferPointer<Value>, _ memory: Memory, into output: inout ByteBuffer) {
    }
}
