/// The fields of a record type such as a service: what a Go struct type is to a Go template.
///
/// A record holds one value for each field, in this order. Methods are computed when a template asks for them.
public struct RecordShape: Sendable {
    /// A name that takes no storage: the template's `.ListenPort`.
    public struct Method: Sendable {
        public let name: String
        /// What it gives.
        public let type: DataType
        /// Whether the result may be the empty text or zero, so that a template should ask before it writes it.
        public let mayBeEmpty: Bool
        /// Computes the result from the record's fields; a string result is made in the given memory.
        let body: @Sendable (_ fields: UnsafeBufferPointer<Value>, _ memory: Memory) -> Value

        /// An integer computed from the record's fields.
        public static func integer(
            _ name: String, mayBeEmpty: Bool = false, _ body: @escaping @Sendable (_ fields: RecordFields) -> Int
        ) -> Method {
            Method(name: name, type: .int, mayBeEmpty: mayBeEmpty) { fields, memory in
                .int(body(RecordFields(values: fields, memory: memory)))
            }
        }

        /// A text computed from the record's fields.
        public static func text(
            _ name: String, mayBeEmpty: Bool = false, _ body: @escaping @Sendable (_ fields: RecordFields) -> [UInt8]
        ) -> Method {
            Method(name: name, type: .string, mayBeEmpty: mayBeEmpty) { fields, memory in
                memory.makeString(body(RecordFields(values: fields, memory: memory)))
            }
        }
    }

    /// A name that holds a value in every record.
    public struct Field: Sendable {
        public let name: String
        /// What it holds, as far as it is declared.
        public let type: DataType
        /// Whether a record may leave it out (the empty text, zero), so that a template should ask before it writes it.
        public let mayBeEmpty: Bool

        public init(_ name: String, _ type: DataType = .any, mayBeEmpty: Bool = false) {
            self.name = name
            self.type = type
            self.mayBeEmpty = mayBeEmpty
        }
    }

    /// As Go would print the type, `types.Service`.
    public let name: String
    public let fields: [Field]
    public let methods: [Method]
    /// The names of the fields, in their order.
    public let fieldNames: [String]

    public init(name: String, fields: [Field], methods: [Method] = []) {
        self.name = name
        self.fields = fields
        self.methods = methods
        fieldNames = fields.map(\.name)
    }

    /// A shape that does not say what its fields hold.
    public init(name: String, fields: [String], methods: [Method] = []) {
        self.init(name: name, fields: fields.map { Field($0) }, methods: methods)
    }

    /// How a name is answered.
    enum Member: Equatable {
        case field(Int)
        case method(Int)
    }

    func member(named name: String) -> Member? {
        if let slot = fieldNames.firstIndex(of: name) { return .field(slot) }
        if let index = methods.firstIndex(where: { $0.name == name }) { return .method(index) }
        return nil
    }

    /// Fields, then methods: what a misspelt name is compared with.
    var memberNames: [String] { fieldNames + methods.map(\.name) }
}

/// What a field holds, where it is known: what the types of a Go struct's fields are.
public indirect enum DataType: Sendable {
    /// Nothing is known.
    case any
    case bool, int, float, string
    case list(DataType)
    /// A map with any keys.
    case map(DataType)
    case record(RecordShape)
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
