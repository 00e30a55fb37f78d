/// Paths with slashes. Hugo: tpl/path; Go: path.
extension Function {
    static let paths: [Function] = [
        Function(
            "path.Base", aliases: ["base"], [.init("path", .scalar)], result: .string,
            summary: "The last element of a path", example: #"{{ path.Base "conf.d/web.cfg" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try Paths.base(context.text(arguments, 0), context)
        },
        Function(
            "path.BaseName", [.init("path", .scalar)], result: .string,
            summary: "The last element of a path without its extension",
            example: #"{{ path.BaseName "conf.d/web.cfg" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let path = try context.text(arguments, 0)
            let bytes = context.memory.bytes(of: path)
            let hasFile = Paths.startOfFile(bytes) < bytes.count
            let base = Paths.base(path, context)
            // As in Hugo, what ends with a slash has no extension.
            guard hasFile else { return base }
            return context.memory.slice(base, 0..<Paths.startOfExtension(context.memory.bytes(of: base)))
        },
        Function(
            "path.Clean", [.init("path", .scalar)], result: .string,
            summary: "The shortest path that means the same: without `.`, `..` and doubled slashes where possible",
            example: #"{{ path.Clean "a//b/../c/" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let path = try context.text(arguments, 0)
            return context.memory.makeString(Paths.clean(context.memory.bytes(of: path)), origin: path.origin)
        },
        Function(
            "path.Dir", aliases: ["dir"], [.init("path", .scalar)], result: .string,
            summary: "A path without its last element, cleaned", example: #"{{ path.Dir "conf.d/web.cfg" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let path = try context.text(arguments, 0)
            let bytes = context.memory.bytes(of: path)
            let folder = UnsafeBufferPointer(rebasing: bytes[..<Paths.startOfFile(bytes)])
            return context.memory.makeString(Paths.clean(folder), origin: path.origin)
        },
        Function(
            "path.Ext", [.init("path", .scalar)], result: .string,
            summary: "The extension of a path's last element, with its dot",
            example: #"{{ path.Ext "conf.d/web.cfg" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            try context.part(of: arguments, 0) { Paths.startOfExtension($0)..<$0.count }
        },
        Function(
            "path.Join", [.init("elements", [.scalar, .list], .variadic)], result: .string,
            summary: "Elements of a path with slashes between them, cleaned; a list stands for its elements",
            example: #"{{ path.Join "conf.d" "../ssl" "web.pem" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let elements = try Paths.elements(arguments, context)
            return context.memory.makeString(Paths.join(elements))
        },
        Function(
            "path.Split", [.init("path", .scalar)], result: .map,
            summary: "The folder of a path, with its slash, as .Dir, and its last element as .File",
            example: #"{{ (path.Split "conf.d/web.cfg").Dir }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let path = try context.text(arguments, 0)
            let cut = Paths.startOfFile(context.memory.bytes(of: path))
            return context.makeMap([
                ("Dir", context.memory.slice(path, 0..<cut)), ("File", context.memory.slice(path, cut..<path.count)),
            ])
        },
    ]
}

/// Go: path/path.go.
enum Paths {
    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")

    /// Where the last element begins; the end for a path with a slash there.
    static func startOfFile(_ path: UnsafeBufferPointer<UInt8>) -> Int {
        (path.lastIndex(of: slash) ?? -1) + 1
    }

    /// Where the last dot of the last element stands; the end without one.
    static func startOfExtension(_ path: UnsafeBufferPointer<UInt8>) -> Int {
        guard let place = path.lastIndex(where: { $0 == slash || $0 == dot }), path[place] == dot else {
            return path.count
        }
        return place
    }

    /// The last element; `.` for no path and `/` for slashes alone.
    static func base(_ path: Value, _ context: CallContext) -> Value {
        let bytes = context.memory.bytes(of: path)
        guard !bytes.isEmpty else { return context.memory.makeString(".", origin: path.origin) }
        guard let last = bytes.lastIndex(where: { $0 != slash }) else {
            return context.memory.slice(path, 0..<1)
        }
        let start = startOfFile(UnsafeBufferPointer(rebasing: bytes[...last]))
        return context.memory.slice(path, start..<(last + 1))
    }

    static func clean<Bytes: Collection<UInt8>>(_ path: Bytes) -> [UInt8] {
        let isRooted = path.first == slash
        var kept: [Bytes.SubSequence] = []
        // Elements that `..` cannot remove: those before which nothing stands in a path that is not rooted.
        var ups = 0
        for element in path.split(separator: slash) where !(element.count == 1 && element.first == dot) {
            if element.elementsEqual([dot, dot]) {
                if kept.count > ups {
                    kept.removeLast()
                } else if !isRooted {
                    kept.append(element)
                    ups += 1
                }
            } else {
                kept.append(element)
            }
        }
        let joined = Array(kept.joined(separator: [slash]))
        if isRooted { return [slash] + joined }
        return joined.isEmpty ? [dot] : joined
    }

    /// The elements that are not empty, joined and cleaned; empty without any.
    static func join(_ elements: [[UInt8]]) -> [UInt8] {
        let filled = elements.filter { !$0.isEmpty }
        return filled.isEmpty ? [] : clean(Array(filled.joined(separator: [slash])))
    }

    /// The arguments as texts; a list stands for its elements.
    static func elements(_ arguments: Arguments, _ context: CallContext) throws(RuntimeError) -> [[UInt8]] {
        let memory = context.memory
        var elements: [[UInt8]] = []
        for (index, argument) in arguments.enumerated() {
            guard argument.kind == .list else {
                elements.append(Array(memory.bytes(of: try context.text(arguments, index))))
                continue
            }
            for position in 0..<argument.count {
                guard let element = Casting.text(memory.element(position, of: argument), memory) else {
                    throw context.wrongArgument(index, expected: "a list of texts", given: argument)
                }
                elements.append(Array(memory.bytes(of: element)))
            }
        }
        return elements
    }
}

extension CallContext {
    /// A map with the given keys.
    func makeMap(_ entries: [(key: String, value: Value)]) -> Value {
        memory.makeMap(entries.map { (key: memory.makeString($0.key), value: $0.value) })
    }
}
