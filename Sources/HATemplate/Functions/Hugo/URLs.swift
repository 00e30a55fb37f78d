/// URLs and names in them. Hugo: tpl/urls.
extension Function {
    static let urls: [Function] = [
        Function(
            "urls.Parse", [.init("url", .scalar)], result: .map,
            summary: "The parts of a URL: .Scheme, .User, .Host, .Hostname, .Port, .Path, .RawQuery, .Query, .Fragment",
            example: #"{{ (urls.Parse "https://web.local:8443/api?v=2").Port }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            let reference = try URLs.reference(Array(context.memory.bytes(of: text)), argument: 0)
            return URLs.map(of: reference, context)
        },
        Function(
            "urls.JoinPath", [.init("elements", [.scalar, .list], .variadic)], result: .string,
            summary: "A URL with path elements added to it; a list stands for its elements",
            example: #"{{ urls.JoinPath "https://web.local/api/" "v2" "users" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let elements = try Paths.elements(arguments, context)
            guard let base = elements.first else { return context.memory.makeString([]) }
            let joined: URLReference
            do throws(URLReference.Mistake) {
                joined = try URLReference(base).joined(Array(elements.dropFirst()))
            } catch {
                throw .invalidURL(argument: 1, error)
            }
            return context.memory.makeString(joined.text)
        },
        Function(
            "urls.Anchorize", aliases: ["anchorize"], [.init("text", .scalar)], result: .string,
            summary: "A text as the name of an anchor: small letters, digits and hyphens",
            example: #"{{ anchorize "Web & API" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            return context.makeString(like: text) { URLs.appendAnchor($0, into: &$1) }
        },
        Function(
            "urls.URLize", aliases: ["urlize"], [.init("text", .scalar)], result: .string,
            summary: "A text as a path of a URL: small letters, hyphens for spaces, the rest escaped or left out",
            example: #"{{ urlize "Web & API/Überblick" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            let path = URLs.path(of: context.memory.bytes(of: text))
            return context.memory.makeString(try URLs.reference(path, argument: 0).text, origin: text.origin)
        },
    ]
}

enum URLs {
    static func reference(_ text: [UInt8], argument: Int) throws(RuntimeError) -> URLReference {
        do {
            return try URLReference(text)
        } catch {
            throw .invalidURL(argument: argument + 1, error)
        }
    }

    /// What Go's URL answers as fields and methods without arguments.
    static func map(of url: URLReference, _ context: CallContext) -> Value {
        let memory = context.memory
        var user = Value.null
        if let (name, password) = url.user {
            user = context.makeMap([
                ("Username", memory.makeString(name)), ("Password", memory.makeString(password ?? [])),
                ("String", memory.makeString(url.userInfo ?? [])),
            ])
        }
        return context.makeMap([
            ("Scheme", memory.makeString(url.scheme)), ("Opaque", memory.makeString(url.opaque)), ("User", user),
            ("Host", memory.makeString(url.host)), ("Hostname", memory.makeString(url.hostname)),
            ("Port", memory.makeString(url.port)), ("Path", memory.makeString(url.path)),
            ("RawPath", memory.makeString(url.rawPath)), ("EscapedPath", memory.makeString(url.escapedPath)),
            ("RawQuery", memory.makeString(url.rawQuery)), ("Query", query(url.rawQuery, context)),
            ("ForceQuery", .bool(url.forcesQuery)), ("Fragment", memory.makeString(url.fragment)),
            ("RawFragment", memory.makeString(url.rawFragment)),
            ("EscapedFragment", memory.makeString(url.escapedFragment)), ("IsAbs", .bool(!url.scheme.isEmpty)),
            ("RequestURI", memory.makeString(url.requestTarget)), ("String", memory.makeString(url.text)),
        ])
    }

    /// The values of a query by their keys, as lists; settings that cannot be read are left out. Go: url.ParseQuery.
    private static func query(_ query: [UInt8], _ context: CallContext) -> Value {
        let memory = context.memory
        var keys: [[UInt8]] = []
        var values: [[UInt8]: [Value]] = [:]
        for setting in query.split(separator: UInt8(ascii: "&")) where !setting.contains(UInt8(ascii: ";")) {
            let sign = setting.firstIndex(of: UInt8(ascii: "=")) ?? setting.endIndex
            guard let key = try? URLEncoding.query.decode(setting[..<sign]),
                let value = try? URLEncoding.query.decode(setting[sign...].dropFirst())
            else { continue }
            if values[key] == nil { keys.append(key) }
            values[key, default: []].append(memory.makeString(value))
        }
        return memory.makeMap(
            keys.map { (memory.makeString($0), memory.makeList(values[$0] ?? [], type: .string)) })
    }

    // MARK: Names

    /// GitHub's way of naming anchors, which Hugo follows.
    static func appendAnchor(_ text: UnsafeBufferPointer<UInt8>, into output: inout ByteBuffer) {
        let trimmed = Trimming.trimmed(text, [.start, .end], Trimming.isSpace)
        for scalar in UnsafeBufferPointer(rebasing: text[trimmed]).scalars {
            if scalar == "-" || scalar == " " {
                output.append(UInt8(ascii: "-"))
            } else if scalar == "_" || scalar.properties.isLetterOrDigit {
                output.append(CaseMapping.lower(scalar))
            }
        }
    }

    /// Small letters, and what a path can hold; a hyphen for spaces between. Hugo: common/paths, Sanitize.
    static func path(of text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var followsHyphen = false
        var wantsHyphen = false
        var offset = 0
        while offset < text.count {
            let decoded = DecodedScalar.decode(text, at: offset)
            if isAllowed(decoded.scalar, at: offset, in: text) {
                followsHyphen = decoded.scalar == "-"
                if wantsHyphen, !followsHyphen { result.append(UInt8(ascii: "-")) }
                wantsHyphen = false
                result += UTF8.encode(CaseMapping.lower(decoded.scalar)) ?? UTF8.encodedReplacementCharacter
            } else if !result.isEmpty, !followsHyphen, Trimming.isSpace(decoded.scalar) {
                wantsHyphen = true
            }
            offset += decoded.length
        }
        return result
    }

    private static func isAllowed(_ scalar: Unicode.Scalar, at offset: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool
    {
        switch scalar {
        case ".", "/", "\\", "_", "#", "+", "~", "-", "@": true
        case "%": text[(offset + 1)...].prefix(2).compactMap(hexDigitValue).count == 2
        default: scalar.properties.isLetterOrDigit || scalar.properties.isMark
        }
    }
}

extension Unicode.Scalar.Properties {
    /// Go: unicode.IsLetter and unicode.IsDigit.
    var isLetterOrDigit: Bool {
        switch generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: false
        }
    }

    /// Go: unicode.IsMark.
    var isMark: Bool {
        switch generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
