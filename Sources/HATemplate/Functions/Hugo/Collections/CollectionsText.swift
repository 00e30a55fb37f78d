/// Lists and maps as text, and functions applied to each element. Hugo: tpl/collections.
extension Function {
    static let collectionText: [Function] = [
        Function(
            "collections.Delimit", aliases: ["delimit"],
            [
                .subject("collection", [.list, .map, .string]), .init("delimiter", .scalar),
                .init("last", .scalar, .optional), .init("unused", .any, .variadic),
            ], result: .string,
            summary: "The elements as one text with a delimiter between them, and another before the last",
            example: #"{{ delimit (slice "a" "b" "c") ", " " and " }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Joining.delimit(arguments, context)
        },
        Function(
            "collections.Querify", aliases: ["querify"], [.init("pairs", .any, .variadic)], result: .string,
            cost: .growing(3),
            summary: "Keys and values, a map, or a list of them, as the query of a URL, in the order of the keys",
            example: #"{{ querify "port" 80 "path" "/a b" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Joining.querify(arguments, context)
        },
        Function(
            "collections.Apply", aliases: ["apply"],
            [.init("list", [.list, .nil]), .init("function", .string), .init("arguments", .any, .variadic)],
            result: .list, together: .functionName, cost: .constant,
            summary: "The results of a function for each element; \".\" among its arguments stands for the element",
            example: #"{{ apply (seq 3) "printf" "web%d" "." }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Application.apply(arguments, context)
        },
    ]
}

enum Joining {
    // MARK: delimit

    static func delimit(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let memory = context.memory
        var elements: [Value]
        switch arguments[0].kind {
        case .list: elements = Array(memory.elements(of: arguments[0]))
        case .map:
            let sorted = try Sorting.sort(Arguments(rebasing: arguments[..<1]), context)
            elements = Array(memory.elements(of: sorted))
        case .string: elements = memory.bytes(of: arguments[0]).map { .int(Int($0)) }
        default: throw context.wrongArgument(0, expected: "a list, a map or a string", given: arguments[0])
        }
        let delimiter = try context.text(arguments, 1)
        let last = arguments.count > 2 ? Casting.text(arguments[2], memory) : nil
        var isTooLarge = false
        let text = memory.makeText { text in
            for (index, element) in elements.enumerated() {
                // What is no text is left out, its delimiter too.
                guard append(element, memory, into: &text.output) else { continue }
                text.mark(element, memory)
                if index == elements.count - 2, let last {
                    text.append(last, memory)
                } else if index < elements.count - 1 {
                    text.append(delimiter, memory)
                }
                isTooLarge = memory.isFull(text.output)
                if isTooLarge { return }
            }
        }
        if isTooLarge { throw .resultTooLarge(limit: ResultLimit.bytes) }
        return text
    }

    /// Writes a value as a cast to text gives it; false when there is none.
    private static func append(_ value: Value, _ memory: Memory, into output: inout ByteBuffer) -> Bool {
        switch value.kind {
        case .string: output.append(memory.bytes(of: value))
        case .missing, .null: break
        case .float: Casting.append(float: value, memory, into: &output)
        case .list, .map, .record: return false
        default: Formatter.append(value, memory, into: &output)
        }
        return true
    }

    // MARK: querify

    /// Hugo: tpl/collections/querify.go.
    static func querify(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let memory = context.memory
        var parts = Array(arguments)
        let isOne = arguments.count == 1
        if isOne {
            let type = arguments[0].type
            guard arguments[0].kind == .map || (arguments[0].kind == .list && (type == .any || type == .string)) else {
                throw context.wrongArgument(0, expected: "a map, or a list of keys and values", given: arguments[0])
            }
            parts = Array(memory.elements(of: arguments[0]))
        }
        guard parts.count.isMultiple(of: 2) else { throw .oddNumberOfArguments(parts.count) }
        var texts: [Value] = []
        for (index, part) in parts.enumerated() {
            let argument = isOne ? 0 : index
            guard let text = Casting.text(part, memory) else {
                throw context.wrongArgument(argument, expected: "text", given: part)
            }
            guard !index.isMultiple(of: 2) || text.count > 0 else {
                throw context.unreadable(argument, expected: "a key that is not empty", given: text)
            }
            texts.append(text)
        }
        let order = Sorting.order(texts.count / 2, memory.meter) { one, other in
            compareBytes(memory.bytes(of: texts[2 * one]), memory.bytes(of: texts[2 * other])) < 0
        }
        return memory.makeText { text in
            for pair in order {
                if text.output.count > 0 { text.append(template: UInt8(ascii: "&")) }
                text.append(eachPieceOf: texts[2 * pair], memory, Escaping.appendURLQuery)
                text.append(template: UInt8(ascii: "="))
                text.append(eachPieceOf: texts[2 * pair + 1], memory, Escaping.appendURLQuery)
            }
        }
    }
}

/// Calling functions by their names.
enum Application {
    /// Hugo: tpl/collections/apply.go.
    static func apply(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> Value {
        let memory = context.memory
        if arguments[0].isNil { return memory.makeList([]) }
        let elements = try context.elements(arguments, 0)
        guard arguments[1].kind == .string else {
            throw context.wrongArgument(1, expected: "the name of a function", given: arguments[1])
        }
        let name = memory.text(of: arguments[1])
        if memory.tracksTrust, !arguments[1].isTrusted { throw .functionNamedByData(name) }
        guard let function = context.library[name] else {
            throw .unknownFunction(name, known: context.library.names)
        }
        guard case .native(let body) = function.body, function.name != "collections.Apply" else {
            throw context.unreadable(1, expected: "a function that can be applied", given: arguments[1])
        }
        if memory.tracksTrust, function.name == "raw" { throw .rawApplied }
        var call = Array(arguments.dropFirst(2))
        if let expected = function.mismatch(count: call.count) {
            throw .wrongNumberOfArguments(name, expected: expected, given: call.count)
        }
        let dot = [UInt8(ascii: ".")]
        let places = call.indices.filter { index in
            dot.withUnsafeBufferPointer { equalBytes(memory.bytes(of: call[index]), $0) }
        }
        var results: [Value] = []
        results.reserveCapacity(elements.count)
        for element in elements {
            for place in places { call[place] = element.leavingPipeline }
            do throws(RuntimeError) {
                let result = try call.withUnsafeBufferPointer { (call) throws(RuntimeError) in
                    try context.call(function, body, call)
                }
                results.append(result.kind == .missing ? .null : result)
            } catch {
                throw .applied(name, error)
            }
            try memory.checkMade()
        }
        return memory.makeList(results)
    }
}
