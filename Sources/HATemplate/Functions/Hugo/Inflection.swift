/// Words for people: ordinals, sentences, plurals. Hugo: tpl/inflect, with the library flect.
extension Function {
    static let inflections: [Function] = [
        Function(
            "inflect.Humanize", aliases: ["humanize"], [.init("text", .scalar)], result: .string,
            summary: "A name as words with a capital at the start, a number as an ordinal",
            example: #"{{ humanize "api-gateway_id" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            let bytes = context.memory.bytes(of: text)
            if let number = Humanizing.decimal(bytes) {
                return context.makeString(like: text) { Humanizing.appendOrdinal(number, into: &$1) }
            }
            // One character after another, since a list of them takes several times the text.
            var lowered = ByteBuffer(capacity: bytes.count)
            Humanizing.appendSentence(bytes, into: &lowered, CaseMapping.lower)
            return context.makeString(like: text) { _, output in
                lowered.withElements { Humanizing.appendSentence($0, into: &output) { $0 } }
            }
        },
        Function(
            "inflect.Pluralize", aliases: ["pluralize"], [.init("word", .scalar)], result: .string,
            summary: "The plural of an English word", example: #"{{ pluralize "proxy" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            return context.memory.makeString(Inflection.pluralize(context.memory.text(of: text)), origin: text.origin)
        },
        Function(
            "inflect.Singularize", aliases: ["singularize"], [.init("word", .scalar)], result: .string,
            summary: "The singular of an English word", example: #"{{ singularize "proxies" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            return context.memory.makeString(Inflection.singularize(context.memory.text(of: text)), origin: text.origin)
        },
    ]
}

/// Names as sentences.
enum Humanizing {
    typealias Scalars = [Unicode.Scalar]

