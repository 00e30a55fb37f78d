import HAServices

/// How grave a line of the log is.
package enum LogLevel: Int, Sendable, CaseIterable, Comparable {
    case debug, info, warning, error

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }

    package var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }

    /// By its name, or by one of those that proxym's `PROXYM_LOG_APPLOG_LEVEL` takes, in letters of any case; nil for
    /// other words.
    package init?(words: String) {
        switch words.lowercased() {
        case "debug", "trace": self = .debug
        case "info", "notice": self = .info
        case "warning", "warn": self = .warning
        case "error", "fatal", "panic", "critical": self = .error
        default: return nil
        }
    }
}

/// How the log is written.
package enum LogFormat: String, Sendable, CaseIterable {
    case human
    /// A JSON object a line.
    case json
}

/// One line of the log: something that happened.
package struct LogEntry: Sendable, Equatable {
    package enum Field: Sendable, Equatable {
        case text(String)
        case number(Int)
        case list([String])
    }

    package var level: LogLevel
    /// What happened, for programs: `delivered`, `refused`, `quarantine` …
    package var event: String
    /// What happened, for people.
    package var message: String
    package var fields: [(name: String, value: Field)]

    package init(
        _ level: LogLevel, _ event: String, _ message: String, _ fields: [(name: String, value: Field)] = []
    ) {
        self.level = level
        self.event = event
        self.message = message
        self.fields = fields
    }

    /// The first of several sentences, for one line.
    static func shown(_ sentences: [String]) -> String {
        let more = sentences.count > 3 ? "; and \(sentences.count - 3) more" : ""
        return sentences.prefix(3).joined(separator: "; ") + more
    }

    package static func == (left: LogEntry, right: LogEntry) -> Bool {
        left.level == right.level && left.event == right.event && left.message == right.message
            && left.fields.map(\.name) == right.fields.map(\.name)
            && left.fields.map(\.value) == right.fields.map(\.value)
    }

    /// The line, with its break.
    ///
    /// - Parameters:
    ///   - time: seconds since 1970.
    ///   - printable: makes control characters harmless.
    package func line(_ format: LogFormat, time: Int, printable: (String) -> String) -> String {
        switch format {
        case .human: return "\(UTCTime(seconds: time)) \(level.name): \(printable(message))\n"
        case .json: return json(time: time)
        }
    }

    private func json(time: Int) -> String {
        var parts = [
            Self.member("time", "\(UTCTime(seconds: time))"), Self.member("level", level.name),
            Self.member("event", event), Self.member("message", message),
        ]
        for field in fields {
            switch field.value {
            case .text(let text): parts.append(Self.member(field.name, text))
            case .number(let number): parts.append("\(Self.quoted(field.name)):\(number)")
            case .list(let texts):
                parts.append("\(Self.quoted(field.name)):[" + texts.map(Self.quoted).joined(separator: ",") + "]")
            }
        }
        return "{" + parts.joined(separator: ",") + "}\n"
    }

    private static func member(_ name: String, _ text: String) -> String { quoted(name) + ":" + quoted(text) }

    private static func quoted(_ text: String) -> String {
        var json = JSONText()
        json.string(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
