import HATemplate
import Testing

@testable import HAServices

/// What is allowed and yet has no effect: the table in `docs/services.md`.
@Suite("Services that nothing leads to") struct UseTests {
    static let warnings: [MistakeCase] = [
        .init(
            "domains without a protocol", #"{"Id": "a", "Port": 80, "Domains": ["a.example"]}"#, "1:25 unused-field",
            says: #"Domains has no effect: this service is not http; if it is, write "ApplicationProtocol": "http""#),
        .init(
            "domains with https",
            #"{"Id": "a", "ApplicationProtocol": "https", "Port": 443, "Domains": ["a.example"]}"#,
            "1:58 unused-field <- 1:36",
            says: #"Domains has no effect: ApplicationProtocol "https" counts as plain tcp; write "http", since TLS "#
                + "ends at the proxy"),
        .init(
            "domains with tcp", #"{"Id": "a", "ApplicationProtocol": "tcp", "Port": 443, "Domains": ["a.example"]}"#,
            "1:56 unused-field <- 1:36",
            says:
                #"Domains has no effect: ApplicationProtocol "tcp" counts as plain tcp; write "http" for an http service"#
        ),
        .init(
            "domains with udp", #"{"Id": "a", "TransportProtocol": "udp", "Port": 53, "Domains": ["a.example"]}"#,
            "1:53 unused-field"),
        .init(
            "a path and domains without a protocol",
            #"{"Id": "a", "ProxyPath": "/a", "Domains": ["b"], "Port": 80}"#, "1:13 unused-field",
            says: "ProxyPath and Domains have no effect: this service is not http; if it is, write "
                + #""ApplicationProtocol": "http""#),
        .init("a path without a protocol", #"{"Id": "a", "ServicePort": 80, "ProxyPath": "/"}"#, "1:32 unused-field"),
        .init("a cookie without a protocol", #"{"Id": "a", "Port": 80, "Cookie": "c"}"#, "1:25 unused-field"),
        .init(
            "an empty protocol", #"{"Id": "a", "ApplicationProtocol": "", "Port": 80, "Domains": ["b"]}"#,
            "1:52 unused-field"),
        .init(
            "http over udp",
            #"{"Id": "a", "ApplicationProtocol": "http", "TransportProtocol": "udp", "Domains": ["b"]}"#,
            "1:44 unused-field",
            says: #"TransportProtocol "udp" has no effect: an http service is reached over tcp"#),
        .init(
            "http with nothing", #"[{"Id": "a", "ApplicationProtocol": "http"}]"#, "1:2 lost-service",
            says: "nothing leads to this service: it has no Domains, no ProxyPath and no port"),
        .init(
            "empty lists and texts",
            #"{"Id": "a", "ApplicationProtocol": "http", "Domains": [], "ProxyPath": "", "Port": 0}"#,
            "1:1 lost-service"),
        .init(
            "two http services with one whole port",
            #"[{"Id":"a","ApplicationProtocol":"http","Port":1},{"Id":"b","ApplicationProtocol":"http","ServicePort":1}]"#,
            "1:104 lost-service <- 1:48",
            says:
                #"nothing leads to this service: it has no Domains and no ProxyPath, and port 1 belongs to the service "a""#
        ),
        .init(
            "a whole port that a tcp service has",
            #"[{"Id":"a","ApplicationProtocol":"http","Port":1},{"Id":"b","Port":1}]"#, "1:48 lost-service <- 1:68"),
        .init(
            "two hosts at one address",
            #"{"Id":"a","Port":1,"Hosts":[{"Ip":"h","Id":"x"},{"Ip":"H","Port":1,"Id":"y"},{"Ip":"h","Port":2}]}"#,
            "1:49 duplicate-id <- 1:29", says: #"two hosts of this service have the address "H:1""#),
    ]

    @Test("each is reported once, at its place", arguments: warnings)
    func isReported(_ test: MistakeCase) {
        let reading = Reading(test.json)
        #expect(reading.summary == [])
        #expect(reading.warnings.map(describe) == test.expected)
        #expect(reading.warnings.allSatisfy { $0.severity == .warning })
        if let message = test.message { #expect(reading.warnings.first?.message == message) }
    }

    static let useful: [MistakeCase] = [
        .init("http with a domain", #"{"Id": "a", "ApplicationProtocol": "http", "Domains": ["b"]}"#),
        .init("http with a path", #"{"Id": "a", "ApplicationProtocol": "http", "ProxyPath": "/b", "Cookie": "c"}"#),
        .init("http with a port", #"{"Id": "a", "ApplicationProtocol": "http", "Port": 80}"#),
        .init("https passed through", #"{"Id": "a", "ApplicationProtocol": "https", "Port": 443}"#),
        .init("tcp", #"{"Id": "a", "Port": 80, "Domains": [], "ProxyPath": "", "Cookie": ""}"#),
        .init("udp", #"{"Id": "a", "TransportProtocol": "udp", "Port": 53}"#),
        .init(
            "http with a domain, and tcp, on one port",
            #"[{"Id":"a","ApplicationProtocol":"http","Port":1,"Domains":["x"]},{"Id":"b","Port":1}]"#),
        .init(
            "a whole port and a udp service",
            #"[{"Id":"a","ApplicationProtocol":"http","Port":1},{"Id":"b","Port":1,"TransportProtocol":"udp"}]"#),
        .init(
            "hosts on other ports",
            #"{"Id":"a","Port":1,"Hosts":[{"Ip":"h"},{"Ip":"h","Port":2},{"Ip":"h","Port":3},{"Ip":"i"}]}"#),
    ]

    @Test("what is used is not reported", arguments: useful)
    func isUsed(_ test: MistakeCase) {
        #expect(Reading(test.json).summary == [])
        #expect(Reading(test.json).warnings.isEmpty)
    }

    /// Every combination of the fields that decide how a service is reached gives what the documents' table says.
    @Test("every combination")
    func combinations() {
        for isHTTP in [true, false] {
            for isUDP in [true, false] {
                for hasDomain in [true, false] {
                    for hasPath in [true, false] {
                        for hasPort in [true, false] {
                            var members = [#""Id": "a""#]
                            if isHTTP { members.append(#""ApplicationProtocol": "http""#) }
                            if isUDP { members.append(#""TransportProtocol": "udp""#) }
                            if hasDomain { members.append(#""Domains": ["a.example"]"#) }
                            if hasPath { members.append(#""ProxyPath": "/a""#) }
                            if hasPort { members.append(#""Port": 80"#) }
                            let hasRoute = hasDomain || hasPath
                            var expected: [DiagnosticCode] = []
                            if isHTTP, isUDP { expected.append(.unusedField) }
                            if isHTTP, !hasRoute, !hasPort { expected.append(.lostService) }
                            if !isHTTP, hasPort, hasRoute { expected.append(.unusedField) }
                            if !isHTTP, !hasPort { expected.append(.badValue) }
                            let json = "{" + members.joined(separator: ", ") + "}"
                            let reading = Reading(json)
                            let codes = (reading.diagnostics + reading.warnings).map(\.code)
                            #expect(
                                codes.sorted { $0.rawValue < $1.rawValue }
                                    == expected.sorted { $0.rawValue < $1.rawValue }, "\(json)")
                        }
                    }
                }
            }
        }
    }

    @Test("a service that is wrong anyway is not reported twice")
    func once() {
        #expect(
            Reading(#"{"Id": "a", "ApplicationProtocol": 1, "Domains": ["b"], "Port": 1}"#).summary == [
                "1:36 wrong-type"
            ])
        #expect(Reading(#"{"Id": "a", "Domains": ["b"]}"#).summary == ["1:1 bad-value"])
        #expect(
            Reading(#"{"Id": "a", "Domains": ["b"]}"#).diagnostics.first?.message
                == "this service is not http, so it needs a port to listen on; if it is, write "
                + #""ApplicationProtocol": "http""#)
    }

    @Test("mistakes and warnings come in the order of the file")
    func order() {
        let reading = Reading(#"[{"Id": "a", "Port": 1, "Cookie": "c"}, {"Id": "a", "Port": 2, "Cookie": "c"}]"#)
        #expect(reading.summary == ["1:25 unused-field", "1:48 duplicate-id <- 1:9", "1:64 unused-field"])
    }

    @Test("a thousand warnings hide no mistake")
    func warningsHideNothing() {
        let services = (1...1_500).map { #"{"Id": "s\#($0)", "Port": \#($0), "Cookie": "c"}"# }
        let warned = Reading("[" + services.joined(separator: ",\n") + "]")
        #expect(warned.document != nil)
        #expect(warned.warnings.count == 1_001)
        #expect(warned.warnings.last?.message == "and 500 more warnings")
        #expect(warned.warnings.last?.severity == .warning)
        let broken = Reading("[" + (services + [#"{"Id": "x", "Port": "y"}"#]).joined(separator: ",\n") + "]")
        #expect(broken.diagnostics.filter { $0.severity == .error }.map(\.code) == [.wrongType])
    }
}
