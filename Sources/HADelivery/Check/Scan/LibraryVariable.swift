/// Variables of the environment that make the libraries of a proxy read or load other files.
enum LibraryVariable {
    private static let names: Set<String> = [
        "HOSTALIASES", "LOCALDOMAIN", "NLSPATH", "GCONV_PATH", "LOCPATH", "GETCONF_DIR", "TMPDIR", "TZDIR", "TERMINFO",
        "GLIBC_TUNABLES", "RANDFILE", "CTLOG_FILE", "QLOGDIR", "SSLKEYLOGFILE", "NGINX", "PATH", "BASH_ENV", "ENV",
        "KRB5_CONFIG", "CURL_CA_BUNDLE",
    ]
    private static let families = [
        "LD_", "DYLD_", "RES_", "RESOLV_", "OPENSSL_", "SSL_CERT_", "MALLOC_", "LUA_", "PERL5", "PYTHON",
    ]

    static func isKnown(_ name: String, value: String) -> Bool {
        // The name of a zone is harmless, the path of a file is not.
        if name == "TZ" { return value.hasPrefix("/") || value.hasPrefix(":") || value.contains("..") }
        return names.contains(name) || families.contains(where: name.hasPrefix)
    }

    /// The same for `NAME=value`; a name alone only keeps what is there.
    static func isKnown(_ assignment: String) -> Bool {
        guard let sign = assignment.firstIndex(of: "=") else { return false }
        return isKnown(
            String(assignment[..<sign]), value: String(assignment[assignment.index(after: sign)...]))
    }
}
