/// What an argument of a directive is for, and by that what the proxy does when it reads it.
///
/// The names are the words of the grammar tables.
package enum ArgumentKind: String, Sendable, CaseIterable {
    // Nothing happens but that the proxy remembers them.
    case text, number, flag, time, size, word
    /// The name of something that the directive begins, and of something named elsewhere.
    case name, backend, server, upstream
    case address, url, location, regex, variable, format, sample, condition
    /// The value of an ACL, or a flag of one: `-f` names a file.
    case pattern
    /// What `http-request` and its kin do; `HAProxyGrammar` lists the actions.
    case action
    /// The words after the address of a `bind` or `server`, with tables of their own.
    case bindOption = "bind-option"
    case serverOption = "server-option"
    case option, algorithm
    /// `filter NAME …`
    case filter
    /// A path that only a running proxy opens: `root`, a socket.
    case served
    /// A path below the root of a site, which begins with a slash or not: `index`, `try_files`.
    case page

    /// A file whose text may stand in a message about it.
    case file
    /// A file of certificates, parameters or revocations, or a folder of them.
    case certificate
    /// A private key: a file, or `engine:NAME:ID`, which loads a library.
    case key
    /// A file that names other files, a line each.
    case certificateList = "certificate-list"
    /// Files with more directives.
    case include
    /// Where relative paths count from.
    case base
    /// A command of OpenSSL's configuration: some of them name files.
    case openSSL = "openssl"
    /// A network namespace, which is a file of the system.
    case namespace
    /// Changes a variable of the environment, which later words may hold.
    case environment

    /// A file that the proxy makes or appends to while it reads the configuration.
    case output
    /// The same, but for words such as `off` and `syslog:…`.
    case log
    /// A folder that the proxy makes or takes over.
    case store

    case library
    /// A program, or a file of code.
    case code
    /// Code in the configuration itself.
    case foreign

    /// Whether it is the name of a file that is read or written, where data must not choose the folder.
    var isPath: Bool {
        switch self {
        case .include, .file, .certificate, .certificateList, .base, .namespace, .output, .log, .store, .served, .page:
            true
        default: false
        }
    }

    /// What reading an argument can do beside being remembered.
    package enum Effect: Int, Sendable, Comparable {
        case harmless, includes, reads, writes, opensLibrary, runsCode

        package static func < (left: Effect, right: Effect) -> Bool { left.rawValue < right.rawValue }
    }

    /// The worst that an argument of the kind can do while the configuration is checked.
    package var effect: Effect {
        switch self {
        case .text, .number, .flag, .time, .size, .word, .name, .backend, .server, .upstream, .address, .url, .location,
            .regex, .variable, .format, .condition, .option, .algorithm, .served, .page, .environment:
            .harmless
        case .include: .includes
        // What stands in them may name a file: a map, a list of patterns, a certificate.
        case .sample, .pattern, .action, .bindOption, .serverOption, .filter: .reads
        case .file, .certificate, .certificateList, .base, .openSSL, .namespace: .reads
        case .output, .log, .store: .writes
        case .library, .key: .opensLibrary
        case .code, .foreign: .runsCode
        }
    }
}
