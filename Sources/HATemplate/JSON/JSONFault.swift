/// What is wrong with a text that should be JSON. Offsets count in the joined text of all files.
package struct JSONFault: Error, Sendable {
    package let code: DiagnosticCode
    package let message: String
    package let range: Range<Int>
    /// Another place, with what to say of it.
    package var note: (message: String, range: Range<Int>)?
    /// Whether the cursor stands after the faulty value, so that reading can go on as if `null` stood there.
    package var isRecoverable = false

    init(_ code: DiagnosticCode, _ message: String, at range: Range<Int>) {
        self.code = code
        self.message = message
        self.range = range
    }

    /// The note at the first of two that must not stand twice.
    package static let firstHere = "it is here first"

    /// A key that stands twice in one object.
    package static func duplicateKey(_ name: String, at range: Range<Int>, first: Range<Int>?) -> JSONFault {
        var fault = JSONFault(.duplicateKey, "the key \"\(name)\" appears twice in this object", at: range)
        fault.note = first.map { (firstHere, $0) }
        return fault
    }

    /// The same, with reading able to go on after the value.
    var recoverable: JSONFault {
        var copy = self
        copy.isRecoverable = true
        return copy
    }
}

/// Faults after which reading could go on: the first ones, and how many more there were.
///
/// A text of a million equal keys must not cost a million messages.
package struct JSONFaults: Sendable {
    package static let maximumCount = 1_000

    package private(set) var items: [JSONFault] = []
    package private(set) var omitted = 0

    package init() {}

    /// Keeps a fault while there is room; it is not even made afterwards.
    mutating func add(_ fault: @autoclosure () -> JSONFault) {
        if items.count < Self.maximumCount { items.append(fault()) } else { omitted += 1 }
    }
}
