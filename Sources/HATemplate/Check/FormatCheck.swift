/// Compares a printf format with the types of its operands. Go: fmt/print.go, doPrintf; what it would print as
/// `%!d(string=x)` is found here.
struct FormatCheck {
    struct Mistake {
        let code: DiagnosticCode
        let message: String
        /// The operand, from 0; nil for the format itself.
        let operand: Int?
        let severity: Diagnostic.Severity
    }

    private let format: [UInt8]
    private let operands: [StaticType]
    private let types: TypeTable
    private var position = 0
    private var operand = 0
    private var effort = 0
    private var isReordered = false
    private var hasGoodIndex = true
    private(set) var mistakes: [Mistake] = []

    init(_ format: [UInt8], _ operands: [StaticType], _ types: TypeTable) {
        self.format = format
        self.operands = operands
        self.types = types
        run()
    }

    private mutating func run() {
        while let next = format[position...].firstIndex(of: UInt8(ascii: "%")), mistakes.count < 20 {
            let start = next
            position = next + 1
            readDirective(from: start)
        }
        let left = operands.count - operand
        if !isReordered, left > 0 {
            add(.printfArguments, "the format uses \(operand) of \(operands.count) values", operand)
        }
    }

    private mutating func readDirective(from start: Int) {
        hasGoodIndex = true
        while position < format.count, "+-# 0".utf8.contains(format[position]) { position += 1 }
        var followsIndex = readIndex()
        if takes("*") {
            takeInteger()
            followsIndex = false
        } else if readNumber(), followsIndex {
            hasGoodIndex = false
        }
        if position + 1 < format.count, takes(".") {
            if followsIndex { hasGoodIndex = false }
            followsIndex = readIndex()
            if takes("*") {
                takeInteger()
                followsIndex = false
            } else {
                _ = readNumber()
            }
        }
        if !followsIndex { _ = readIndex() }
        guard position < format.count else {
            return add(.wrongVerb, "the format ends after a '%'", nil)
        }
        let verb = format.withUnsafeBufferPointer { DecodedScalar.decode($0, at: position) }
        position += verb.length
        let text = String(decoding: format[start..<position], as: UTF8.self)
        if verb.scalar == "%" { return }
        if !hasGoodIndex { return add(.printfArguments, "\(text) names a value that is not there", nil) }
        guard operands.indices.contains(operand) else {
            return add(.printfArguments, "there is no value for \(text)", nil)
        }
        check(verb.scalar, text)
        operand += 1
    }

    private mutating func check(_ verb: Unicode.Scalar, _ text: String) {
        let type = operands[operand]
        guard !type.isUnknown, !type.isNever else {
            if !"vTtbcdoOqxXUeEfFgGsw".unicodeScalars.contains(verb) {
                add(.wrongVerb, "\(text) is not a verb of printf", operand)
            }
            return
        }
        let shown = types.name(of: type)
        switch answer(verb, type, depth: 0) {
        case .all: break
        case .some:
            add(.wrongVerb, "\(text) does not print all that a value of type \(shown) may hold", operand, .warning)
        case .none: add(.wrongVerb, "\(text) does not print a value of type \(shown)", operand)
        }
    }

    /// Which values of a type a verb prints.
    private enum Answer {
        case all, some, none
    }

