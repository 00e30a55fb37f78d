/// A value of the template language, in 16 bytes without references.
///
/// Text, lists, maps and records live in pools (`Document`, the program's constants, the render's own scratch memory);
/// a value names a range of one of them. So values are copied, stored and compared without reference counting, and
/// the bytes of a service file travel to the output without becoming strings in between.
public struct Value: Sendable, BitwiseCopyable {
    /// The integer, the bits of the float, or start (low half) and count (high half) of a range.
    @usableFromInline package var payload: UInt64
    /// Where the value was written: offset in `Document.source` plus one, or 0 when no file holds it.
    @usableFromInline package var origin: UInt32
    @usableFromInline var type: TypeTag
    public let kind: Kind
    /// The pool in the lower bits, what is known of its trust in the upper ones.
    @usableFromInline var poolAndTrust: UInt8

    /// Which pool a string, list, map or record lives in.
    package var pool: Pool {
        @inline(__always) get { unsafeBitCast(poolAndTrust & 3, to: Pool.self) }  // there are four pools
    }

    public enum Kind: UInt8, Sendable, BitwiseCopyable {
        /// Nothing was there: an absent map key, or a nil that went through a pipeline. Go: the invalid value.
        case missing
        /// A nil that stands in a list or map. Go: an interface that holds nil.
        case null
        case bool, int, float, string, list, map, record
        /// Go's time.Time: nanoseconds since 1970 as payload, the zone's offset in the place of the type (`Timestamp`).
        case time
    }

    /// The memories that a range can lie in.
    @usableFromInline
    package enum Pool: UInt8, Sendable, BitwiseCopyable {
        /// Text of the template's literals.
        case constants
        /// Text of the input files as it stands there, and the document's elements.
        case source
        /// Text of the input that had escapes.
        case decoded
        /// Made while rendering.
        case scratch
    }

    init(
        _ kind: Kind, payload: UInt64 = 0, type: TypeTag = .any, pool: Pool = .constants, origin: UInt32 = 0
    ) {
        self.kind = kind
        self.payload = payload
        self.type = type
        poolAndTrust = pool.rawValue | (pool == .constants ? Self.trustedBit : 0)
        self.origin = origin
    }

    init(_ kind: Kind, start: Int, count: Int, type: TypeTag = .any, pool: Pool, origin: UInt32 = 0) {
        let range = UInt64(UInt32(truncatingIfNeeded: start)) | UInt64(UInt32(truncatingIfNeeded: count)) << 32
        self.init(kind, payload: range, type: type, pool: pool, origin: origin)
    }

    /// A string of the joined text, written between quotes without escapes.
    @inlinable @inline(__always)
    package init(quoted text: Range<Int>) {
        let (start, count) = (UInt32(truncatingIfNeeded: text.lowerBound), UInt32(truncatingIfNeeded: text.count))
        payload = UInt64(start) | UInt64(count) << 32
        origin = start  // of the quote, plus one
        type = TypeTag(rawValue: 0)
        kind = .string
        poolAndTrust = Pool.source.rawValue
    }

    /// An integer of the joined text.
    @inlinable @inline(__always)
    package init(_ number: Int, writtenAt offset: Int) {
        payload = UInt64(bitPattern: Int64(number))
        origin = UInt32(truncatingIfNeeded: offset) &+ 1
        type = TypeTag(rawValue: 0)
        kind = .int
        poolAndTrust = Pool.constants.rawValue | Self.trustedBit
    }

    public static var missing: Value { Value(.missing) }
    public static var null: Value { Value(.null) }

    public static func bool(_ value: Bool) -> Value { Value(.bool, payload: value ? 1 : 0) }
    public static func int(_ value: Int) -> Value { Value(.int, payload: UInt64(bitPattern: Int64(value))) }
    public static func float(_ value: Double) -> Value { Value(.float, payload: value.bitPattern) }

    /// A list that a record does not have: Go's nil slice. It is empty, and equal to nil.
    public static func absentList(of element: ElementType) -> Value {
        Value(.list, start: 0, count: 0, type: element.tag, pool: .constants)
    }

    /// A map that a record does not have: Go's nil map.
    public static let absentMap = Value(.map, start: 0, count: 0, pool: .constants)

    /// A list or map that is not there, as opposed to one without elements.
    package var isAbsent: Bool { (kind == .list || kind == .map) && pool == .constants }

    /// The payload of a bool.
    public var asBool: Bool { payload != 0 }
    /// The payload of an int.
    public var asInt: Int { Int(truncatingIfNeeded: Int64(bitPattern: payload)) }
    /// The payload of a float.
    public var asFloat: Double { Double(bitPattern: payload) }

    /// Index of the first byte (string) or element (list, map, record) in its pool.
    var start: Int { Int(truncatingIfNeeded: payload & 0xFFFF_FFFF) }
    /// Bytes of a string, elements of a list, entries of a map, slots of a record.
    public var count: Int { Int(truncatingIfNeeded: payload >> 32) }

    /// The bytes of a string that stands in the joined text as it is.
    package var textRange: Range<Int>? {
        guard pool == .source else { return nil }
        let start = Int(truncatingIfNeeded: payload & 0xFFFF_FFFF)
        return Range(uncheckedBounds: (start, start &+ Int(truncatingIfNeeded: payload >> 32)))
    }

