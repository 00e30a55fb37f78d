import HASystem
import HATemplate

extension ConfigurationScan {
    private static let maximumDepth = 50

    /// - Parameter isKeys: whether the text was included in a block of keys and values.
    mutating func scanNginx(_ source: Source, isKeys: Bool = false, depth: Int) {
        let statements = source.text.statements
        for statement in statements {
            if statement.parent.map({ Self.holdsKeys(statements[$0]) }) ?? isKeys {
                // The lines of a map are no directives, but for this one.
                if statement.keyword == "include" { include(statement, source, isKeys: true, depth: depth) }
                continue
            }
            scan(statement, source, depth: depth)
        }
    }

    /// Whether a block holds keys and values.
    private static func holdsKeys(_ block: Statement) -> Bool {
        NginxGrammar.grammar.directives(named: block.keyword).contains { directive in
            directive.opensBlock && (directive.kinds.last == .variable || directive.kinds == [.file])
        }
    }

    private mutating func scan(_ statement: Statement, _ source: Source, depth: Int) {
        let name = Self.shown(statement.keyword)
        guard !statement.words.contains(where: { !$0.isCertain }) else {
            return refuse("'\(name)' cannot be read for certain: it holds a NUL", statement, source)
        }
        let all = NginxGrammar.grammar.directives(named: statement.keyword)
        let alike = all.filter { $0.opensBlock == statement.isOpening }
        guard !all.isEmpty else {
            return refuseUnknown(
                "the directive '\(name)' is not known, so nobody can say what checking it does", statement, source,
                statement.words[0].range)
        }
        for directive in alike.isEmpty ? all : alike { scan(statement, directive, source, depth: depth) }
    }

    private mutating func scan(
        _ statement: Statement, _ directive: Grammar.Directive, _ source: Source, depth: Int
    ) {
        let name = Self.shown(statement.keyword)
        if directive.effect == .runsCode {
            return refuse("'\(name)' runs code when the configuration is checked", statement, source)
        }
        if statement.keyword == "env", let word = statement.arguments.first, LibraryVariable.isKnown(word.text) {
            refuse(
                "'env \(Self.shown(word.text))' lets libraries read or load other files", statement, source,
                at: word.range)
        }
        for (index, word) in statement.arguments.enumerated() {
            guard let kind = directive.kind(at: index) ?? directive.kinds.last else { return }
            switch kind {
            case .text, .number, .flag, .time, .size, .word, .name, .backend, .server, .upstream, .url,
                .location, .regex, .variable, .format, .sample, .condition, .pattern, .algorithm, .served, .page,
                .environment,
                .action, .bindOption, .serverOption, .option, .filter:
                break
            case .address: if statement.keyword == "listen", index == 0 { listen(word, statement, source) }
            case .include: include(statement, source, isKeys: false, depth: depth)
            case .file, .base, .namespace: read(word.text, .text, statement, source, at: word.range)
            case .certificate, .key, .certificateList: certificate(word, statement, source)
            case .openSSL: command(Array(statement.arguments), statement, source)
            case .output, .store: create(word, isFolder: kind == .store, statement, source)
            case .log: log(word, statement, source)
            case .library: library(word, statement, source)
            case .code, .foreign: refuse("'\(name)' runs code when the configuration is checked", statement, source)
            }
        }
    }

    private mutating func library(_ word: Word, _ statement: Statement, _ source: Source) {
        // What the system's packages bring along names the system's modules.
        let isShipped =
            word.text.hasPrefix("modules/") || word.text.hasPrefix("/usr/lib/nginx/modules/")
            || word.text.hasPrefix("/usr/lib64/nginx/modules/") || word.text.hasPrefix("/usr/share/nginx/modules/")
        if let path = source.path, paths.isPackaged(path), isShipped, !word.text.contains("..") { return }
        refuse(
            "'\(Self.shown(statement.keyword))' loads a library when the configuration is checked", statement, source)
    }

    /// A name with a variable is looked up for each connection, and not by a check. Few directives know variables, by
    /// their version and block: what a `$` of its own would lead to must be allowed as well.
    private mutating func certificate(_ word: Word, _ statement: Statement, _ source: Source) {
        if Self.namesEngine(word.text) {
            let name = "\(Self.shown(statement.keyword)) \(Self.shown(word.text))"
            return refuse(
                "'\(name)' loads a library when the configuration is checked", statement, source, at: word.range)
        }
        let isCertificate = ["ssl_certificate", "ssl_certificate_key"].contains { statement.keyword.hasSuffix($0) }
        if isCertificate, word.text.hasPrefix("data:") { return }
        read(word.text, .certificate, statement, source, at: word.range)
    }

