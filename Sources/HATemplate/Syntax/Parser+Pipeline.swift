/// Where a pipeline stands: it decides how it ends and what its mistakes are called.
enum PipelineContext {
    typealias Name = String

    case action
    case control(Name)
    case range
    case parenthesis(opening: SourceRange)

    var name: String {
        switch self {
        case .action: "an action"
        case .control(let name): name
        case .range: "'range'"
        case .parenthesis: "parentheses"
        }
    }

    var end: Token.Kind {
        if case .parenthesis = self { return .rightParenthesis }
        return .rightDelimiter
    }
}

/// A pipeline whose end has not come yet.
private struct OpenPipeline {
    let context: PipelineContext
    let start: UInt32
    var pipeline = Node.Pipeline()
    /// The operands of the command that is being read, nil between commands.
    var operands: [NodeID]?
}

extension Parser {
    /// Parses a pipeline up to and with the token that ends its context. Nil after a mistake, which is reported.
    ///
    ///     pipeline:  declarations? command ('|' command)*
    ///     command:   operand (space operand)*
    ///     operand:   term field*
    mutating func parsePipeline(context: PipelineContext) -> NodeID? {
        guard var current = begin(context) else { return nil }
        var outer: [OpenPipeline] = []
        while true {
            let token = nextNonSpace()
            var operand: NodeID?
            if current.operands == nil {
                if token.kind == current.context.end {
                    guard let finished = finish(current, at: token) else { return nil }
                    guard let enclosing = outer.popLast() else { return finished }
                    current = enclosing
                    operand = finished
                } else {
                    guard startsOperand(token.kind) else {
                        reportUnexpected(token, "in \(current.context.name)")
                        return nil
                    }
                    current.operands = []
                }
            }
            if operand == nil {
                if token.kind == .leftParenthesis {
                    guard outer.count < Self.maximumDepth else {
                        report(
                            .nestingTooDeep, "parentheses nest more than \(Self.maximumDepth) levels deep",
                            at: token.range)
                        return nil
                    }
                    outer.append(current)
                    guard let inner = begin(.parenthesis(opening: token.range)) else { return nil }
                    current = inner
                    continue
                }
                if startsOperand(token.kind) {
                    guard let term = parseTerm(token) else { return nil }
                    operand = term
                } else {
                    giveBack(token)
                }
            }
            if let operand {
                guard let complete = parseFields(after: operand) else { return nil }
                current.operands?.append(complete)
            }
            guard continueCommand(&current) else { return nil }
        }
    }

    private func startsOperand(_ kind: Token.Kind) -> Bool {
        switch kind {
        case .bool, .character, .complexNumber, .dot, .field, .identifier, .number, .keyword(.nil), .rawString, .string,
            .variable, .leftParenthesis:
            true
        default:
            false
        }
    }

    // MARK: Beginning and end

    private mutating func begin(_ context: PipelineContext) -> OpenPipeline? {
        var open = OpenPipeline(context: context, start: peekNonSpace().range.start)
        while true {
            let variable = peekNonSpace()
            guard variable.kind == .variable else { return open }
            _ = nextNonSpace()
            let adjacent = next()
            var following = adjacent
            if adjacent.kind == .space { following = nextNonSpace() }
            switch following.kind {
            case .assign, .declare:
                open.pipeline.isAssignment = following.kind == .assign
                addDeclaration(variable, to: &open)
                return open
            case .other where text(of: following) == ",":
                addDeclaration(variable, to: &open)
                guard case .range = context, open.pipeline.declarations.count < 2 else {
                    report(
                        .unexpectedToken, "too many variables are declared in \(context.name)", at: variable.range)
                    return nil
                }
                switch peekNonSpace().kind {
                case .variable, .rightDelimiter, .rightParenthesis:
                    continue
                default:
                    report(.unexpectedToken, "'range' can declare variables only", at: peekNonSpace().range)
                    return nil
                }
            default:
                giveBack(following)
                if adjacent.kind == .space { giveBack(adjacent) }
                giveBack(variable)
                return open
            }
        }
    }