    /// The bytes of the joined text where the value stands: all of a string that has no escapes, else the first byte.
    package var writtenRange: Range<Int>? {
        guard origin > 0 else { return nil }
        let first = Int(origin) - 1
        guard kind == .string, pool == .source else { return first..<(first + 1) }
        return first..<max(first + 1, start + count + 1)
    }

    // MARK: Trust

    @inlinable static var trustedBit: UInt8 { 0x80 }
    private static let piecesBit: UInt8 = 0x40
    private static let blendBit: UInt8 = 0x20

    /// Whether a text may be written into a configuration as it is: the template's own words, numbers, and what was
    /// declared to be trusted. Lists, maps and records are not asked; what they hold answers for itself.
    var isTrusted: Bool { poolAndTrust & Self.trustedBit != 0 }

    /// A scratch string of which some parts are trusted and others are not (`Memory.pieces`).
    var hasPieces: Bool { poolAndTrust & Self.piecesBit != 0 }

    /// The same value as trusted text.
    package var trusted: Value {
        var copy = self
        copy.poolAndTrust = pool.rawValue | Self.trustedBit
        return copy
    }

    /// Text in which a function mixed blanks of the template with data, so that nobody knows which are which.
    var isBlend: Bool { poolAndTrust & Self.blendBit != 0 }

    /// The same text as such a mixture.
    var blended: Value {
        var copy = self
        copy.poolAndTrust |= Self.blendBit
        return copy
    }

    /// Whether it is a text from data that no part of the template is in.
    @inline(__always)
    var isDataAlone: Bool { poolAndTrust & (Self.trustedBit | Self.piecesBit | Self.blendBit) == 0 }

    /// The same string, whose parts the memory's table of pieces knows.
    var inPieces: Value {
        var copy = self
        copy.poolAndTrust = pool.rawValue | Self.piecesBit
        return copy
    }

    /// A range of the same pool and trust.
    func range(start: Int, count: Int) -> Value {
        var copy = self
        copy.payload = UInt64(UInt32(truncatingIfNeeded: start)) | UInt64(UInt32(truncatingIfNeeded: count)) << 32
        return copy
    }

    /// Text of no bytes, which changes nothing where it is written.
    static let emptyTrustedText = Value(.string, start: 0, count: 0, pool: .constants)

    /// What a partial gives that has printed its text where it stands.
    static let printed = Value(.string, start: 0, count: 0, type: TypeTag(rawValue: 31), pool: .constants)

    var isPrinted: Bool { kind == .string && type.rawValue == 31 }

    /// The same text as markup, which `truncate` does not escape. Hugo: template.HTML.
    var markup: Value {
        var copy = self
        copy.type = .markup
        return copy
    }

    var isMarkup: Bool { kind == .string && type == .markup }

    /// Whether text made of this value alone is trusted.
    var makesTrustedText: Bool {
        switch kind {
        case .bool, .int, .float, .time: true
        case .string: isTrusted
        case .missing, .null, .list, .map, .record: false
        }
    }

    /// Go dereferences the interface when a value leaves a pipeline: a nil inside becomes the invalid value.
    var leavingPipeline: Value { kind == .null ? .missing : self }

    /// Neither a value nor a nil that is held somewhere.
    public var isNil: Bool { kind == .missing || kind == .null }

    /// The same value, known to come from the given place.
    public func withOrigin(_ origin: UInt32) -> Value {
        var copy = self
        copy.origin = origin
        return copy
    }
}

/// What Go's type system would say of a value beyond its kind: the element type of a list or map, the record's shape,
/// the width of an integer. It decides only what `%T`, `%#v` and error messages print, and whether an integer is a
/// duration, a month or a weekday, which print as words and have methods.
@usableFromInline
struct TypeTag: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    @usableFromInline let rawValue: UInt16

    @inlinable
    init(rawValue: UInt16) { self.rawValue = rawValue }

    /// `interface {}` as an element; the plain type (int, string …) as a value.
    static let any = TypeTag(rawValue: 0)
    static let string = TypeTag(rawValue: 1)
    static let int = TypeTag(rawValue: 2)
    static let float = TypeTag(rawValue: 3)
    static let bool = TypeTag(rawValue: 4)
    /// A byte of a string, as `index` gives it.
    static let uint8 = TypeTag(rawValue: 5)

    // Integers that print as words.
    /// Nanoseconds.
    static let duration = TypeTag(rawValue: 8)
    static let month = TypeTag(rawValue: 9)
    static let weekday = TypeTag(rawValue: 10)

    /// A text that is markup.
    static let markup = TypeTag(rawValue: 11)

    private static let firstRecord: UInt16 = 32

    /// The shape with this index in the document.
    static func record(_ index: Int) -> TypeTag {
        TypeTag(rawValue: firstRecord &+ UInt16(truncatingIfNeeded: index))
    }

    /// Index of the shape when this is a record type.
    var recordIndex: Int? {
        rawValue >= Self.firstRecord ? Int(rawValue - Self.firstRecord) : nil
    }
}
