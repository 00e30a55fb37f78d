import HASystem

/// A path with `*`, `?` or `[…]` in it, as a shell would expand it: hidden names match only a pattern that begins with
/// a dot, `**` stands for any number of folders.
struct FilePattern {
    private let parts: [String]
    private let isAbsolute: Bool

    /// nil for a path without any of those characters.
    init?(_ path: String) {
        guard path.contains(where: { "*?[".contains($0) }) else { return nil }
        isAbsolute = path.hasPrefix("/")
        parts = path.split(separator: "/").map(String.init)
    }

    /// The folder that all matches of a path lie in: the part before its first wildcard; the path itself has none.
    static func folder(before path: String) -> String {
        guard path.contains(where: { "*?[".contains($0) }) else { return path }
        let parts = path.split(separator: "/").prefix { part in !part.contains { "*?[".contains($0) } }
        let folder = parts.joined(separator: "/")
        return path.hasPrefix("/") ? "/" + folder : folder.isEmpty ? "." : folder
    }

    /// The files and folders that match, sorted by the bytes of their paths.
    func matches(_ files: FileSystem) -> [String] {
        var found: [String] = [isAbsolute ? "/" : ""]
        for part in parts {
            found = part == "**" ? folders(below: found, files) : found.flatMap { step($0, part, files) }
        }
        let sorted = Set(found).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return sorted.map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    private func step(_ base: String, _ part: String, _ files: FileSystem) -> [String] {
        let folder = base.isEmpty || base.hasSuffix("/") ? base : base + "/"
        guard part.contains(where: { "*?[".contains($0) }) else {
            return (try? files.status(folder + part)) == nil ? [] : [folder + part]
        }
        let names = (try? files.names(folder.isEmpty ? "." : folder)) ?? []
        return names.filter { Self.matches(Array(part.utf8)[...], Array($0.utf8)[...]) }.map { folder + $0 }
    }

    /// The folders themselves and all below them, each once, as paths that end in a slash; links are not followed.
    private func folders(below bases: [String], _ files: FileSystem) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        var rest = bases.map { $0.isEmpty || $0.hasSuffix("/") ? $0 : $0 + "/" }
        while let folder = rest.popLast() {
            guard seen.insert(folder).inserted else { continue }
            found.append(folder)
            for name in (try? files.names(folder.isEmpty ? "." : folder)) ?? [] where !name.hasPrefix(".") {
                guard (try? files.linkStatus(folder + name))?.kind == .folder else { continue }
                rest.append(folder + name + "/")
            }
        }
        return found
    }

    /// Whether a name matches a pattern, byte by byte.
    static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        if name.first == UInt8(ascii: "."), pattern.first != UInt8(ascii: ".") { return false }
        var (pattern, name) = (pattern, name)
        // Where the last star stood, and what it has taken so far.
        var star: (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
        while true {
            if pattern.first == UInt8(ascii: "*") {
                pattern = pattern.dropFirst()
                star = (pattern, name)
            } else if let byte = name.first, let rest = matchOne(pattern, byte) {
                pattern = rest
                name = name.dropFirst()
            } else if pattern.isEmpty, name.isEmpty {
                return true
            } else if let last = star, !last.name.isEmpty {
                star = (last.pattern, last.name.dropFirst())
                (pattern, name) = (last.pattern, last.name.dropFirst())
            } else {
                return false
            }
        }
    }

    /// What is left of a pattern whose first element takes a byte; nil when it does not.
    private static func matchOne(_ pattern: ArraySlice<UInt8>, _ byte: UInt8) -> ArraySlice<UInt8>? {
        guard let first = pattern.first else { return nil }
        if first == UInt8(ascii: "?") { return pattern.dropFirst() }
        if first == UInt8(ascii: "["), let end = pattern.dropFirst(2).firstIndex(of: UInt8(ascii: "]")) {
            var set = pattern[(pattern.startIndex + 1)..<end]
            let isNegated = set.first == UInt8(ascii: "!") || set.first == UInt8(ascii: "^")
            if isNegated { set = set.dropFirst() }
            return holds(set, byte) != isNegated ? pattern[(end + 1)...] : nil
        }
        return first == byte ? pattern.dropFirst() : nil
    }

    private static func holds(_ set: ArraySlice<UInt8>, _ byte: UInt8) -> Bool {
        var rest = set
        while let low = rest.popFirst() {
            if rest.first == UInt8(ascii: "-"), let high = rest.dropFirst().first {
                rest = rest.dropFirst(2)
                if low <= byte, byte <= high { return true }
            } else if low == byte {
                return true
            }
        }
        return false
    }
}
