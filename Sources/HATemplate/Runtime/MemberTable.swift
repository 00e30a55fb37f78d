/// For each record shape of a document and each name of a program: which slot or method answers.
///
/// Made once for a render, so that a member costs one look-up while it runs.
struct MemberTable: ~Copyable {
    private let members: Buffer<Int16>
    private let nameCount: Int

    /// What the table says of a name: a slot from 0 on, `absent`, or a method below that.
    private static let absent: Int16 = -1

    init(shapes: [RecordShape], names: [String]) {
        nameCount = names.count
        var members = Buffer<Int16>(capacity: shapes.count * names.count)
        for shape in shapes {
            for name in names {
                switch shape.member(named: name) {
                case .field(let slot): members.append(Int16(truncatingIfNeeded: slot))
                case .method(let index): members.append(Int16(truncatingIfNeeded: -2 - index))
                case nil: members.append(Self.absent)
                }
            }
        }
        self.members = members
    }

    /// The slot of a record's type under a name of the program; nil when there is none, or a method.
    @inline(__always)
    func slot(_ name: Int, of type: TypeTag) -> Int? {
        let entry = entry(name, of: type)
        return entry >= 0 ? Int(entry) : nil
    }

    /// The member of a record's type under a name of the program.
    func member(_ name: Int, of type: TypeTag) -> RecordShape.Member? {
        let entry = entry(name, of: type)
        if entry >= 0 { return .field(Int(entry)) }
        return entry == Self.absent ? nil : .method(-2 - Int(entry))
    }

    @inline(__always)
    private func entry(_ name: Int, of type: TypeTag) -> Int16 {
        guard let shape = type.recordIndex else { return Self.absent }
        let index = shape &* nameCount &+ name
        return index < members.count ? members[index] : Self.absent
    }
}
