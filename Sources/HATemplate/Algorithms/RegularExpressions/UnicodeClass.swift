/// The classes of `\p{…}`: general categories, by short and long names, and scripts. Go: regexp/syntax, unicodeTable.
enum UnicodeClass {
    /// The class with a name; case, spaces, hyphens and underscores of the name do not count.
    static func set(named name: [UInt8]) -> ScalarSet? {
        // Comparing strings takes the Kelvin sign for a K.
        guard name.allSatisfy({ $0 < 0x80 }) else { return nil }
        let name = canonicalName(name)
        switch name {
        case "Any": return .any
        case "Ascii": return ScalarSet([0...0x7F])
        case "Assigned": return GeneralCategories.set(categories["Cn"] ?? 0).inverted
        default: break
        }
        if let wanted = categories[name] { return GeneralCategories.set(wanted) }
        return Scripts.sets[name]
    }

    /// Whether `(?i)` widens a class; Go has no table for cased letters (U+0345 would be added).
    static func folds(_ name: [UInt8]) -> Bool {
        !["Lc", "Casedletter"].contains(canonicalName(name))
    }

    /// A first letter in upper case, then lower case, without what does not count. Go: canonicalName.
    static func canonicalName(_ name: [UInt8]) -> String {
        var result: [UInt8] = []
        for byte in name {
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: " "): break
            case UInt8(ascii: "a")...UInt8(ascii: "z") where result.isEmpty: result.append(byte - 0x20)
            case UInt8(ascii: "A")...UInt8(ascii: "Z") where !result.isEmpty: result.append(byte + 0x20)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Categories and groups of them as sets of bits, under every canonical name.
    private static let categories: [String: UInt32] = {
        var categories: [String: UInt32] = [:]
        for (number, name) in GeneralCategories.names.enumerated() {
            let bit = UInt32(1) << number
            categories[name] = bit
            categories[String(name.prefix(1)), default: 0] |= bit
            if ["Lu", "Ll", "Lt"].contains(name) { categories["Lc", default: 0] |= bit }
        }
        for (long, short) in longNames { categories[long] = categories[short] }
        return categories
    }()

    private static let longNames = [
        "Casedletter": "Lc", "Closepunctuation": "Pe", "Cntrl": "Cc", "Combiningmark": "M",
        "Connectorpunctuation": "Pc", "Control": "Cc", "Currencysymbol": "Sc", "Dashpunctuation": "Pd",
        "Decimalnumber": "Nd", "Digit": "Nd", "Enclosingmark": "Me", "Finalpunctuation": "Pf", "Format": "Cf",
        "Initialpunctuation": "Pi", "Letter": "L", "Letternumber": "Nl", "Lineseparator": "Zl",
        "Lowercaseletter": "Ll", "Mark": "M", "Mathsymbol": "Sm", "Modifierletter": "Lm", "Modifiersymbol": "Sk",
        "Nonspacingmark": "Mn", "Number": "N", "Openpunctuation": "Ps", "Other": "C", "Otherletter": "Lo",
        "Othernumber": "No", "Otherpunctuation": "Po", "Othersymbol": "So", "Paragraphseparator": "Zp",
        "Privateuse": "Co", "Punct": "P", "Punctuation": "P", "Separator": "Z", "Spaceseparator": "Zs",
        "Spacingmark": "Mc", "Surrogate": "Cs", "Symbol": "S", "Titlecaseletter": "Lt", "Unassigned": "Cn",
        "Uppercaseletter": "Lu",
    ]
}
