@testable import HATemplate

/// Numbers that are the same in every run. SplitMix64.
struct FixedRandom {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    /// True in so many of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

/// A type of JSON values.
indirect enum RandomShape {
    case bool, int, float, string, null
    case list(RandomShape)
    case map([Field])
    case either(RandomShape, RandomShape)

    struct Field {
        let name: String
        let shape: RandomShape
        let isRequired: Bool
    }

    static func make(_ random: inout FixedRandom, depth: Int) -> RandomShape {
        switch random.below(depth > 0 ? 10 : 5) {
        case 0: return .bool
        case 1: return .int
        case 2: return .float
        case 3, 4: return .string
        case 5, 6: return .list(make(&random, depth: depth - 1))
        case 7: return .either(make(&random, depth: 0), random.chance(50) ? .null : make(&random, depth: depth - 1))
        default: return object(&random, depth: depth)
        }
    }

    static func object(_ random: inout FixedRandom, depth: Int) -> RandomShape {
        .map(
            (0..<(1 + random.below(4))).map { index in
                Field(
                    name: ["a", "b", "c", "d"][index], shape: make(&random, depth: depth - 1),
                    isRequired: random.chance(80))
            })
    }

    var schema: String {
        switch self {
        case .bool: return #"{"type": "boolean"}"#
        case .int: return #"{"type": "integer"}"#
        case .float: return #"{"type": "number"}"#
        case .string: return #"{"type": "string"}"#
        case .null: return #"{"type": "null"}"#
        case .list(let element): return #"{"type": "array", "items": \#(element.schema)}"#
        case .either(let one, let other): return #"{"anyOf": [\#(one.schema), \#(other.schema)]}"#
        case .map(let fields):
            let properties = fields.map { #""\#($0.name)": \#($0.shape.schema)"# }.joined(separator: ", ")
            let required = fields.filter(\.isRequired).map { "\"\($0.name)\"" }.joined(separator: ", ")
            return """
                {"type": "object", "additionalProperties": false, "properties": {\(properties)}, \
                "required": [\(required)]}
                """
        }
    }

    func value(_ random: inout FixedRandom) -> String {
        switch self {
        case .bool: return random.pick(["true", "false"])
        case .int: return random.pick(["0", "1", "-3", "80"])
        case .float: return random.pick(["0.5", "2.25", "7", "-1.5"])
        case .string: return random.pick([#""""#, #""x""#, #""text""#, #""80""#])
        case .null: return "null"
        case .list(let element):
            return "[" + (0..<random.below(4)).map { _ in element.value(&random) }.joined(separator: ", ") + "]"
        case .either(let one, let other): return random.chance(50) ? one.value(&random) : other.value(&random)
        case .map(let fields):
            let present = fields.filter { $0.isRequired || random.chance(50) }
            return "{" + present.map { #""\#($0.name)": \#($0.shape.value(&random))"# }.joined(separator: ", ") + "}"
        }
    }
}

/// Writes well-formed templates over values of a type; most of what they do is right.
struct RandomTemplate {
    private var random: FixedRandom
    private let root: RandomShape
    private var dots: [RandomShape?]
    private var variables: [(name: String, shape: RandomShape?)] = []
    private var loopDepth = 0
    private var budget: Int
    /// Whether there are branches, loops and operands that may be skipped.
    private let branches: Bool

    /// What an expression is, as far as the writer knows.
    private typealias Expression = (text: String, shape: RandomShape?)

    init(_ root: RandomShape, seed: UInt64, statements: Int, branches: Bool = true) {
        random = FixedRandom(seed: seed)
        self.root = root
        self.branches = branches
        dots = [root]
        budget = statements
    }

    static func text(_ root: RandomShape, seed: UInt64, statements: Int, branches: Bool = true) -> String {
        var template = RandomTemplate(root, seed: seed, statements: statements, branches: branches)
        var text = ""
        while template.budget > 0 { text += template.statement() }
        return text
    }

    // MARK: Statements

    private mutating func body() -> String {
        let count = variables.count
        defer { variables.removeLast(variables.count - count) }
        return (0..<(1 + random.below(3))).map { _ in statement() }.joined()
    }

    private mutating func statement() -> String {
        budget -= 1
        guard budget > 0 else { return "" }
        switch random.below(branches ? 12 : 5) {
        case 0, 1, 2: return "{{\(expression(3).text)}} "
        case 3:
            let value = expression(2)
            let name = "$v\(random.below(4))"
            variables.append((name, value.shape))
            return "{{\(name) := \(value.text)}}"
        case 4:
            guard !variables.isEmpty else { return "" }
            let variable = random.pick(variables)
            return "{{\(variable.name) = \(of(variable.shape, 2).text)}}"
        case 5, 6:
            let condition = random.chance(50) ? path() : expression(3)
            let otherwise = random.chance(40) ? "{{else}}" + body() : ""
            return "{{if \(condition.text)}}\(body())\(otherwise){{end}}"
        case 7:
            let value = path()
            return "{{with \(value.text)}}" + inside(value.shape) + "{{end}}"
        case 8, 9, 10: return loop()
        default:
            guard loopDepth > 0 else { return "text " }
            return "{{if \(path().text)}}{{\(random.pick(["break", "continue"]))}}{{end}}"
        }
    }

    private mutating func inside(_ dot: RandomShape?) -> String {
        dots.append(dot)
        defer { dots.removeLast() }
        return body()
    }

    private mutating func loop() -> String {
        let list = of(.list(.int), 2)
        let element: RandomShape? =
            switch list.shape {
            case .list(let element): element
            case .map(let fields): fields.first?.shape
            case .int: .int
            default: nil
            }
        loopDepth += 1
        defer { loopDepth -= 1 }
        guard random.chance(40) else { return "{{range \(list.text)}}" + inside(element) + "{{end}}" }
        let count = variables.count
        defer { variables.removeLast(variables.count - count) }
        if random.chance(50) {
            variables.append(("$e", element))
            return "{{range $e := \(list.text)}}" + inside(element) + "{{end}}"
        }
        variables += [("$i", .int), ("$e", element)]
        return "{{range $i, $e := \(list.text)}}" + inside(element) + "{{end}}"
    }

    // MARK: Expressions

    private mutating func path() -> Expression {
        var text = "."
        var shape = dots.last ?? nil
        if !variables.isEmpty, random.chance(35) {
            (text, shape) = random.pick(variables)
        } else if random.chance(20) {
            (text, shape) = ("$", root)
        }
        for _ in 0..<(1 + random.below(3)) {
            guard case .map(let fields) = shape, !fields.isEmpty else {
                if random.chance(97) { break }
                return (text == "." ? ".a" : text + ".a", nil)
            }
            guard random.chance(85) else { break }
            let field = random.chance(97) ? random.pick(fields) : .init(name: "z", shape: .int, isRequired: false)
            text += (text == "." ? "" : ".") + field.name
            shape = field.shape
        }
        return (text, shape)
    }

    /// Something of about this type: a path that happens to be, or a literal.
    private mutating func of(_ wanted: RandomShape?, _ depth: Int) -> Expression {
        for _ in 0..<6 {
            let found = random.chance(70) ? path() : expression(depth - 1)
            if let wanted, Self.isAlike(found.shape, wanted) { return found }
        }
        if random.chance(6) { return path() }
        switch wanted {
        case .bool: return (random.pick(["true", "false"]), .bool)
        case .int: return (random.pick(["0", "1", "7"]), .int)
        case .float: return ("1.5", .float)
        case .string: return (random.pick([#""""#, #""x""#]), .string)
        case .list: return (#"(collections.Slice 1 2)"#, .list(.int))
        case .map: return (#"(dict "a" 1)"#, .map([.init(name: "a", shape: .int, isRequired: true)]))
        default: return path()
        }
    }

    private static func isAlike(_ one: RandomShape?, _ other: RandomShape) -> Bool {
        switch (one, other) {
        case (.bool, .bool), (.int, .int), (.float, .float), (.string, .string), (.list, .list), (.map, .map): true
        default: false
        }
    }

    private mutating func any(_ depth: Int) -> Expression { of(Self.scalar(&random), depth) }

    private static func scalar(_ random: inout FixedRandom) -> RandomShape {
        random.pick([.int, .string, .float, .bool])
    }

    private mutating func expression(_ depth: Int) -> Expression {
        guard depth > 0, random.chance(70) else { return random.chance(75) ? path() : any(0) }
        let kind = Self.scalar(&random)
        let (one, other) = (of(kind, depth - 1), of(kind, depth - 1))
        switch random.below(branches ? 20 : 18) {
        case 0, 1: return ("(\(random.pick(["eq", "ne"])) \(one.text) \(other.text))", .bool)
        case 2:
            let ordered = random.pick([RandomShape.int, .string])
            let operands = of(ordered, depth - 1).text + " " + of(ordered, depth - 1).text
            return ("(\(random.pick(["lt", "le", "gt", "ge"])) \(operands))", .bool)
        case 3: return ("(not \(one.text))", .bool)
        case 4: return ("(len \(of(random.pick([.string, .list(.int), .map([])]), depth - 1).text))", .int)
        case 5: return ("(print \(one.text) \(other.text))", .string)
        case 6: return ("(printf \"%v-%s\" \(one.text) \(of(.string, depth - 1).text))", .string)
        case 7: return ("(printf \"%03d\" \(of(.int, depth - 1).text))", .string)
        case 8: return ("(upper \(of(.string, depth - 1).text))", .string)
        case 9: return ("(add \(of(.int, depth - 1).text) \(of(.int, depth - 1).text))", .int)
        case 10: return ("(default \(one.text) \(other.text))", one.shape)
        case 11: return ("(dict \"a\" \(one.text) \"b\" \(other.text)).\(random.pick(["a", "b", "a", "b", "c"]))", nil)
        case 12: return ("(collections.Slice \(one.text) \(other.text))", .list(kind))
        case 13:
            let list = of(.list(.int), depth - 1)
            return ("(append \(one.text) \(list.text))", nil)
        case 14:
            let list = of(.list(.int), depth - 1)
            return ("(first 2 \(list.text))", list.shape)
        case 15:
            let map = of(.map([]), depth - 1)
            return ("(index \(map.text) \"\(random.pick(["a", "b", "c", "z"]))\")", nil)
        case 16:
            let list = of(.list(.int), depth - 1)
            if case .list(let element) = list.shape { return ("(index \(list.text) 0)", element) }
            return ("(index \(list.text) 0)", nil)
        case 17: return ("(cond \(of(.bool, depth - 1).text) \(one.text) \(other.text))", one.shape)
        default: return ("(\(random.pick(["and", "or"])) \(path().text) \(expression(depth - 1).text))", nil)
        }
    }
}
