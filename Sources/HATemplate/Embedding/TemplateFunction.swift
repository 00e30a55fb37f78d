/// A value as a function of a program's own gets and gives it.
public enum TemplateValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case list([TemplateValue])
    case map([String: TemplateValue])
}

/// A function that a program adds to the language:
///
/// ```swift
/// let shout = TemplateFunction("shout") { arguments in
///     guard case .string(let text) = arguments[0] else { throw Mistake.noText }
///     return .string(text.uppercased() + "!")
/// }
/// let loud = try Template(#"{{ shout .name }}"#, functions: [shout])
/// ```
///
/// What it throws stops the render, with the place of the call. In a dialect its results count as data.
public struct TemplateFunction: Sendable {
    let function: Function

    /// - Parameters:
    ///   - name: a letter, then letters, digits and `_`; a function of that name that exists gives way.
    ///   - count: how many arguments it takes.
    ///   - body: gets as many arguments.
    public init(
        _ name: String, arguments count: ClosedRange<Int> = 1...1,
        _ body: @escaping @Sendable ([TemplateValue]) throws -> TemplateValue
    ) {
        let lower = max(0, count.lowerBound)
        let parameters = (0..<min(max(lower, count.upperBound), Self.mostParameters)).map { index in
            Function.Parameter("argument\(index + 1)", .any, index < lower ? .required : .optional)
        }
        // What depends on more than the arguments is never trusted.
        function = Function(
            name, parameters, result: .any, purity: .environment, summary: "A function of the program's own",
            example: ""
        ) { (arguments, context) throws(RuntimeError) in
            var given: [TemplateValue] = []
            for argument in arguments { given.append(try TemplateValue(argument, context.memory, depth: 0)) }
            let result: TemplateValue
            do { result = try body(given) } catch { throw .template("\(error)") }
            return try result.value(context.memory, depth: 0)
        }
    }

    private static let mostParameters = 64
}

extension TemplateValue {
    /// How deeply lists and maps may nest on their way into a function and out of it.
    private static let deepest = 200

    fileprivate init(_ value: Value, _ memory: Memory, depth: Int) throws(RuntimeError) {
        guard depth < Self.deepest else { throw .tooDeep(limit: Self.deepest) }
        switch value.kind {
        case .missing, .null: self = .null
        case .bool: self = .bool(value.asBool)
        case .int: self = .int(value.asInt)
        case .float: self = .float(value.asFloat)
        case .string: self = .string(memory.text(of: value))
        case .time: self = .string(ByteBuffer.text { Formatter.append(value, memory, into: &$0) })
        case .list:
            try memory.meter.spend(value.count &* WorkMeter.element)
            var elements: [TemplateValue] = []
            for index in 0..<value.count {
                elements.append(try TemplateValue(memory.element(index, of: value), memory, depth: depth + 1))
            }
            self = .list(elements)
        case .map:
            try memory.meter.spend(value.count &* WorkMeter.element)
            let entries = memory.elements(of: value)
            var map: [String: TemplateValue] = [:]
            for index in stride(from: 0, to: entries.count, by: 2) {
                map[memory.text(of: entries[index])] = try TemplateValue(entries[index + 1], memory, depth: depth + 1)
            }
            self = .map(map)
        case .record:
            var map: [String: TemplateValue] = [:]
            for (index, name) in (memory.shape(of: value)?.fieldNames ?? []).enumerated() {
                map[name] = try TemplateValue(memory.element(index, of: value), memory, depth: depth + 1)
            }
            self = .map(map)
        }
    }

    fileprivate func value(_ memory: Memory, depth: Int) throws(RuntimeError) -> Value {
        guard depth < Self.deepest else { throw .tooDeep(limit: Self.deepest) }
        switch self {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .float(let value): return .float(value)
        case .string(let text): return memory.makeString(text)
        case .list(let elements):
            var values: [Value] = []
            for element in elements { values.append(try element.value(memory, depth: depth + 1)) }
            return memory.makeTypedList(values)
        case .map(let map):
            var entries: [(key: Value, value: Value)] = []
            for (key, value) in map {
                entries.append((memory.makeString(key), try value.value(memory, depth: depth + 1)))
            }
            return memory.makeMap(entries)
        }
    }
}
