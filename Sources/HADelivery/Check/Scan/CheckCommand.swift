import HATemplate

/// A target's own command, where all it does is to call a proxy: what it gives the proxy beside the output.
struct CheckCommand: Equatable {
    /// The language that the program reads, whatever the output's dialect is.
    let dialect: Dialect
    /// Files and folders of configurations beside the output, as they are written.
    private(set) var files: [String] = []
    /// Folders from which the proxy counts relative paths.
    private(set) var folders: [String] = []
    /// Whether it sets `HAPROXY_LOCALPEER`.
    private(set) var namesPeer = false
    /// The first word whose meaning is not known, or that does more than to check.
    private(set) var unknown: String?

    /// nil for a command that only a shell can run, and for another program.
    init?(_ line: String) {
        guard let program = ProxyCheck.plainProgram(line), let all = ShellLine.plainWords(line) else { return nil }
        dialect = program == "nginx" || program.hasSuffix("/nginx") ? .nginx : .haproxy
        var words = all.dropFirst()
        while unknown == nil, let word = words.popFirst() {
            switch dialect {
            case .nginx: takeNginx(word, &words)
            case .haproxy, .plain: takeHAProxy(word, &words)
            }
        }
    }

    /// HAProxy: src/haproxy.c, init_args. It looks at the first letters alone, so that only whole words are sure.
    private mutating func takeHAProxy(_ word: String, _ rest: inout ArraySlice<String>) {
        switch word {
        case "-c", "-V", "-q", "-W", "-Ws", "-D": return
        case "--":
            for file in rest { add(file) }
            rest = []
        case "-f", "-C", "-L", "-m", "-n", "-N":
            guard let value = rest.popFirst() else { return unknown = word }
            switch word {
            case "-f": add(value)
            case "-C": folders.append(value)
            case "-L": namesPeer = true
            default: break
            }
        default:
            if !word.hasPrefix("-d") { unknown = word }
        }
    }

    /// nginx: src/core/nginx.c, ngx_get_options: letters in one word, a value behind them or in the next.
    private mutating func takeNginx(_ word: String, _ rest: inout ArraySlice<String>) {
        guard word.hasPrefix("-"), word.count > 1 else { return unknown = word }
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            if "tTqvV".contains(letter) { continue }
            guard "cpe".contains(letter), let value = letters.isEmpty ? rest.popFirst() : String(letters) else {
                return unknown = word
            }
            switch letter {
            case "p": folders.append(value)
            // Paths in another file would count from that one's folder.
            case "c": if value != "{file}" { unknown = "\(word) \(value)" }
            default: if value != "stderr" { unknown = "\(word) \(value)" }
            }
            return
        }
    }

    private mutating func add(_ file: String) {
        guard file != "{file}" else { return }
        if file.contains("{file}") { unknown = file } else { files.append(file) }
    }
}

extension ConfigurationScan {
    /// Scans what a command gives the proxy before the output, and all that HAProxy reads with it.
    mutating func scan(_ command: CheckCommand, with text: ConfigurationText) {
        let place = text.statements.first?.range ?? 0..<0
        if let word = command.unknown {
            return report.refuse(
                "'\(Self.shown(word))' of the target's own check is not known, so nobody can say what it does",
                at: place)
        }
        if let folder = paths.closedFolder {
            return report.refuse(
                "the target's own check works in '\(Self.shown(folder))' outside the output's folder", at: place)
        }
        var found: [(path: String, bytes: [UInt8])] = []
        for file in command.files {
            // All but the output's: there the private folder of the check stands in.
            for base in paths.folders.dropFirst() {
                guard let path = paths.absolute(file, in: base), paths.isReadable(path, .text) else {
                    return report.refuse(
                        "the target's own check reads '\(Self.shown(file))' outside the output's folder", at: place)
                }
                found += configurations(at: path, place)
            }
        }
        let texts = found.map { ConfigurationText($0.bytes, dialect: .haproxy) } + [text]
        for (index, file) in found.enumerated() {
            if let change = Self.changeOfEnvironment(in: texts[index]),
                texts.indices.contains(where: { $0 != index && texts[$0].bytes.contains(UInt8(ascii: "$")) })
            {
                report.refuse(
                    "'\(change)' of \(file.path) changes what variables in other files of the check stand for",
                    at: place)
            }
            for variant in Self.variants(of: texts[index], environment) {
                scanHAProxy(Source(text: variant, range: place, path: file.path))
            }
        }
        if command.namesPeer, texts.contains(where: { $0.text(0..<$0.bytes.count).contains("HAPROXY_LOCALPEER") }) {
            report.refuse("'-L' of the target's own check sets a variable that the configuration uses", at: place)
        }
    }

    /// The file, or those of a folder that HAProxy reads.
    private mutating func configurations(at path: String, _ place: Range<Int>) -> [(path: String, bytes: [UInt8])] {
        report.reads.insert(path)
        var members = [path]
        if (try? files.status(path))?.kind == .folder {
            members = ((try? files.names(path)) ?? []).sorted().filter { $0.hasSuffix(".cfg") }.map { path + "/" + $0 }
        }
        let statement = Statement(words: [], line: 0, parent: nil, isOpening: false)
        let source = Source(text: ConfigurationText([], dialect: .haproxy), range: place, path: nil)
        return members.compactMap { member in
            guard paths.isReadable(member, .text) else {
                report.refuse(
                    "the target's own check reads '\(Self.shown(member))' outside the output's folder", at: place)
                return nil
            }
            report.reads.insert(member)
            return follow(member, statement, source).map { (member, $0) }
        }
    }

    static func changeOfEnvironment(in text: ConfigurationText) -> String? {
        let changes: Set<String> = ["setenv", "presetenv", "unsetenv", "resetenv", "localpeer"]
        return text.statements.first { changes.contains($0.keyword) }?.keyword
    }
}