    /// A whole text of digits with or without a sign. Go: strconv.Atoi.
    static func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        Int(String(decoding: text, as: UTF8.self))
    }

    /// 1st, 2nd, 3rd, 4th, 11th.
    static func appendOrdinal(_ number: Int, into output: inout ByteBuffer) {
        output.append(decimal: number)
        switch (number.magnitude % 100, number.magnitude % 10) {
        case (11...13, _): output.append("th" as StaticString)
        case (_, 1): output.append("st" as StaticString)
        case (_, 2): output.append("nd" as StaticString)
        case (_, 3): output.append("rd" as StaticString)
        default: output.append("th" as StaticString)
        }
    }

    /// Writes the words of a name with spaces between them, the first with a capital, abbreviations in capitals, every
    /// character mapped by `map`.
    static func appendSentence(
        _ name: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer, _ map: (Unicode.Scalar) -> Unicode.Scalar
    ) {
        let trimmed = UnsafeBufferPointer(rebasing: name[Trimming.trimmed(name, [.start, .end], Trimming.isSpace)])
        guard !trimmed.isEmpty else { return CaseMapping.append(name, into: &output, map) }
        var isFirst = true
        forEachWord(of: DecodedScalars(bytes: trimmed)) { word in
            if !isFirst { output.append(map(" ")) }
            guard isFirst else {
                for scalar in word { output.append(map(scalar)) }
                return
            }
            isFirst = false
            // The first word with a capital may be split once more.
            var parts: [Scalars] = []
            for part in words(of: word) { append(capitalized(part), to: &parts) }
            for scalar in parts.joined(separator: [" "]) { output.append(map(scalar)) }
        }
    }

    static func capitalized(_ word: Scalars) -> Scalars {
        guard let first = word.first else { return word }
        return [CaseMapping.title(first)] + word.dropFirst()
    }

    /// The words of a name.
    static func words(of name: Scalars) -> [Scalars] {
        var words: [Scalars] = []
        forEachWord(of: trimmed(name[...], Trimming.isSpace)) { words.append($0) }
        return words
    }

    /// Hands each word of a name without white space around it to `body`: separators and capitals begin new ones, symbols
    /// stand in none.
    static func forEachWord(of text: some Sequence<Unicode.Scalar>, _ body: (Scalars) -> Void) {
        let start = Scalars(text.prefix(6))
        if isAbbreviation(start) { return body(start.map(CaseMapping.upper)) }
        var word: Scalars = []
        var previousIsCapital = false
        for scalar in text {
            let isCapital = scalar.properties.generalCategory == .uppercaseLetter
            if isSeparator(scalar) || isCapital && (!previousIsCapital || abbreviations.contains(word)) {
                if let word = finished(word) { body(word) }
                word.removeAll(keepingCapacity: true)
                word.append(scalar)
            } else if belongsToWord(scalar) {
                word.append(scalar)
            } else {
                if let word = finished(word) { body(word) }
                word.removeAll(keepingCapacity: true)
            }
            previousIsCapital = isCapital
        }
        if let word = finished(word) { body(word) }
    }

    private static func append(_ word: Scalars, to words: inout [Scalars]) {
        if let word = finished(word) { words.append(word) }
    }

    /// A word without the separators around it; nil when nothing is left.
    private static func finished(_ word: Scalars) -> Scalars? {
        var rest = trimmed(word[...], Trimming.isSpace)
        for separator in separators { rest = trimmed(rest) { $0 == separator } }
        guard !rest.isEmpty else { return nil }
        let word = Scalars(rest)
        return isAbbreviation(word) ? word.map(CaseMapping.upper) : word
    }

    private static let separators: Scalars = ["_", " ", ":", "-", "/"]

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        separators.contains(scalar) || Trimming.isSpace(scalar)
    }

    /// Letters, digits, punctuation and the backquote.
    private static func belongsToWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: scalar == "`"
        }
    }

    private static func trimmed(
        _ word: ArraySlice<Unicode.Scalar>, _ isCut: (Unicode.Scalar) -> Bool
    ) -> ArraySlice<Unicode.Scalar> {
        let start = word.drop(while: isCut)
        guard let last = start.lastIndex(where: { !isCut($0) }) else { return [] }
        return start[...last]
    }

    static func isAbbreviation(_ word: Scalars) -> Bool {
        word.count <= 5 && abbreviations.contains(word.map(CaseMapping.upper))
    }

    /// What Hugo 0.168 writes in capitals, of all words of up to four letters and many longer ones.
    private static let abbreviations = Set(
        """
        ACK ACL ADSL AES ANSI API ARP ATM BGP BSS CCITT CHAP CIDR CIR CLI CMOS CPE CPU CRC CRT CSMA DCE DEC DES \
        DHCP DMI DNS DRAM DSL DSLAM DTE EHA EIA EIGRP EOF ESS FCC FCS FDDI FTP GBIC GEPOF HDLC HTML HTTP HTTPS \
        IANA ICMP ID IDF IDS IEEE IETF IMAP IP IPS ISDN ISP JSON JWT LACP LAN LAPB LAPF LLC MAC MC MDF MIB MPLS \
        MTU NAC NAT NBMA NIC NRZ NRZI NVRAM OK OSI OSPF OUI PAP PAT PC PCM PDU PIM POP3 POTS PPP PPTP PTT PVST RAM \
        RARP RCP RFC RIP RLL ROM RSTP RTP SDLC SFD SFP SLARP SLIP SMTP SNA SNAP SNMP SOF SQL SRAM SSH SSID STP SYN \
        TDM TFTP TIA TOFU UDP URI URL USB UTF8 UTP UUID VC VLAN VLSM VPN W3C WAN WEP WPA WWW
        """.split(separator: " ").map { Scalars($0.unicodeScalars) })
}

/// The characters of a text one after another; each byte that is no UTF-8 is U+FFFD.
struct DecodedScalars: Sequence, IteratorProtocol {
    let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func next() -> Unicode.Scalar? {
        guard offset < bytes.count else { return nil }
        let decoded = DecodedScalar.decode(bytes, at: offset)
        offset += decoded.length
        return decoded.scalar
    }
}
