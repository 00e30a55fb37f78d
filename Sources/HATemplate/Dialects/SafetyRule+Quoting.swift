extension SafetyRule {
    /// Writes a value from data so that it stays inside its argument.
    ///
    /// `table` is the rule's own; `letters` are those of the template before the value in its word, where
    /// `completesWord` asks for them. Throws why it cannot be written.
    func append(
        _ bytes: UnsafeBufferPointer<UInt8>, _ table: [UInt8], after letters: [UInt8] = [],
        followedBy following: Following, into output: inout ByteBuffer
    ) throws(RuntimeError) {
        let isNeeded = role == .program || (role == .environment && isFirst && isAlone)
        if !bytes.isEmpty || isNeeded, takesNothing { throw refusal(.anyValue) }
        if let byte = bytes.first(where: isControl) { throw refusal(.control(byte)) }
        if role == .comment { return output.append(bytes) }
        if let role = roleAfterVariable, !(bytes.first.map { isAlphanumeric($0) || $0 == UInt8(ascii: "_") } ?? false) {
            var rule = self
            (rule.role, rule.roleAfterVariable) = (role, nil)
            return try rule.append(bytes, rule.table, followedBy: following, into: &output)
        }
        guard let first = bytes.first else {
            try checkWords(letters, followedBy: following)
            return try appendEmpty(followedBy: following, into: &output)
        }
        if followsBackslash { throw refusal(.escape(first)) }
        if isURL, Self.namesSocket(bytes) { throw refusal(.reserved("unix:")) }
        if isStrict, let byte = bytes.first(where: { table[Int($0)] == Class.unsafe && !isSignOfPath($0) }) {
            throw refusal(.character(byte))
        }
        if let byte = bytes.first(where: refuses) { throw refusal(.character(byte)) }
        if isFirst, refusesFirst(first), role != .path || !Self.isOfProxies(bytes) { throw refusal(.first(first)) }
        if isSignOfPath(UInt8(ascii: ".")), !namesAnyFile,
            (first == UInt8(ascii: ".") && output.last == first) || Self.leavesFolder(bytes)
        {
            throw refusal(.leavesFolder)
        }
        if isSignOfPath(first), first == UInt8(ascii: "/"), beginsArgument(output), !namesAnyFile,
            !Self.isOfProxies(bytes)
        {
            throw refusal(.first(first))
        }
        if followsAlias, isLetter(first) { throw refusal(.alias(first)) }
        if isKey, isFirst { try checkKey(bytes, followedBy: following) }
        try checkWord(letters + bytes, isWhole: following.kind != .unknown, begins: letters.first)
        try checkWords(letters + bytes, followedBy: following, begins: letters.first)
        if role == .regex { return appendRegex(bytes, into: &output) }
        // nginx reads `${` as the beginning of a variable.
        let opensVariable = following.kind == .block && bytes.last == UInt8(ascii: "$")
        let isPlain =
            !(isFirst && needsQuotesFirst(first)) && !opensVariable
            && !bytes.contains { table[Int($0)] == Class.unsafe && !isDollarOfPath($0) && !isSignOfPath($0) }
        if isPlain { return output.append(bytes) }
        switch dialect {
        case .haproxy: appendHAProxy(bytes, into: &output)
        case .nginx: try appendNginx(bytes, followedBy: following, into: &output)
        case .plain: output.append(bytes)
        }
    }

    /// Whether a value holds the beginning of a socket's path. Parts of it may stand in the template.
    private static func namesSocket(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let lower = bytes.map { isLetter($0) ? $0 | 0x20 : $0 }
        return lower == Array("unix".utf8) || lower.firstRange(of: Array("unix:".utf8)) != nil
    }

    /// Whether a value begins what is read by itself: `map({{ . }})`.
    private func beginsArgument(_ output: borrowing ByteBuffer) -> Bool {
        guard let last = output.last else { return true }
        return ConfigurationText.isSpace(last) || ("(,[\"'" as StaticString).contains(last)
    }

    /// Whether a path is in one of the folders where machines keep what their proxies read.
    private static func isOfProxies(_ path: UnsafeBufferPointer<UInt8>) -> Bool {
        folders.contains { folder in
            folder.withUTF8Buffer { path.starts(with: $0) || path.elementsEqual($0.dropLast()) }
        }
    }

    private static let folders: [StaticString] = [
        "/etc/haproxy/", "/etc/nginx/", "/etc/ssl/", "/etc/pki/", "/etc/letsencrypt/", "/usr/share/",
        "/usr/local/share/",
        "/usr/local/etc/haproxy/", "/usr/local/etc/nginx/", "/srv/", "/opt/", "/var/www/", "/run/secrets/",
        "/var/lib/haproxy/",
        "/var/lib/nginx/",
    ]

    /// Whether a name has two dots in a row.
    private static func leavesFolder(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: ".") && $1 == $0 }
    }

    /// Throws when a word means something with the letters of the template after it.
    private func checkWords(
        _ word: [UInt8], followedBy following: Following, begins first: UInt8? = nil
    ) throws(RuntimeError) {
        for tail in following.tails where isAlone || first != nil {
            let whole = word + tail.letters
            if role == .directive, dialect.hasKeywords, whole.withUnsafeBufferPointer(Words.runs) {
                throw refusal(.reserved(String(decoding: whole, as: UTF8.self)))
            }
            try checkWord(whole, isWhole: tail.isWhole, begins: word.isEmpty ? whole.first : first)
        }
    }

    /// Throws when a word means something, or may with another value after it.
    private func checkWord(_ word: [UInt8], isWhole: Bool, begins first: UInt8?) throws(RuntimeError) {
        if first == UInt8(ascii: "-"), takesFlags {
            throw refusal(.reserved(String(decoding: word, as: UTF8.self)))
        }
        try word.withUnsafeBufferPointer { (word) throws(RuntimeError) in
            let isReserved = { (reserved: StaticString) in
                reserved.equals(word) || (!isWhole && reserved.begins(with: word))
            }
            if let word = reservedWords.first(where: isReserved) { throw refusal(.reserved("\(word)")) }
        }
    }

    /// Throws when a key is in a library, or may be with what follows it.
    private func checkKey(
        _ bytes: UnsafeBufferPointer<UInt8>, followedBy following: Following
    ) throws(RuntimeError) {
        let names =
            [(Array(bytes), following.kind != .unknown)]
            + following.tails.map { (bytes + $0.letters, $0.isWhole) }
        for (name, isWhole) in names {
            let lower = name.map { isLetter($0) ? $0 | 0x20 : $0 }
            let isNamed = { (library: StaticString) in
                library.withUTF8Buffer { lower.starts(with: $0) || (!isWhole && $0.starts(with: lower)) }
            }
            if let library = Self.libraries.first(where: isNamed) { throw refusal(.reserved("\(library)")) }
        }
    }

    func refusal(_ reason: UnsafeValue.Reason) -> RuntimeError {
        .unsafeValue(UnsafeValue(reason: reason, dialect: dialect, role: role))
    }

    /// An empty argument is an argument too.
    private func appendEmpty(
        followedBy following: Following, into output: inout ByteBuffer
    ) throws(RuntimeError) {
        if role == .expression || role == .variable || (role == .regex && isFirst) { throw refusal(.empty) }
        if isFirst, quoting != .none, following.kind == .quote, !isText, isAlone || endsInOpeningQuote(output) {
            throw refusal(.empty)
        }
        guard isFirst, isAlone, quoting == .none, !isInForeignBlock, !takesNothing, following.kind != .more else {
            return
        }
        // Nothing can be called by no name, and some texts alone may be empty where that ends the directive.
        if isStrict || (dialect.endsAtEmptyArgument && !isText) { throw refusal(.empty) }
        // Quotes can stand only where the argument ends, where nothing may follow them.
        if dialect.endsArgumentsWithQuotes, following.kind == .unknown { throw refusal(.empty) }
        output.append(dialect.emptyArgument)
    }

    /// Whether nothing stands after the quote that begins the argument: values before this one were empty too.
    private func endsInOpeningQuote(_ output: borrowing ByteBuffer) -> Bool {
        guard let quote = output.last, quote == UInt8(ascii: quoting == .single ? "'" : "\"") else { return false }
        return output.count < 2 || ConfigurationText.isSpace(output[output.count - 2])
    }

    private func appendHAProxy(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        if quoting == .none { output.append(UInt8(ascii: "'")) }
        for byte in bytes {
            if isEscapedByDoubling(byte) { appendHAProxy(byte, into: &output) }
            appendHAProxy(byte, into: &output)
        }
        if quoting == .none { output.append(UInt8(ascii: "'")) }
    }

    private func isEscapedByDoubling(_ byte: UInt8) -> Bool { role == .logFormat && isEscaped(byte) }

    private func appendHAProxy(_ byte: UInt8, into output: inout ByteBuffer) {
        switch (quoting, byte) {
        case (.none, UInt8(ascii: "'")), (.single, UInt8(ascii: "'")): output.append("'\\''" as StaticString)
        case (.double, UInt8(ascii: "\"")), (.double, UInt8(ascii: "\\")), (.double, UInt8(ascii: "$")):
            output.append(UInt8(ascii: "\\"))
            output.append(byte)
        default: output.append(byte)
        }
    }

    private func appendNginx(
        _ bytes: UnsafeBufferPointer<UInt8>, followedBy following: Following, into output: inout ByteBuffer
    ) throws(RuntimeError) {
        let addsQuotes = quoting == .none
        if addsQuotes {
            guard isFirst, isAlone, following.kind == .end || following.kind == .block else {
                let culprit = bytes.first { changesNginx($0) } ?? bytes[0]
                throw refusal(.partOfArgument(culprit))
            }
            output.append(UInt8(ascii: "\""))
        }
        let quote = UInt8(ascii: quoting == .single ? "'" : "\"")
        for byte in bytes {
            if byte == quote || byte == UInt8(ascii: "\\") { output.append(UInt8(ascii: "\\")) }
            output.append(byte)
        }
        if addsQuotes { output.append(quote) }
    }

    private func changesNginx(_ byte: UInt8) -> Bool {
        [UInt8(ascii: " "), UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "\\")].contains(byte)
    }

    /// A backslash before each sign is the same to nginx in quotes and without; its own backslash needs two.
    private func appendRegex(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        for byte in bytes {
            if byte == UInt8(ascii: "\\") {
                output.append("\\\\\\\\" as StaticString)
            } else {
                if isEscaped(byte) { output.append(UInt8(ascii: "\\")) }
                output.append(byte)
            }
        }
    }
}