    private mutating func addDeclaration(_ variable: Token, to open: inout OpenPipeline) {
        let name = text(of: variable)
        open.pipeline.declarations.append(.init(name: name, range: variable.range))
        variables.append(name)
    }

    private mutating func finish(_ open: OpenPipeline, at end: Token) -> NodeID? {
        guard !open.pipeline.commands.isEmpty else {
            let place =
                if case .parenthesis(let opening) = open.context { opening.union(end.range) } else { end.range }
            report(.missingValue, "there is no value in \(open.context.name)", at: place)
            return nil
        }
        for command in open.pipeline.commands.dropFirst() where !isExecutable(command) {
            report(
                .notAFunction, "only a function, a method or a field can take the value of a pipe",
                at: tree.range(of: command))
            return nil
        }
        return tree.add(
            .pipeline(open.pipeline), SourceRange(start: open.start, end: end.range.start).trimmed(in: lexer))
    }

    private func isExecutable(_ command: NodeID) -> Bool {
        guard case .command(let operands) = tree[command], let first = operands.first else { return false }
        switch tree[first] {
        case .bool, .dot, .nil, .number, .string: return false
        default: return true
        }
    }

    /// After an operand: a space goes on with the command, a pipe or the end of the pipeline ends it.
    private mutating func continueCommand(_ open: inout OpenPipeline) -> Bool {
        let token = next()
        switch token.kind {
        case .space:
            return true
        case .rightDelimiter, .rightParenthesis:
            giveBack(token)
        case .pipe:
            break
        default:
            reportUnexpected(token, "after an operand")
            return false
        }
        guard let operands = open.operands, let first = operands.first, let last = operands.last else {
            report(.missingValue, "there is no value before the pipe", at: token.range)
            return false
        }
        let range = tree.range(of: first).union(tree.range(of: last))
        open.pipeline.commands.append(tree.add(.command(operands), range))
        open.operands = nil
        return true
    }

    // MARK: Operands

    private mutating func parseTerm(_ token: Token) -> NodeID? {
        switch token.kind {
        case .identifier:
            let name = text(of: token)
            guard library[name] != nil || library.isNamespace(name) else {
                let setting = Self.settingElsewhere[name]
                let meant = meant(by: name)
                let hint = setting == nil ? meant.map { " (did you mean \($0)?)" } ?? "" : ""
                reportInAction(
                    .undefinedFunction, "there is no function \"\(name)\"" + hint, at: token.range,
                    notes: setting.map { [.init($0)] } ?? loopAdvice())
                return nil
            }
            return tree.add(.identifier(name), token.range)
        case .dot: return tree.add(.dot, token.range)
        case .keyword(.nil): return tree.add(.nil, token.range)
        case .variable: return variableUse(token)
        case .field: return tree.add(.field([String(text(of: token).dropFirst())]), token.range)
        case .bool: return tree.add(.bool(text(of: token) == "true"), token.range)
        case .number, .character, .complexNumber: return number(token)
        default: return stringValue(token).map { tree.add(.string($0), token.range) }
        }
    }

    private mutating func variableUse(_ token: Token) -> NodeID? {
        let name = text(of: token)
        guard variables.contains(name) else {
            let notes = loopAdvice()
            report(.undefinedVariable, "the variable \(name) is not declared here", at: token.range, notes: notes)
            // The loop's own text need not be reported as well.
            if !notes.isEmpty { variables.append(name) }
            return nil
        }
        return tree.add(.variable(name, fields: []), token.range)
    }

