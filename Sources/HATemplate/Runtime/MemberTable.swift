/// For each record shape of a document and each name of a program: which slot or method answers.
///
/// Made once for a render, so that a member costs one look-up while it runs.
struct MemberTable {
    private let members: [Int16]
    private let nameCount: Int

    /// What the table says of a name: a slot from 0 on, `absent`, or a method below that.
    private static let absent: Int16 = -1

    init(shapes: [RecordShape], names: [String]) {
        nameCount = names.count
        var members: [Int16] = []
        members.reserveCapacity(shapes.count * names.count)
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

    /// The member of a record's type under a name of the program.
    @inline(__always)
    func member(_ name: Int, of type: TypeTag) -> RecordShape.Member? {
        guard let shape = type.recordIndex else { return nil }
        let index = shape * nameCount + name
        guard index < members.count else { return nil }
        let entry = members[index]
        if entry >= 0 { return .field(Int(entry)) }
        return entry == Self.absent ? nil : .method(-2 - Int(entry))
    }
}