    /// `ssl_conf_command NAME VALUE`: the names that set numbers and words.
    private mutating func command(_ arguments: [Word], _ statement: Statement, _ source: Source) {
        let harmless: Set<String> = [
            "options", "ciphersuites", "cipherstring", "curves", "groups", "minprotocol", "maxprotocol", "protocol",
            "signaturealgorithms", "clientsignaturealgorithms", "recordpadding", "numtickets", "ecdhparameters",
            "verifymode",
        ]
        guard let name = arguments.first, !harmless.contains(name.text.lowercased()) else { return }
        refuse(
            "'\(Self.shown(statement.keyword)) \(Self.shown(name.text))' may read a file or load a library", statement,
            source)
    }

    private mutating func log(_ word: Word, _ statement: Statement, _ source: Source) {
        let isElsewhere =
            ["off", "stderr"].contains(word.text)
            || ["syslog:", "memory:"].contains { word.text.hasPrefix($0) }
        // Of the two only `access_log` knows variables, and then opens its file for each request.
        let isLate = statement.keyword == "access_log" && word.text.contains("$")
        if !isElsewhere, !isLate { create(word, isFolder: false, statement, source) }
    }

    /// A check binds what a server listens on.
    private mutating func listen(_ word: Word, _ statement: Statement, _ source: Source) {
        let start = "unix:"
        guard word.text.hasPrefix(start) else { return }
        let path = String(word.text.dropFirst(start.count))
        guard source.path == nil else { return refuseIncluded(path, word, statement, source) }
        report.creations.append(.init(path: path, isFolder: false, range: word.range, prefix: start))
    }

    mutating func create(
        _ word: Word, isFolder: Bool, _ statement: Statement, _ source: Source
    ) {
        guard source.path == nil else { return refuseIncluded(word.text, word, statement, source) }
        report.creations.append(.init(path: word.text, isFolder: isFolder, range: word.range))
    }

    /// What an included file would make, since nothing can be put in its place.
    private mutating func refuseIncluded(_ path: String, _ word: Word, _ statement: Statement, _ source: Source) {
        // The cage gives an empty folder in place of these.
        let usual = ["/var/log/nginx/", "/run/", "/var/run/", "/var/lib/nginx/", "/var/cache/nginx/"]
        if usual.contains(where: { path.hasPrefix($0) }), !path.contains("..") { return }
        refuse(
            "'\(Self.shown(statement.keyword)) \(Self.shown(word.text))' of an included file writes when the configuration is checked",
            statement, source)
    }

    // MARK: Includes

    private mutating func include(_ statement: Statement, _ source: Source, isKeys: Bool, depth: Int) {
        guard let word = statement.arguments.first else { return }
        let shown = "'include \(Self.shown(word.text))'"
        guard depth < Self.maximumDepth else { return refuse("\(shown) is nested too deep", statement, source) }
        guard !word.text.contains("\\"), let start = paths.absolute(word.text) else {
            return refuse("\(shown) reads a file outside the output's folder", statement, source)
        }
        // The same pattern finds the same files.
        guard included.insert(.init(path: start, isKeys: isKeys)).inserted else { return }
        var pattern = start
        while let range = pattern.firstRange(of: "**") { pattern.replaceSubrange(range, with: "*") }
        let found = FilePattern(pattern)?.matches(files) ?? [start]
        // The pattern's own folder counts, too: files may come after this look.
        let prefix = start.prefix { !"*?[".contains($0) }
        let folder = prefix.count == start.count ? start : PrivateFolder.folder(of: String(prefix))
        for path in [folder] + found {
            guard paths.isReadable(path, .text) else {
                return refuse("\(shown) reads a file outside the output's folder", statement, source)
            }
            report.reads.insert(path)
        }
        for path in found {
            guard let bytes = follow(path, isKeys: isKeys, statement, source) else { continue }
            let inner = Source(
                text: ConfigurationText(bytes, dialect: .nginx), range: source.place(statement.range), path: path)
            scanNginx(inner, isKeys: isKeys, depth: depth + 1)
        }
    }
}
