import HAServices
import Testing

/// Most files are read by code of its own for what is usual; it must find what the other code finds.
@Suite struct UsualFormTests {
    /// Every field, in objects of several sizes.
    static let services = #"""
        [{"Id": "web", "ApplicationProtocol": "http", "TransportProtocol": "tcp", "Domains": ["a.example", "*.b.example"],
         "ProxyPath": "/", "Port": 8080, "ServicePort": 0, "Hosts": [{"Ip": "192.0.2.1", "Port": 31000}, {"Ip": "::1"}],
         "Config": "option forwardfor", "Source": "File", "Cookie": "SID", "Balance": "leastconn",
         "HealthCheckPath": "/up", "ConnectTimeout": 1, "ClientTimeout": 22, "ServerTimeout": 2147483, "MaxConn": 99999999,
         "Attributes": {"a": [1, "b"]}},
        {"hosts": [{"port": 0, "ip": "host.example", "weight": 256, "maxconn": 0, "id": "h1"}, {"Ip": "10.0.0.10"}],
         "id": "db", "port": 5432, "Domains": [], "Source": "", "TransportProtocol": ""},
        {"Id": "empty", "Hosts": [], "ServicePort": 1}]
        """#

    /// One of them is at the end of a text, so that reading past it would show.
    static let single = [
        #"{"Id":"a","Port":1,"Hosts":[{"Ip":"10.0.0.1","Port":1},{"Ip":"10.0.0.2","Port":2}]}"#,
        #"{"Id":"a","ServicePort":65535}"#, #"{"Port":1,"Id":"a"}"#, #"{"Id":"a","Port":1,"Domains":["a.example"]}"#,
        #"{"Id":"a","Port":1,"Config":""}"#, #"{"Id":"a","MaxConn":1234567890,"Port":1}"#, "{}", "[]", "[{}]",
    ]

    /// The same text with many letters and digits of its strings written as escapes; it has none before.
    private func escaped(_ json: String) -> String {
        var result = ""
        var isInString = false
        for scalar in json.unicodeScalars {
            if isInString, scalar.properties.isASCIIHexDigit {
                result += "\\u00" + String(scalar.value, radix: 16)
            } else {
                result.unicodeScalars.append(scalar)
            }
            if scalar == "\"" { isInString.toggle() }
        }
        return result
    }

    private func contents(_ reading: Reading) -> String {
        switch reading {
        case .services(let document, _): document.show(document.root)
        case .mistakes(let mistakes): mistakes.map { "\($0.code.rawValue): \($0.message)" }.joined(separator: "\n")
        }
    }

    private static let withoutEscapes = FieldTests.fields.map(\.json).filter { !$0.contains("\\") }
    private static let mistakes = (MistakeTests.shapes + MistakeTests.values).map(\.json).filter { !$0.contains("\\") }

    @Test(arguments: [services] + single + withoutEscapes)
    func escapesChangeNothing(_ json: String) {
        #expect(contents(Reading(json)) == contents(Reading(escaped(json))))
    }

    @Test(arguments: mistakes)
    func mistakesAreTheSameWithEscapes(_ json: String) {
        let plain = Reading(json).diagnostics.map(\.code)
        #expect(plain == Reading(escaped(json)).diagnostics.map(\.code))
    }

    @Test(arguments: ["", "\t", "\r\n", "\n                  ", " \t \n"])
    func spaceChangesNothing(_ space: String) {
        var spread = ""
        var isInString = false
        for character in Self.services {
            if character == "\"" { isInString.toggle() }
            if !isInString, character.isWhitespace { continue }
            let isMark = !isInString && "{}[]:,".contains(character)
            spread += isMark ? space + String(character) + space : String(character)
        }
        #expect(contents(Reading(spread)) == contents(Reading(Self.services)))
    }

    @Test func everyCutIsNoJSON() {
        let bytes = Array(Self.services.utf8)
        for count in 1..<bytes.count {
            let codes = Reading(files: [Array(bytes[..<count])]).diagnostics.map(\.code.rawValue)
            #expect(codes.contains { $0.hasPrefix("json-") }, "the first \(count) bytes")
        }
    }

    /// The general reader tells what it finds in the member that the usual one left to it.
    @Test(arguments: [
        (#"{"Id": "a", "Port": 01}"#, "1:21 json-syntax"), (#"{"Id": "a", "Port": 1x}"#, "1:22 json-syntax"),
        (#"{"Id": "a", "Port": 1 2}"#, "1:23 json-syntax"), (#"{"Id": "a" "Port": 1}"#, "1:12 json-syntax"),
        (#"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "10.0.0.1" "Port": 1}]}"#, "1:52 json-syntax"),
        (#"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "10.0.0.1"} {"Ip": "10.0.0.1"}]}"#, "1:53 json-syntax"),
        (#"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "10.0.0.1"},]}"#, "1:53 json-syntax"),
        (#"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "10.0.0.1", "ip": "10.0.0.2"}]}"#, "1:53 duplicate-key <- 1:35"),
        (#"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "10.0.0.1"}, {"Ip": ""}]}"#, "1:61 bad-address"),
        (#"{"Id": "a", "Port": 1, "Domains": ["a.example" "b.example"]}"#, "1:48 json-syntax"),
        (#"{"Id": "a", "Port": 1, "Port": 2}"#, "1:24 duplicate-key <- 1:13"),
        (#"{"Id": "a", "Port": 70000}"#, "1:21 port-out-of-range"),
        (#"{"Id": "a", "Port": 4294967297}"#, "1:21 port-out-of-range"),
    ])
    func mistakesKeepTheirPlaces(_ json: String, _ expected: String) {
        #expect(Reading(json).summary == [expected])
    }
}
