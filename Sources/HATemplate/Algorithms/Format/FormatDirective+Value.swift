/// Printing a value of any kind. Go: fmt/print.go, printArg and printValue.
extension FormatDirective {
    /// Prints an operand.
    func print(operand value: Value, _ memory: Memory, into output: inout ByteBuffer) {
        switch verb {
        case "T":
            let start = output.count
            output.appendTypeName(of: value, memory)
            if value.isNil { return pad(&output, from: start, zeros: true) }
            truncate(&output, from: start)
            pad(&output, from: start, zeros: true)
        case "p":
            // Go prints addresses of lists and maps, which differ from run to run; here nothing has an address.
            refuse(value, memory, into: &output)
        case "v" where value.isNil:
            let start = output.count
            memory.printsNonsense(.noValue)
            output.append("<nil>")
            pad(&output, from: start, zeros: true)
        default:
            print(value, memory, into: &output)
        }
    }

    /// Prints an operand or an element; nil counts as an operand.
    private func print(_ value: Value, _ memory: Memory, into output: inout ByteBuffer) {
        switch value.kind {
        case .list, .map, .record:
            if verb == "w" { return refuse(value, memory, into: &output) }
            if value.isAbsent, verb == "v", flags.contains(.goSyntax) {
                output.appendTypeName(of: value, memory)
                return output.append("(nil)" as StaticString)
            }
            print(container: value, memory, into: &output)
        case .missing, .null:
            refuse(value, memory, into: &output)
        case .time:
            if verb == "v", flags.contains(.goSyntax) {
                return TimeText.append(goSyntax: Timestamp(value), into: &output)
            }
            if !append(words: value, into: &output) { refuse(value, memory, into: &output) }
        case .int where value.isNamedInteger && append(words: value, into: &output):
            break
        case .bool:
            guard verb == "v" || verb == "t" else { return refuse(value, memory, into: &output) }
            let start = output.count
            output.append(value.asBool ? "true" as StaticString : "false" as StaticString)
            pad(&output, from: start, zeros: true)
        case .int:
            if !append(integer: value, into: &output) { refuse(value, memory, into: &output) }
        case .float:
            print(float: value, memory, into: &output)
        case .string:
            if !append(text: memory.bytes(of: value), into: &output) { refuse(value, memory, into: &output) }
        }
    }

    /// In the dialects a number has no exponent: proxies read the digits before it.
    private func print(float value: Value, _ memory: Memory, into output: inout ByteBuffer) {
        if let text = memory.typedText(of: value), verb == "v", precision == nil, !flags.contains(.goSyntax) {
            _ = append(text: memory.bytes(of: text), into: &output)
            return
        }
        guard memory.tracksTrust, !flags.contains(.goSyntax) else {
            if !append(float: value.asFloat, into: &output) { refuse(value, memory, into: &output) }
            return
        }
        if !value.asFloat.isFinite { memory.printsNonsense(.number) }
        let isGeneral = verb == "v" || verb == "g" || verb == "G"
        if isGeneral, precision == nil {
            if isBare { return Self.append(plain: value.asFloat, into: &output) }
            var fixed = with(verb: "f")
            fixed.precision = Self.fraction(ofShortest: value.asFloat)
            _ = fixed.append(float: value.asFloat, into: &output)
            return
        }
        let start = output.count
        if !append(float: value.asFloat, into: &output) { return refuse(value, memory, into: &output) }
        let hasExponent = output.withElements { bytes in
            bytes[start...].contains { ("ep" as StaticString).contains($0 | 0x20) }
        }
        if hasExponent { memory.printsNonsense(.number) }
    }

    /// A time, duration, month or weekday as text, for the verbs of text; false for others. Go: handleMethods.
    private func append(words value: Value, into output: inout ByteBuffer) -> Bool {
        switch verb {
        case "v" where flags.contains(.goSyntax): return false
        case "v", "s", "q", "x", "X": break
        default: return false
        }
        if verb == "v", isBare || flags == .fieldNames {
            TimeText.append(value, into: &output)
            return true
        }
        var text = ByteBuffer(capacity: 64)
        TimeText.append(value, into: &text)
        return text.withElements { append(text: $0, into: &output) }
    }

