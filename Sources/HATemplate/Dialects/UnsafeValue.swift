/// Why a value cannot be written where the template puts it.
struct UnsafeValue: Sendable, Equatable {
    enum Reason: Sendable, Equatable {
        case control(UInt8)
        /// A character that means something there and cannot be quoted.
        case character(UInt8)
        /// The same, because the value is only a part of an argument that has no quotes.
        case partOfArgument(UInt8)
        case first(UInt8)
        case reserved(String)
        /// Letters of the template's alias of a log-format would go on with it.
        case alias(UInt8)
        /// A backslash of the template's would escape it.
        case escape(UInt8)
        case empty
        /// `..` in the name of a file.
        case leavesFolder
        /// A text of the template's or the owner's that is empty, where an argument is needed.
        case vanishes
        /// The same of a loop, a branch or a template that writes nothing.
        case leavesNothing
        /// Nothing from data can stand there.
        case anyValue
        /// What Go prints for a person to read, and the text.
        case nonsense(TextOrigin, String)
        /// Trusted text that does not end as it began: quotes, a comment or an escape are left open.
        case leavesContext
    }

    let reason: Reason
    let dialect: Dialect
    let role: Role

    /// Whether a value stands where a directive begins.
    var asksForDirective: Bool { reason == .anyValue && role == .directive }

    /// One sentence, without full stop.
    var message: String {
        let place = role.text
        return switch reason {
        case .control(let byte): "a control character (\(Self.name(byte))) from data cannot stand in \(place)"
        case .character(let byte): "\(Self.name(byte)) from data cannot stand in \(place)"
        case .partOfArgument(let byte):
            "\(Self.name(byte)) from data cannot stand in a part of an argument without quotes"
        case .first(let byte): "a value from data cannot begin with \(Self.name(byte)) in \(place)"
        case .reserved(let word): "the word \"\(word)\" from data cannot stand in \(place)"
        case .alias(let byte):
            "\(Self.name(byte)) from data would go on with the name of the alias that stands before it"
        case .escape(let byte):
            "the backslash that stands before it would make an escape of \(Self.name(byte)) from data"
        case .empty: "an empty value from data cannot stand in \(place)"
        case .leavesFolder: "\"..\" from data cannot stand in \(place)"
        case .vanishes: "an empty text leaves no argument here, and one is needed"
        case .leavesNothing: "nothing is written here, and an argument is needed"
        case .anyValue: "a value from data cannot stand in \(place)"
        case .nonsense(.listing, let text): "a list or map, \"\(text)\", cannot stand in \(place)"
        case .nonsense(.misprint, let text): "\"\(text)\" is what printf makes of a mistake in its format"
        case .nonsense(.number, let text): "the number \(text) cannot be written in digits alone"
        case .nonsense: "there is no value to write in \(place)"
        case .leavesContext: "trusted text does not end in the context in which it began (\(place))"
        }
    }

    /// What would help.
    var advice: String {
        switch reason {
        case .control: "remove it from the data; no dialect allows it, not even in comments"
        case .partOfArgument: "put double quotes around the whole argument in the template"
        case .first(UInt8(ascii: "-")) where role == .variableText:
            "write text before it in the template; raw trusts any text"
        case .first(UInt8(ascii: "-")): "write -- before the values of the ACL in the template"
        case .character(let byte) where role == .location && byte != UInt8(ascii: "$"):
            "a value stands before it, which may be a modifier: write ~, = and the like in the template itself"
        case .nonsense(.listing, _):
            "write its elements, with range or {{ delimit LIST \" \" }}, or name the one that is meant"
        case .nonsense(.misprint, _): "give printf a value that its verb can print, and as many as there are verbs"
        case .nonsense(.number, _): "print it with %v or %f; HAProxy and nginx read the digits before an exponent alone"
        case .nonsense:
            "give a default, as in {{ VALUE | default \"none\" }}, or leave the text out where it is absent, with "
                + "{{ with VALUE }}"
        case .leavesContext: "close quotes where they were opened, or write them in the template itself"
        case .character(UInt8(ascii: "$")) where dialect.hasVariables:
            "nginx has no escape for it: write geo $dollar { default \"$\"; } in the block http, and "
                + "{{ replace VALUE \"$\" \"${dollar}\" }} here"
        case .vanishes, .leavesNothing:
            "give a value, or leave out the line where there is none, with {{ if }} or {{ with }}"
        case .anyValue where role == .program:
            "name it in the template, or by params or paramFiles, which are the owner's; raw trusts any text"
        case .first(UInt8(ascii: "/")) where role == .path || role == .expression || role == .variableText:
            "write the folder in the template, as in /etc/ssl/{{ VALUE }}; what comes by params or paramFiles is the "
                + "owner's, and may be a whole path; raw trusts any text"
        case .escape: "double the backslash, or write what it escapes in the template itself"
        case .alias: "write something else than a letter between them, such as a blank or a -"
        case .anyValue where role == .environment:
            "write the name in the template, and ${NAME} in quotes, so that the name ends before the value"
        default: "change the data, or the template so that the value stands elsewhere; raw trusts any text"
        }
    }

    private static func name(_ byte: UInt8) -> String {
        switch byte {
        case 0x00: return "NUL"
        case 0x09: return "tab"
        case 0x0A: return "line feed"
        case 0x0D: return "carriage return"
        case 0x20: return "a space"
        case 0x21...0x7E: return "'\(Character(Unicode.Scalar(byte)))'"
        default:
            return "byte 0x" + String(byte, radix: 16, uppercase: true)
        }
    }
}
