import HATemplate

/// Names what in a configuration makes its check run code, or read files outside the output's folder.
///
/// A check is run by people and by machines that look at a change before anybody has agreed to it; it must not be the
/// way to run what the change brings along.
package struct CodeDirectives {
    /// Such a directive, at its place in the output.
    package struct Finding: Sendable {
        package let message: String
        package let range: Range<Int>
    }

    package static func find(in text: ConfigurationText) -> [Finding] {
        text.statements.compactMap { statement in
            let message: String? =
                switch text.dialect {
                case .haproxy: haproxy(statement)
                case .nginx: nginx(statement)
                case .plain: nil
                }
            return message.map { Finding(message: $0, range: statement.range) }
        }
    }

    private static func haproxy(_ statement: ConfigurationText.Statement) -> String? {
        let keyword = statement.keyword
        switch keyword {
        case _ where keyword.hasPrefix("lua-"):
            return "'\(keyword)' runs Lua code when the configuration is checked"
        case "ssl-engine":
            return "'\(keyword)' loads a library when the configuration is checked"
        case "external-check":
            return "'external-check' lets the configuration run a program"
        case "insecure-fork-wanted":
            return "'\(keyword)' lets the configuration run programs"
        case "program", "command":
            return statement.isOpening || keyword == "command" ? "'\(keyword)' makes the proxy run a program" : nil
        case "option" where statement.arguments.first?.text == "external-check":
            return "'option external-check' lets the configuration run a program"
        default:
            return nil
        }
    }

    private static func nginx(_ statement: ConfigurationText.Statement) -> String? {
        let keyword = statement.keyword
        switch keyword {
        case "load_module", "ssl_engine":
            return "'\(keyword)' loads a library when the configuration is checked"
        case "include":
            guard let path = statement.arguments.first?.text, leavesFolder(path), !isShipped(path) else { return nil }
            return "'include \(path)' reads a file outside the output's folder"
        case _ where keyword.hasPrefix("perl") || keyword.hasPrefix("js_") || keyword.contains("_by_lua"):
            return "'\(keyword)' runs code when the configuration is checked"
        default:
            return nil
        }
    }

    private static func leavesFolder(_ path: String) -> Bool {
        path.hasPrefix("/") || path.split(separator: "/").contains("..")
    }

    /// What nginx's own packages bring along: the machine's files, which no change of a configuration can write.
    private static func isShipped(_ path: String) -> Bool {
        path == "/etc/nginx/mime.types" || path == "/etc/nginx/modules-enabled/*.conf"
    }
}