    /// What stands in the output for a verb that the kind of value does not know. Go: badVerb.
    private func refuse(_ value: Value, _ memory: Memory, into output: inout ByteBuffer) {
        memory.printsNonsense(.misprint)
        output.append("%!" as StaticString)
        output.append(verb)
        output.append(UInt8(ascii: "("))
        output.appendTypeName(of: value, memory)
        if !value.isNil {
            output.append(UInt8(ascii: "="))
            var shown = value
            // As in Go, a value that was refused is shown without its words.
            if value.isNamedInteger { shown.type = .any }
            with(verb: "v").print(shown, memory, into: &output)
        }
        output.append(UInt8(ascii: ")"))
    }

    // MARK: Lists, maps and records

    /// A list, map or record whose elements are being printed.
    private struct Level {
        let value: Value
        let elements: UnsafeBufferPointer<Value>
        /// Names to print before the values; empty when they are not asked for.
        let fieldNames: [String]
        var next = 0
        /// Hugo: types.KeyValues prints as `key: [values]`.
        let isKeyValues: Bool

        init(_ value: Value, _ memory: Memory, fieldNames wanted: Bool) {
            self.value = value
            elements = memory.elements(of: value)
            isKeyValues = value.kind == .map && value.type == .keyValues
            fieldNames = wanted ? memory.shape(of: value)?.fieldNames ?? [] : []
        }
    }

    /// Prints a list, map or record, the verb being applied to each element.
    ///
    /// It keeps its own stack, so nesting costs memory and not the thread's stack; a flat value needs neither.
    private func print(container value: Value, _ memory: Memory, into output: inout ByteBuffer) {
        let wantsNames = flags.contains(.fieldNames) || flags.contains(.goSyntax)
        var level = Level(value, memory, fieldNames: wantsNames)
        var outer: [Level] = []
        let end = output.count + memory.textLimit
        open(value, memory, into: &output)
        while true {
            if output.count > end { return memory.cutText() }
            guard level.next < level.elements.count else {
                close(level, into: &output)
                guard let parent = outer.popLast() else { return }
                level = parent
                continue
            }
            if level.isKeyValues, level.next.isMultiple(of: 2) {
                // The names Key and Values are not printed.
                if level.next > 0 { output.append(": " as StaticString) }
                level.next += 1
                continue
            }
            let element = level.elements[level.next]
            separate(level, into: &output)
            level.next += 1
            switch element.kind {
            case .list, .map, .record:
                outer.append(level)
                level = Level(element, memory, fieldNames: wantsNames)
                open(element, memory, into: &output)
            case .missing, .null:
                output.append(
                    flags.contains(.goSyntax) ? "interface {}(nil)" as StaticString : "<nil>" as StaticString)
            default:
                print(element, memory, into: &output)
            }
        }
    }

    private func close(_ level: Level, into output: inout ByteBuffer) {
        if level.isKeyValues { return }
        output.append(UInt8(ascii: level.value.kind == .record || flags.contains(.goSyntax) ? "}" : "]"))
    }

    private func open(_ container: Value, _ memory: Memory, into output: inout ByteBuffer) {
        if container.kind == .map, container.type == .keyValues { return }
        if flags.contains(.goSyntax) {
            output.appendTypeName(of: container, memory)
            output.append(UInt8(ascii: "{"))
        } else if container.kind == .map {
            output.append("map[" as StaticString)
        } else {
            output.append(UInt8(ascii: container.kind == .record ? "{" : "["))
        }
    }

    /// What stands between the previous element and the next, and the next one's name.
    private func separate(_ level: Level, into output: inout ByteBuffer) {
        if level.isKeyValues { return }
        if level.value.kind == .map, level.next % 2 == 1 { return output.append(UInt8(ascii: ":")) }
        if level.next > 0 {
            if flags.contains(.goSyntax) { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: " "))
        }
        if level.next < level.fieldNames.count {
            output.append(level.fieldNames[level.next])
            output.append(UInt8(ascii: ":"))
        }
    }
}
