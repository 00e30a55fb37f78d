import HAServices
import HATemplate
import Testing

/// A text and what is wrong with it.
struct MistakeCase: CustomTestStringConvertible, Sendable {
    let name: String
    let json: String
    /// `LINE:COLUMN code <- LINE:COLUMN of the note`
    let expected: [String]
    /// What the first message says.
    let message: String?

    var testDescription: String { name }

    init(_ name: String, _ json: String, _ expected: String..., says message: String? = nil) {
        self.name = name
        self.json = json
        self.expected = expected
        self.message = message
    }
}

@Suite struct MistakeTests {
    static let shapes: [MistakeCase] = [
        .init(
            "file holds a string", #""a""#, "1:1 wrong-type",
            says: "a service file holds a service (an object) or a list of services, not a string"),
        .init("file holds null", "null", "1:1 wrong-type"),
        .init(
            "list holds a number", "[\n  7\n]", "2:3 wrong-type", says: "a service must be an object, not an integer"),
        .init(
            "list holds a list", #"[[{"Id": "a"}], {"Id": "b", "Port": 1}, null]"#, "1:2 wrong-type", "1:41 wrong-type",
            says: "a service must be an object, not a list"),
        .init(
            "unknown key", #"{"Id": "a", "Port": 1, "Domians": []}"#, "1:24 unknown-key",
            says: #"a service has no key "Domians"; did you mean "Domains"?"#),
        .init(
            "unknown key in other case", #"{"Id": "a", "Port": 1, "domian": []}"#, "1:24 unknown-key",
            says: #"a service has no key "domian"; did you mean "Domains"?"#),
        .init(
            "unknown key near nothing", #"{"Id": "a", "Port": 1, "Flavour": {"x": [{}]}}"#, "1:24 unknown-key",
            says: #"a service has no key "Flavour"; keys of your own stand inside "Attributes""#),
        .init("unknown key that is part of one", #"{"Id": "a", "Port": 1, "Protocol": "x"}"#, "1:24 unknown-key"),
        .init("empty key", #"{"Id": "a", "Port": 1, "": 1}"#, "1:24 unknown-key"),
        .init(
            "host's key in the service", #"{"Id": "a", "Port": 1, "Ip": "::1"}"#, "1:24 unknown-key",
            says: #"a service has no key "Ip"; it belongs to a host, inside "Hosts""#),
        .init(
            "service's key in a host", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "h", "Cookie": "x"}]}"#,
            "1:46 unknown-key", says: #"a host has no key "Cookie"; it belongs to the service"#),
        .init(
            "unknown key in a host", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "h", "Wieght": 1}]}"#,
            "1:46 unknown-key",
            says: #"a host has no key "Wieght"; did you mean "Weight"?"#),
        .init(
            "unknown key in a host near nothing", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "h", "Zone": 1}]}"#,
            "1:46 unknown-key", says: #"a host has no key "Zone"; it has Ip, Port, Id, Weight and MaxConn"#),
        .init(
            "key twice", #"{"Id": "a", "Port": 1, "Port": 2}"#, "1:24 duplicate-key <- 1:13",
            says: #"the key "Port" appears twice in this object"#),
        .init(
            "key twice in other case", #"{"Id": "a", "Port": 1, "pORT": 2}"#, "1:24 duplicate-key <- 1:13",
            says: #"the key "pORT" is "Port" again, since the case of keys is ignored"#),
        .init(
            "key twice after null", #"{"Id": null, "id": "a", "Port": 1}"#, "1:1 missing-id",
            "1:14 duplicate-key <- 1:2"),
        .init(
            "key thrice in a host", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "h", "ip": "i", "IP": 0}]}"#,
            "1:46 duplicate-key <- 1:35", "1:57 duplicate-key <- 1:35"),
        .init(
            "key twice in Attributes", #"{"Id": "a", "Port": 1, "Attributes": {"x": {"b": 1, "a": 2, "b": 3}}}"#,
            "1:61 duplicate-key <- 1:45", says: #"the key "b" appears twice in this object"#),
        .init(
            "Id is a number", #"{"Id": 5, "Port": 1}"#, "1:8 wrong-type", says: "Id must be a string, not an integer"),
        .init(
            "Config is a list", #"{"Id": "a", "Port": 1, "Config": ["x", {"y": 1}], "Cookie": true}"#,
            "1:34 wrong-type",
            "1:61 wrong-type", says: "Config must be a string, not a list"),
        .init(
            "Port is text", #"{"Id": "a", "Port": "80"}"#, "1:21 wrong-type",
            says: "Port must be an integer, not a string; write 80 without quotes"),
        .init(
            "Port is another text", #"{"Id": "a", "Port": "http"}"#, "1:21 wrong-type",
            says: "Port must be an integer, not a string"),
        .init(
            "Port is text with escapes", #"{"Id": "a", "Port": "\u0038\u0030"}"#, "1:21 wrong-type",
            says: "Port must be an integer, not a string; write 80 without quotes"),
        .init(
            "Port is 80.0", #"{"Id": "a", "Port": 80.0}"#, "1:21 wrong-type",
            says: "Port must be an integer, not 80.0; write 80"),
        .init(
            "Port is 1e2", #"{"Id": "a", "Port": 1e2}"#, "1:21 wrong-type",
            says: "Port must be an integer, not 1e2; write 100"),
        .init(
            "Port is 80.5", #"{"Id": "a", "Port": 80.5}"#, "1:21 wrong-type", says: "Port must be an integer, not 80.5"),
        .init("Port is 1e300", #"{"Id": "a", "Port": 1e300}"#, "1:21 wrong-type"),
        .init(
            "Port is a list", #"{"Id": "a", "Port": [80, {"x": 1}]}"#, "1:21 wrong-type",
            says: "Port must be an integer, not a list"),
        .init(
            "Port is true", #"{"Id": "a", "Port": true}"#, "1:21 wrong-type",
            says: "Port must be an integer, not a boolean"),
        .init(
            "host's Port is text", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "h", "Port": "81"}]}"#, "1:54 wrong-type",
            says: "Port must be an integer, not a string; write 81 without quotes"),
        .init(
            "Domains is text", #"{"Id": "a", "Port": 1, "Domains": "b.example"}"#, "1:35 wrong-type",
            says: #"Domains must be a list, not a string; write ["b.example"]"#),
        .init(
            "Domains is an object", #"{"Id": "a", "Port": 1, "Domains": {}}"#, "1:35 wrong-type",
            says: "Domains must be a list, not an object"),
        .init(
            "Domains hold others", #"{"Id": "a", "Port": 1, "Domains": [1, "b", null, ["c"]]}"#, "1:36 wrong-type",
            "1:44 wrong-type", "1:50 wrong-type", says: "Domains must hold strings, not an integer"),
        .init(
            "Hosts is an object", #"{"Id": "a", "Port": 1, "Hosts": {"Ip": "h"}}"#, "1:33 wrong-type",
            says: "Hosts must be a list, not an object"),
        .init(
            "Hosts hold text", #"{"Id": "a", "Port": 1, "Hosts": ["h:80", null, [{}]]}"#, "1:34 wrong-type",
            "1:42 wrong-type", "1:48 wrong-type",
            says: #"a host must be an object, not a string; write {"Ip": "192.0.2.1", "Port": 80}"#),
        .init(
            "Attributes is a list", #"{"Id": "a", "Port": 1, "Attributes": [1]}"#, "1:38 wrong-type",
            says: "Attributes must be an object, not a list"),
    ]

    static let values: [MistakeCase] = [
        .init(
            "Port too large", #"{"Id": "a", "Port": 65536}"#, "1:21 port-out-of-range",
            says: "Port must be from 0 to 65535, not 65536"),
        .init("Port negative", #"{"Id": "a", "Port": -1}"#, "1:21 port-out-of-range"),
        .init("ServicePort too large", #"{"Id": "a", "Port": 1, "ServicePort": 70000}"#, "1:39 port-out-of-range"),
        .init(
            "host's Port too large", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "h", "Port": 99999}]}"#,
            "1:54 port-out-of-range"),
        .init(
            "Weight too large", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "h", "Weight": 257}]}"#,
            "1:56 number-out-of-range", says: "Weight must be from 0 to 256, not 257"),
        .init("MaxConn negative", #"{"Id": "a", "Port": 1, "MaxConn": -5}"#, "1:35 number-out-of-range"),
        .init(
            "host's MaxConn too large", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "h", "MaxConn": 2147483648}]}"#,
            "1:57 number-out-of-range"),
        .init(
            "time-out too large", #"{"Id": "a", "Port": 1, "ClientTimeout": 2147484}"#, "1:41 number-out-of-range",
            says: "ClientTimeout must be from 0 to 2147483, not 2147484"),
        .init(
            "time-out negative", #"{"Id": "a", "Port": 1, "ServerTimeout": -1, "ConnectTimeout": -2}"#,
            "1:41 number-out-of-range", "1:63 number-out-of-range"),
        .init("no Id", "[\n {\"Port\": 1}]", "2:2 missing-id", says: "this service has no Id"),
        .init("Id is null", #"{"Id": null, "Port": 1}"#, "1:1 missing-id"),
        .init("Id is empty", #"{"Id": "", "Port": 1}"#, "1:8 missing-id", says: "Id must not be empty"),
        .init(
            "host without Ip", #"{"Id": "a", "Port": 1, "Hosts": [{"Port": 1}]}"#, "1:34 bad-address",
            says: "this host has no Ip"),
        .init(
            "Ip is empty", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": ""}]}"#, "1:41 bad-address",
            says: "Ip: the address must not be empty"),
        .init(
            "Ip is no address", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "1.2.3.256"}]}"#, "1:41 bad-address",
            says: #"Ip: "1.2.3.256" is not an IPv4 address; its numbers go from 0 to 255"#),
        .init(
            "Ip with port", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "1.2.3.4:80"}]}"#, "1:41 bad-address",
            says: #"Ip: "1.2.3.4:80" is not an address or a host name; put the port in "Port""#),
        .init(
            "Ip in brackets", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "[::1]"}]}"#, "1:41 bad-address",
            says: #"Ip: "[::1]" is not an address or a host name; write IPv6 addresses without brackets"#),
        .init(
            "domain is empty", #"{"Id": "a", "Port": 1, "Domains": [""]}"#, "1:36 bad-value",
            says: "Domains: the domain must not be empty"),
        .init(
            "domain with port", #"{"Id": "a", "Port": 1, "Domains": ["b.example:80"]}"#, "1:36 bad-value",
            says: #"Domains: "b.example:80" is not a host name; leave out the port"#),
        .init("domain with scheme", #"{"Id": "a", "Port": 1, "Domains": ["https://b.example/"]}"#, "1:36 bad-value"),
        .init(
            "wildcard inside", #"{"Id": "a", "Port": 1, "Domains": ["a.*.example"]}"#, "1:36 bad-value",
            says: #"Domains: "a.*.example" is not a host name; '*' stands only at the start, as in "*.example.com""#),
        .init(
            "path without slash", #"{"Id": "a", "Port": 1, "ProxyPath": "app"}"#, "1:37 bad-value",
            says: #"ProxyPath must begin with '/', not "app"; write "/app""#),
        .init("health check without slash", #"{"Id": "a", "Port": 1, "HealthCheckPath": "up"}"#, "1:43 bad-value"),
        .init(
            "transport", #"{"Id": "a", "Port": 1, "TransportProtocol": "TCP"}"#, "1:45 bad-value",
            says: #"TransportProtocol must be "tcp" or "udp", not "TCP"; did you mean "tcp"?"#),
        .init(
            "other transport", #"{"Id": "a", "Port": 1, "TransportProtocol": "sctp4"}"#, "1:45 bad-value",
            says: #"TransportProtocol must be "tcp" or "udp", not "sctp4""#),
        .init(
            "HTTP in capitals", #"{"Id": "a", "ApplicationProtocol": "HTTP"}"#, "1:36 bad-value",
            says: #"ApplicationProtocol "HTTP" would count as plain tcp; write "http" in lower case"#),
        .init(
            "NUL in Id", #"{"Id": "a\u0000", "Port": 1}"#, "1:8 nul-character",
            says: "Id must not hold the character NUL"),
        .init("NUL in Config", #"{"Id": "a", "Port": 1, "Config": "x\u0000"}"#, "1:34 nul-character"),
        .init(
            "NUL in Attributes", #"{"Id": "a", "Port": 1, "Attributes": {"x": ["y", "\u0000"], "\u0000": 1}}"#,
            "1:50 nul-character", "1:61 nul-character"),
        .init(
            "attribute of a cookie", #"{"Id": "a", "Port": 1, "Cookie": "A;Path=/x"}"#, "1:34 bad-value",
            says: #"Cookie "A;Path=/x" cannot name a cookie because of ';'; write its name alone, such as "SID""#),
        .init("value of a cookie", #"{"Id": "a", "Port": 1, "Cookie": "A=B"}"#, "1:34 bad-value"),
        .init("blank in a cookie", #"{"Id": "a", "Port": 1, "Cookie": "A B"}"#, "1:34 bad-value"),
        .init("letter of no cookie", #"{"Id": "a", "Port": 1, "Cookie": "ü"}"#, "1:34 bad-value"),
        .init(
            "line break in Cookie", #"{"Id": "a", "Port": 1, "Cookie": "x\ny"}"#, "1:34 bad-value",
            says: "Cookie must not hold control characters; here is U+000A"),
        .init(
            "DEL in Balance", "{\"Id\": \"a\", \"Port\": 1, \"Balance\": \"round\u{7F}robin\"}", "1:35 bad-value",
            says: "Balance must not hold control characters; here is U+007F"),
        .init(
            "C1 in Source", "{\"Id\": \"a\", \"Port\": 1, \"Source\": \"\u{85}\"}", "1:34 bad-value",
            says: "Source must not hold control characters; here is U+0085"),
        .init("NUL in a domain", #"{"Id": "a", "Port": 1, "Domains": ["b\u0000"]}"#, "1:36 nul-character"),
        .init("line break in an Ip", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "h\n"}]}"#, "1:41 bad-value"),
        .init(
            "line break in a host's Id", #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "h", "Id": "\n"}]}"#,
            "1:52 bad-value",
            says: "a host's Id must not hold control characters; here is U+000A"),
        .init(
            "tcp without port", #" {"Id": "a"}"#, "1:2 bad-value",
            says: "this service is not http, so it needs a port to listen on; write ServicePort or Port"),
        .init("tcp with port 0", #"{"Id": "a", "Port": 0}"#, "1:21 bad-value"),
        .init("udp without port", #"{"Id": "a", "TransportProtocol": "udp"}"#, "1:1 bad-value"),
        .init(
            "host without port", #"{"Id": "a", "ServicePort": 1, "Hosts": [{"Ip": "h"}]}"#, "1:41 bad-value",
            says: "this host has no Port, and its service has none either"),
        .init(
            "http host without port", #"{"Id": "a", "ApplicationProtocol": "http", "Hosts": [{"Ip": "h"}]}"#,
            "1:54 bad-value"),
        .init(
            "one mistake is told once", #"{"Id": 1, "Port": "x", "Hosts": [{"Ip": "h"}]}"#, "1:8 wrong-type",
            "1:19 wrong-type"),
    ]

    /// Those of `shapes` and `values` that no regular expression for one field finds.
    static let beyondPatterns: Set<String> = [
        "tcp without port", "tcp with port 0", "udp without port", "host without port", "http host without port",
        "Ip is no address", "Ip with port", "NUL in Attributes",
    ]

    @Test(arguments: shapes + values)
    func isReported(_ test: MistakeCase) {
        let reading = Reading(test.json)
        #expect(reading.summary == test.expected)
        if let message = test.message { #expect(reading.diagnostics.first?.message == message) }
    }

    /// Things that look odd and are right.
    static let accepted: [MistakeCase] = [
        .init("http without port", #"{"Id": "a", "ApplicationProtocol": "http", "Domains": ["b"]}"#),
        .init("another protocol", #"{"Id": "a", "ApplicationProtocol": "https", "Port": 1}"#),
        .init("empty list", "[]"),
        .init("no hosts", #"{"Id": "a", "Port": 1, "Hosts": []}"#),
        .init("nulls", #"{"Id": "a", "Port": 1, "ServicePort": null, "Hosts": null, "Config": null}"#),
        .init("DEL in Config", "{\"Id\": \"a\", \"Port\": 1, \"Config\": \"\u{7F}\"}"),
        .init("line break in Attributes", #"{"Id": "a", "Port": 1, "Attributes": {"x": "a\nb"}}"#),
    ]

    @Test(arguments: accepted)
    func isAccepted(_ test: MistakeCase) {
        #expect(Reading(test.json).summary == [])
    }

    @Test func mistakesOfAllFilesAreReported() {
        let reading = Reading(
            #"{"Id": "a", "Port": "1"}"#, "{", #"[{"Id": "b", "Port": 1}, {"Id": "c", "Port": 1, "Hosst": []}]"#)
        #expect(
            reading.summary == [
                "1:21 wrong-type", "2.json:1:2 json-unexpected-end <- 2.json:1:1",
                "3.json:1:46 port-conflict <- 3.json:1:22", "3.json:1:49 unknown-key",
            ])
    }

    @Test func onlyAThousandAreKept() {
        let service = #"{"Id": "", "Port": 1, "ApplicationProtocol": "http"}"#
        let reading = Reading("[" + Array(repeating: service, count: 1_203).joined(separator: ",\n") + "]")
        // All of them want one port too, which is a warning.
        let errors = reading.diagnostics.filter { $0.severity == .error }
        #expect(errors.count == 1_001)
        #expect(errors.prefix(2).map(describe) == ["1:9 missing-id", "2:8 missing-id"])
        #expect(errors.last?.message == "and 203 more mistakes")
        #expect(errors.last?.code == .tooManyMistakes)
    }
}
