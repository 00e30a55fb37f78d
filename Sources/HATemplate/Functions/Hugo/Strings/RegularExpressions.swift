/// Finding and replacing by regular expressions, in Hugo's and in Sprig's order of arguments.
extension Function {
    static let regularExpressions: [Function] = [
        Function(
            "strings.FindRE", aliases: ["findRE"],
            [
                .init("pattern", .string, isPattern: true), .subject("text", .scalar),
                .init("limit", .scalar, .optional),
            ], result: .list,
            summary: "The parts of a text that a regular expression matches, at most so many",
            example: #"{{ findRE `[a-z]+\d` "web1, web2 and db" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let limit = arguments.count > 2 ? try context.integer(arguments, 2) : -1
            return try RegularExpressions.find(arguments, limit: limit, context)
        },
        Function(
            "strings.FindRESubmatch", aliases: ["findRESubmatch"],
            [
                .init("pattern", .string, isPattern: true), .subject("text", .scalar),
                .init("limit", .scalar, .optional),
            ], result: .list,
            summary: "For each match of a regular expression a list of the match and its groups, at most so many",
            example: #"{{ range findRESubmatch `(\w+):(\d+)` "web:80 db:5432" }}{{ index . 1 }} {{ end }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let limit = arguments.count > 2 ? try context.integer(arguments, 2) : -1
            return try RegularExpressions.findGroups(arguments, limit: limit, context)
        },
        Function(
            "strings.ReplaceRE", aliases: ["replaceRE"],
            [
                .init("pattern", .scalar, isPattern: true), .init("replacement", .scalar), .subject("text", .scalar),
                .init("limit", .scalar, .optional),
            ], result: .string,
            summary: "A text with the matches of a regular expression replaced, at most so many; $1 is the first group",
            example: #"{{ replaceRE `(\w+)\.example\.org` "${1}.internal" "web.example.org:80" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let limit = arguments.count > 3 ? try context.integer(arguments, 3) : -1
            return try RegularExpressions.replace(
                arguments, text: context.text(arguments, 2), replacement: context.text(arguments, 1), limit: limit,
                context)
        },
        Function(
            "regexMatch", [.init("pattern", .string, isPattern: true), .subject("text", .scalar)], result: .bool,
            summary: "Whether a regular expression matches a part of a text",
            example: #"{{ regexMatch `^web-\d+$` "web-12" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 1)
            let expression = try RegularExpressions.pattern(arguments, context)
            return .bool(expression.matches(context.memory.bytes(of: text), context.memory.meter))
        },
        Function(
            "regexReplaceAll",
            [.init("pattern", .scalar, isPattern: true), .subject("text", .scalar), .init("replacement", .scalar)],
            result: .string,
            summary: "Like replaceRE, with the replacement last",
            example: #"{{ regexReplaceAll `a(x*)b` "-ab-axxb-" "${1}W" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try RegularExpressions.replace(
                arguments, text: context.text(arguments, 1), replacement: context.text(arguments, 2), limit: -1,
                context)
        },
        Function(
            "regexFindAll",
            [.init("pattern", .string, isPattern: true), .subject("text", .scalar), .init("limit", .scalar)],
            result: .list,
            summary: "Like findRE; a negative limit means all",
            example: #"{{ regexFindAll `[2,4,6,8]` "123456789" -1 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try RegularExpressions.find(arguments, limit: context.integer(arguments, 2), context)
        },
    ]
}

/// What the functions share: the pattern is the first argument, the text to search the second unless said otherwise.
enum RegularExpressions {
    /// Bytes that one result may take.
    static let maximumResult = 64 << 20
    /// Elements of a list that take as many.
    static let maximumElements = maximumResult / MemoryLayout<Value>.stride

    /// The compiled pattern.
    static func pattern(
        _ arguments: Arguments, _ context: CallContext
    ) throws(RuntimeError) -> RegularExpression {
        guard arguments[0].kind == .string else {
            throw context.wrongArgument(0, expected: "a regular expression", given: arguments[0])
        }
        return try compile(arguments[0], context)
    }

    private static func compile(_ pattern: Value, _ context: CallContext) throws(RuntimeError) -> RegularExpression {
        do {
            return try context.patterns.expression(context.memory.bytes(of: pattern))
        } catch {
            let quoted = context.memory.bytes(of: pattern)[error.range]
            let shown = String(decoding: quoted.prefix(60), as: UTF8.self) + (quoted.count > 60 ? "…" : "")
            throw .badPattern(1, error.reason, part: shown)
        }
    }

    static func find(_ arguments: Arguments, limit: Int, _ context: CallContext) throws(RuntimeError) -> Value {
        let expression = try pattern(arguments, context)
        let text = try context.text(arguments, 1)
        let memory = context.memory
        var count = 0
        let found = memory.makeList(type: .string) { append in
            expression.forEachMatch(in: memory.bytes(of: text), limit: limit, groups: 0, memory.meter) { slots in
                append(memory.slice(text, Int(slots[0])..<Int(slots[1])))
                count += 1
                return count <= maximumElements
            }
        }
        guard count <= maximumElements else { throw .resultTooLarge(limit: maximumResult) }
        // Go gives a nil slice.
        return count == 0 ? .absentList(of: .string) : found
    }

    static func findGroups(_ arguments: Arguments, limit: Int, _ context: CallContext) throws(RuntimeError) -> Value {
        let expression = try pattern(arguments, context)
        let text = try context.text(arguments, 1)
        let groupCount = expression.groupNames.count
        // Each match takes its groups and an element of the outer list.
        let maximum = maximumElements / (groupCount + 1)
        var found: [Value] = []
        var count = 0
        expression.forEachMatch(in: context.memory.bytes(of: text), limit: limit, context.memory.meter) { slots in
            let match = RegularExpression.Match(slots: slots)
            for group in 0..<groupCount { found.append(context.memory.slice(text, match[group] ?? 0..<0)) }
            count += 1
            return count <= maximum
        }
        guard count <= maximum else { throw .resultTooLarge(limit: maximumResult) }
        let lists = (0..<count).map { index in
            context.memory.makeList(
                Array(found[(index * groupCount)..<((index + 1) * groupCount)]), type: .string)
        }
        return lists.isEmpty ? .absentList(of: .any) : context.memory.makeList(lists)
    }

    static func replace(
        _ arguments: Arguments, text: Value, replacement: Value, limit: Int, _ context: CallContext
    ) throws(RuntimeError) -> Value {
        let expression = try compile(context.text(arguments, 0), context)
        let memory = context.memory
        var fits = true
        let result = memory.makeText { result in
            expression.replaceMatches(
                in: memory.bytes(of: text), with: memory.bytes(of: replacement), limit: limit, memory.meter
            ) {
                switch $0 {
                case .text(let range): result.append(text, range, memory)
                case .replacement(let range): result.append(replacement, range, memory)
                }
                fits = result.output.count <= maximumResult
                return fits
            }
        }
        guard fits else { throw .resultTooLarge(limit: maximumResult) }
        return result.withOrigin(text.origin)
    }
}
