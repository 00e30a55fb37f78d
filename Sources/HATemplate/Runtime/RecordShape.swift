/// The fields of a record type such as a service: what a Go struct type is to a Go template.
///
/// A record holds one value for each field, in this order. Methods are computed when a template asks for them.
public struct RecordShape: Sendable {
    /// A name that takes no storage: the template's `.ListenPort`.
    public struct Method: Sendable {
        public let name: String
        /// Computes the result from the record's fields; a string result is made in the given memory.
        let body: @Sendable (_ fields: UnsafeBufferPointer<Value>, _ memory: Memory) -> Value

        /// An integer computed from the record's fields.
        public static func integer(
            _ name: String, _ body: @escaping @Sendable (_ fields: RecordFields) -> Int
        ) -> Method {
            Method(name: name) { fields, memory in .int(body(RecordFields(values: fields, memory: memory))) }
        }

        /// A text computed from the record's fields.
        public static func text(
            _ name: String, _ body: @escaping @Sendable (_ fields: RecordFields) -> [UInt8]
        ) -> Method {
            Method(name: name) { fields, memory in
                memory.makeString(body(RecordFields(values: fields, memory: memory)))
            }
        }
    }

    /// As Go would print the type, `types.Service`.
    public let name: String
    public let fields: [String]
    public let methods: [Method]

    public init(name: String, fields: [String], methods: [Method] = []) {
        self.name = name
        self.fields = fields
        self.methods = methods
    }

    /// How a name is answered.
    enum Member: Equatable {
        case field(Int)
        case method(Int)
    }

    func member(named name: String) -> Member? {
        if let slot = fields.firstIndex(of: name) { return .field(slot) }
        if let index = methods.firstIndex(where: { $0.name == name }) { return .method(index) }
        return nil
    }

    /// Fields, then methods: what a misspelt name is compared with.
    var memberNames: [String] { fields + methods.map(\.name) }
}

/// The fields of one record, as a method sees them.
public struct RecordFields {
    let values: UnsafeBufferPointer<Value>
    let memory: Memory

    /// The integer in a slot; 0 when the slot holds something else.
    public func integer(_ slot: Int) -> Int {
        values.indices.contains(slot) && values[slot].kind == .int ? values[slot].asInt : 0
    }

    /// The bytes of the text in a slot; empty when the slot holds something else.
    public func text(_ slot: Int) -> [UInt8] {
        values.indices.contains(slot) && values[slot].kind == .string ? Array(memory.bytes(of: values[slot])) : []
    }
}
