/// Names the values of a document by their place in it: `services[3].Hosts[0].Port`.
///
/// Made with one walk over the document, for as many questions as wanted.
public struct DataPaths: Sendable {
    /// For each origin: the step that leads to it, and the origin-bearing container around it.
    private struct Step: Sendable {
        let parent: Int32
        let name: String
    }

    private var steps: [Step] = []
    private var indices: [UInt32: Int32] = [:]
    private let rootName: String

    /// The root is called `services` when it is a list of records, else nothing: its members stand alone.
    public init(_ document: Document) {
        rootName = document.root.kind == .list && document.root.type.recordIndex != nil ? "services" : ""
        Memory.with(constants: [], document: document) { walk($0, root: document.root) }
    }

    private mutating func walk(_ memory: Memory, root: Value) {
        var rest: [(value: Value, step: Int32)] = [(root, add(Step(parent: -1, name: rootName), root))]
        while let (value, step) = rest.popLast() {
            let elements = memory.elements(of: value)
            switch value.kind {
            case .list:
                for (index, element) in elements.enumerated() {
                    rest.append((element, add(Step(parent: step, name: "[\(index)]"), element)))
                }
            case .record:
                let fields = memory.shape(of: value)?.fieldNames ?? []
                for (element, name) in zip(elements, fields) {
                    rest.append((element, add(Step(parent: step, name: "." + name), element)))
                }
            case .map:
                for index in stride(from: 0, to: elements.count, by: 2) {
                    let name = "." + memory.text(of: elements[index])
                    rest.append((elements[index + 1], add(Step(parent: step, name: name), elements[index + 1])))
                }
            default: break
            }
        }
    }

    /// A default that stands for a value elsewhere has that value's origin: the first one keeps the name.
    private mutating func add(_ step: Step, _ value: Value) -> Int32 {
        let index = Int32(truncatingIfNeeded: steps.count)
        steps.append(step)
        if value.origin > 0, indices[value.origin] == nil { indices[value.origin] = index }
        return index
    }

    /// The path of the value with an origin.
    func path(ofOrigin origin: UInt32) -> String? {
        guard var index = indices[origin] else { return nil }
        var names: [String] = []
        while steps.indices.contains(Int(index)) {
            names.append(steps[Int(index)].name)
            index = steps[Int(index)].parent
        }
        let path = names.reversed().joined()
        return path.hasPrefix(".") ? String(path.dropFirst()) : path
    }
}
