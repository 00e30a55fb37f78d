/// Upper, lower and title case of single characters, as Go's `unicode` package has them: a character becomes one
/// character, so that "straße" is "STRAßE".
enum CaseMapping {
    static func upper(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII { return upper(ascii: scalar) }
        // Where the upper case takes several characters, the title case may be the one that Go means (ᾳ: ᾼ).
        return single(scalar.properties.uppercaseMapping) ?? single(scalar.properties.titlecaseMapping) ?? scalar
    }

    static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII {
            return (65...90).contains(scalar.value)
                ? Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value) | 0x20) : scalar
        }
        // İ alone takes two characters; the second is a dot that Go leaves off.
        return scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
    }

    static func title(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII { return upper(ascii: scalar) }
        return single(scalar.properties.titlecaseMapping) ?? scalar
    }

    private static func upper(ascii scalar: Unicode.Scalar) -> Unicode.Scalar {
        (97...122).contains(scalar.value) ? Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value) & 0xDF) : scalar
    }

    private static func single(_ text: String) -> Unicode.Scalar? {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, scalars.count == 1 else { return nil }
        return first
    }

    /// Writes the text with every character mapped; what is no UTF-8 becomes U+FFFD. Go: strings.Map.
    static func append(
        _ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer,
        _ map: (Unicode.Scalar) -> Unicode.Scalar
    ) {
        var offset = 0
        while offset < text.count {
            let decoded = DecodedScalar.decode(text, at: offset)
            output.append(map(decoded.scalar))
            offset += decoded.length
        }
    }
}