    private mutating func number(_ token: Token) -> NodeID? {
        do {
            let literal: NumberLiteral =
                token.kind == .character
                ? .int(try StringLiteral.character(bytes(of: token))) : try NumberLiteral(bytes(of: token))
            return tree.add(.number(literal), token.range)
        } catch let mistake as StringLiteral.Mistake {
            report(.badString, mistake.message, at: token.range.part(mistake.range))
        } catch NumberLiteral.Mistake.complex {
            report(.badNumber, "complex numbers are not supported", at: token.range)
        } catch NumberLiteral.Mistake.malformedOctal {
            report(.badNumber, "a number that begins with 0 is octal and has the digits 0 to 7", at: token.range)
        } catch NumberLiteral.Mistake.overflow {
            report(.badNumber, "this integer does not fit in 64 bits", at: token.range)
        } catch {
            // A sign by itself was meant as an operator.
            let isSign = token.range.end - token.range.start == 1
            report(.badNumber, "this is not a number", at: token.range, notes: isSign ? advice(at: token) : [])
        }
        return nil
    }

    /// The value of a string token; nil after a mistake in its escapes, which is reported.
    mutating func stringValue(_ token: Token) -> [UInt8]? {
        guard token.kind == .string else { return StringLiteral.raw(bytes(of: token)) }
        do {
            return try StringLiteral.interpreted(bytes(of: token))
        } catch {
            report(.badString, error.message, at: token.range.part(error.range))
            return nil
        }
    }

    /// The fields that touch an operand: `$x.A.B`, `(…).A`.
    private mutating func parseFields(after operand: NodeID) -> NodeID? {
        var fields: [String] = []
        var range = tree.range(of: operand)
        while true {
            let token = next()
            guard token.kind == .field else {
                giveBack(token)
                break
            }
            fields.append(String(text(of: token).dropFirst()))
            range = range.union(token.range)
        }
        guard !fields.isEmpty else { return operand }
        switch tree[operand] {
        case .field(let first):
            tree[operand] = .field(first + fields)
        case .variable(let name, _):
            tree[operand] = .variable(name, fields: fields)
        case .identifier(let namespace)
        where library.isNamespace(namespace)
            && (library[namespace] == nil || library["\(namespace).\(fields[0])"] != nil):
            return functionOfNamespace(namespace, operand, fields, range)
        case .pipeline, .identifier:
            return tree.add(.chain(operand, fields: fields), range)
        default:
            report(.unexpectedToken, "a literal and the dot have no fields", at: range)
            return nil
        }
        tree.setRange(of: operand, range)
        return operand
    }
}

extension Parser {
    /// What was probably meant by a word that is no function; fields have a dot and begin with a capital letter here.
    private func meant(by name: String) -> String? {
        if let known = Self.keywordElsewhere[name] { return known }
        if let other = Self.functionElsewhere[name], library[other] != nil { return other }
        if name.first?.isUppercase == true { return "." + name }
        return nearest(to: name, in: Self.keywords + library.names)
    }

    /// `strings.ToUpper` is one function; what touches it further are fields of its result.
    private mutating func functionOfNamespace(
        _ namespace: String, _ operand: NodeID, _ fields: [String], _ range: SourceRange
    ) -> NodeID? {
        let name = "\(namespace).\(fields[0])"
        guard library[name] != nil else {
            let hint = nearest(to: name, in: library.names).map { " (did you mean \($0)?)" } ?? ""
            reportInAction(.undefinedFunction, "there is no function \"\(name)\"" + hint, at: range)
            return nil
        }
        tree[operand] = .identifier(name)
        let start = tree.range(of: operand)
        let end = start.end + 1 + UInt32(truncatingIfNeeded: fields[0].utf8.count)
        tree.setRange(of: operand, SourceRange(start: start.start, end: end))
        let rest = Array(fields.dropFirst())
        return rest.isEmpty ? operand : tree.add(.chain(operand, fields: rest), range)
    }
}

extension SourceRange {
    /// A part of this range, by offsets from its start.
    fileprivate func part(_ offsets: Range<Int>) -> SourceRange {
        let first = Int(start)
        return SourceRange(min(first + offsets.lowerBound, Int(end)), min(first + offsets.upperBound, Int(end)))
    }

    /// Without white space at its end.
    fileprivate func trimmed(in lexer: Lexer) -> SourceRange {
        var last = Int(end)
        while last > Int(start), last <= lexer.source.count, isSpace(lexer.source[last - 1]) { last -= 1 }
        return SourceRange(Int(start), last)
    }
}
