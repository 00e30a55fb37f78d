import HASystem
import HATemplate

/// Reads a configuration as its proxy will, and finds what its check would run, open, read outside or write.
///
/// A check is run by people and by machines that look at a change before anybody has agreed to it; it must not be the
/// way to run what the change brings along. What the grammar does not know, and words that cannot be decoded, are refused
/// as if they ran code.
package struct ConfigurationScan {
    /// A text being read: the output, or a file that it includes.
    struct Source {
        let text: ConfigurationText
        /// Where a refusal in it is reported: in the output, the place of what named the file.
        let range: Range<Int>?
        let path: String?

        /// The place of a word, in the output.
        func place(_ range: Range<Int>) -> Range<Int> { self.range ?? range }

        /// What a message says of an included file.
        func words(_ line: Int) -> String { path.map { " (\($0):\(line))" } ?? "" }
    }

    let paths: ScannedPath
    let files: FileSystem
    var report = ScanReport()
    let environment: @Sendable (String) -> String?
    /// What was followed already. Keys and values are read in another way than directives.
    struct Followed: Hashable {
        let path: String
        let isKeys: Bool
    }
    /// Files that were followed.
    var followed: Set<Followed> = []
    /// Patterns of `include` that were followed.
    var included: Set<Followed> = []
    /// Whether nothing that the proxy reads changes variables, so that those of the environment hold in every file.
    var keepsEnvironment = true
    /// Where relative paths of certificates count from, beside the folder itself.
    var bases: [String] = []

    /// Files read in one scan; more is no configuration.
    static let maximumFiles = 2_000
    static let maximumSize = 64 << 20

    /// What the check of an output would do.
    ///
    /// - Parameters:
    ///   - command: a check of the user's own, which may give the proxy more files.
    ///   - workingFolder: where that check runs; HAProxy's relative paths then count from there.
    ///   - environment: answers for the variables that the proxy will find.
    package static func scan(
        _ text: ConfigurationText, output: String, command: String? = nil, workingFolder: String? = nil,
        files: FileSystem,
        environment: @escaping @Sendable (String) -> String?
    ) -> ScanReport {
        let command = command.flatMap(CheckCommand.init)
        let paths = ScannedPath(
            output: output, workingFolder: workingFolder, others: command?.folders ?? [], files: files)
        var scan = ConfigurationScan(paths: paths, files: files, environment: environment)
        scan.keepsEnvironment = changeOfEnvironment(in: text) == nil && command?.files.isEmpty ?? true
        var text = text
        if let command {
            if command.dialect != text.dialect { text = ConfigurationText(text.bytes, dialect: command.dialect) }
            scan.scan(command, with: text)
        }
        switch text.dialect {
        case .haproxy:
            for variant in variants(of: text, environment) {
                scan.scanHAProxy(Source(text: variant, range: nil, path: nil))
            }
        case .nginx:
            scan.scanNginx(Source(text: text, range: nil, path: nil), depth: 0)
        case .plain: break
        }
        return scan.report
    }

    private init(
        paths: ScannedPath, files: FileSystem, environment: @escaping @Sendable (String) -> String?
    ) {
        self.paths = paths
        self.files = files
        self.environment = environment
    }

    /// HAProxy: the text as each of its versions reads it, with the environment and without.
    static func variants(
        of text: ConfigurationText, _ environment: @escaping @Sendable (String) -> String?
    ) -> [ConfigurationText] {
        guard text.bytes.contains(UInt8(ascii: "$")) else { return [text] }
        let environments: [@Sendable (String) -> String?] = [environment, { _ in nil }]
        return environments.flatMap { lookup in
            [false, true].map { joins in
                ConfigurationText(
                    text.bytes, dialect: text.dialect, environment: .known(lookup, joinsAfterUnset: joins))
            }
        }
    }

    // MARK: What both proxies share

    /// A name for messages, short and without control characters.
    static func shown(_ text: String) -> String {
        let text = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? "?" : $0 }))
        return text.count > 60 ? text.prefix(60) + "…" : text
    }

    mutating func refuse(
        _ message: String, _ statement: ConfigurationText.Statement, _ source: Source, at word: Range<Int>? = nil
    ) {
        report.refuse(message + source.words(statement.line), at: source.place(word ?? statement.range))
    }

    /// A word that the grammar does not know.
    mutating func refuseUnknown(
        _ message: String, _ statement: ConfigurationText.Statement, _ source: Source, _ word: Range<Int>
    ) {
        let unknown = source.range == nil ? (word: word, end: statement.range.upperBound) : nil
        report.refuse(message + source.words(statement.line), at: source.place(word), unknown: unknown)
    }

    /// A file that is read. `what` begins the message.
    mutating func read(
        _ path: String, _ use: ScannedPath.Use, _ statement: ConfigurationText.Statement, _ source: Source,
        at word: Range<Int>
    ) {
        let bases: [String?] = use == .certificate ? self.bases : []
        for base in paths.folders + bases {
            guard !path.utf8.contains(0), let absolute = paths.absolute(path, in: base), paths.isReadable(absolute, use)
            else {
                return refuse(
                    "'\(Self.shown(statement.keyword) + " " + Self.shown(path))' reads a file outside the output's folder",
                    statement, source, at: word)
            }
            report.reads.insert(absolute)
        }
    }

    /// A file that is read where it is there.
    mutating func readBeside(
        _ path: String, _ statement: ConfigurationText.Statement, _ source: Source, at word: Range<Int>
    ) {
        let isThere = (paths.folders + bases).contains { base in
            paths.absolute(path, in: base).map { (try? files.linkStatus($0)) != nil } ?? false
        }
        if isThere { read(path, .certificate, statement, source, at: word) }
    }

    /// The bytes of a file to follow; nil when there is none, which is for the proxy to say, or when it was read already.
    mutating func follow(
        _ path: String, isKeys: Bool = false, _ statement: ConfigurationText.Statement, _ source: Source
    ) -> [UInt8]? {
        guard followed.insert(.init(path: path, isKeys: isKeys)).inserted else { return nil }
        guard followed.count <= Self.maximumFiles else {
            refuse("more than \(Self.maximumFiles) files are included", statement, source)
            return nil
        }
        guard let status = try? files.status(path), status.kind == .regular else { return nil }
        guard status.size <= Self.maximumSize,
            let input = try? FileReader(files: files).read(path, upTo: Self.maximumSize)
        else {
            refuse("'\(Self.shown(path))' cannot be looked at before the proxy reads it", statement, source)
            return nil
        }
        return input.bytes
    }
}