    /// A verb is applied to all that lists, maps and records hold; a nil in them is printed with any.
    private mutating func answer(_ verb: Unicode.Scalar, _ type: StaticType, depth: Int) -> Answer {
        effort += 1
        if type.isUnknown || verb == "T" || depth > 4 || effort > Self.maximumEffort { return .all }
        var parts: [Answer] = []
        for kind in type.kinds.members {
            switch kind {
            case .nil, .missing: parts.append(verb == "v" || depth > 0 ? .all : .none)
            case .list where verb != "w" && verb != "p":
                parts.append(answer(verb, types[type.element], depth: depth + 1))
            case .map where verb != "w" && verb != "p":
                guard let map = type.map, !types[map].entries.isEmpty || types[map].rest != nil else { return .all }
                parts.append(answer(verb, .string, depth: depth + 1))
                for entry in types[map].entries.values {
                    parts.append(answer(verb, types[entry.type], depth: depth + 1))
                }
            case .record where verb != "w" && verb != "p":
                guard let id = type.record else { return .all }
                for field in types[id].members.prefix(types.shapes[types[id].shape].fields.count) {
                    parts.append(answer(verb, types[field], depth: depth + 1))
                }
            default: parts.append(Self.verbs(of: kind).unicodeScalars.contains(verb) ? .all : .none)
            }
        }
        if parts.allSatisfy({ $0 == .all }) { return .all }
        return parts.allSatisfy { $0 == .none } ? .none : .some
    }

    /// Types looked at in one format; beyond, everything is taken for right.
    private static let maximumEffort = 10_000

    private static func verbs(of kind: ValueType) -> String {
        switch kind {
        case .bool: "vt"
        case .int: "vdboOxXcqU"
        case .duration: "vdboOxXcqUs"
        case .float: "vbgGxXfFeE"
        case .string, .time: "vsqxX"
        default: ""
        }
    }

    // MARK: Pieces

    private mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
        guard position < format.count, format[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    /// As in Go, a number that is too large swallows the rest of the format.
    private mutating func readNumber() -> Bool {
        let start = position
        var number = 0
        while position < format.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(format[position]) {
            guard number <= 1_000_000 else {
                position = format.count
                return false
            }
            number = number * 10 + Int(format[position] - UInt8(ascii: "0"))
            position += 1
        }
        return position > start
    }

    private mutating func takeInteger() {
        guard operands.indices.contains(operand) else {
            return add(.printfArguments, "there is no value for the '*' of the format", nil)
        }
        let type = operands[operand]
        if !type.isUnknown, !type.isNever, type.kinds.isDisjoint(with: [.int, .duration]) {
            add(.wrongVerb, "a width or precision is an integer, not \(types.name(of: type))", operand)
        }
        operand += 1
    }

    /// `[2]`: goes on with that operand; whether it stood there.
    private mutating func readIndex() -> Bool {
        guard position < format.count, format[position] == UInt8(ascii: "[") else { return false }
        isReordered = true
        let rest = format[(position + 1)...]
        guard rest.count >= 2, let end = rest.firstIndex(of: UInt8(ascii: "]")) else {
            position += 1
            hasGoodIndex = false
            return false
        }
        let digits = String(decoding: format[(position + 1)..<end], as: UTF8.self)
        position = end + 1
        guard let number = Int(digits), number >= 1, number <= operands.count, digits.first != "+" else {
            hasGoodIndex = false
            return Int(digits) != nil
        }
        operand = number - 1
        return true
    }

    private mutating func add(
        _ code: DiagnosticCode, _ message: String, _ operand: Int?, _ severity: Diagnostic.Severity = .error
    ) {
        mistakes.append(Mistake(code: code, message: message, operand: operand, severity: severity))
    }
}

extension Checker {
    /// A constant format says which values it wants.
    mutating func checkFormat(_ call: Call, _ arguments: [Operand]) {
        guard walk.isReachable else { return }
        let position = call.function.parameters.firstIndex { $0.name == "format" } ?? 0
        guard arguments.indices.contains(position), case .string(let format) = arguments[position].type.constant else {
            return
        }
        let check = FormatCheck(format, arguments[(position + 1)...].map(\.type), types)
        for mistake in check.mistakes {
            let index = mistake.operand.map { $0 + position + 1 } ?? position
            if mistake.severity == .error {
                report(mistake.code, mistake.message, range(ofArgument: index, call))
            } else {
                warn(mistake.code, mistake.message, range(ofArgument: index, call))
            }
        }
    }
}
