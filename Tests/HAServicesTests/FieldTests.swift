import HAServices
import HATemplate
import Testing

/// One service and one of its fields.
struct FieldCase: CustomTestStringConvertible, Sendable {
    let name: String
    let json: String
    let field: String
    let expected: String

    var testDescription: String { name }

    init(_ name: String, _ json: String, _ field: String, _ expected: String) {
        self.name = name
        self.json = json
        self.field = field
        self.expected = expected
    }
}

@Suite struct FieldTests {
    static let fields: [FieldCase] = [
        .init("id", #"{"Id": "a", "Port": 1}"#, "Id", "a"),
        .init("application", #"{"Id": "a", "ApplicationProtocol": "http"}"#, "ApplicationProtocol", "http"),
        .init("transport", #"{"Id": "a", "TransportProtocol": "udp", "Port": 1}"#, "TransportProtocol", "udp"),
        .init("transport absent", #"{"Id": "a", "Port": 1}"#, "TransportProtocol", "tcp"),
        .init("transport empty", #"{"Id": "a", "Port": 1, "TransportProtocol": ""}"#, "TransportProtocol", "tcp"),
        .init("transport null", #"{"Id": "a", "Port": 1, "TransportProtocol": null}"#, "TransportProtocol", "tcp"),
        .init("source", #"{"Id": "a", "Port": 1, "Source": "Marathon"}"#, "Source", "Marathon"),
        .init("source absent", #"{"Id": "a", "Port": 1}"#, "Source", "File"),
        .init("source empty", #"{"Id": "a", "Port": 1, "Source": ""}"#, "Source", "File"),
        .init(
            "domains", #"{"Id": "a", "Port": 1, "Domains": ["b.example", "*.c.example"]}"#, "Domains",
            "[b.example, *.c.example]"),
        .init("domains absent", #"{"Id": "a", "Port": 1}"#, "Domains", "[]"),
        .init("domains null", #"{"Id": "a", "Port": 1, "Domains": null}"#, "Domains", "[]"),
        .init("domain as address", #"{"Id": "a", "Port": 1, "Domains": ["192.0.2.1"]}"#, "Domains", "[192.0.2.1]"),
        .init(
            "signs of a cookie", #"{"Id": "a", "Port": 1, "Cookie": "__Host-a.b!#$%&'*+^`|~"}"#, "Cookie",
            "__Host-a.b!#$%&'*+^`|~"),
        .init("path", #"{"Id": "a", "Port": 1, "ProxyPath": "/app"}"#, "ProxyPath", "/app"),
        .init("path absent", #"{"Id": "a", "Port": 1}"#, "ProxyPath", ""),
        .init("port", #"{"Id": "a", "Port": 65535}"#, "Port", "65535"),
        .init("port absent", #"{"Id": "a", "ServicePort": 1}"#, "Port", "0"),
        .init("service port", #"{"Id": "a", "Port": 1, "ServicePort": 2}"#, "ServicePort", "2"),
        .init("config keeps its lines", #"{"Id": "a", "Port": 1, "Config": "a\n\tb\r\n"}"#, "Config", "a\n\tb\r\n"),
        .init("escapes", #"{"Id": "a", "Port": 1, "Balance": "\u00e9\ud83d\ude00\/"}"#, "Balance", "é😀/"),
        .init("balance", #"{"Id": "a", "Port": 1, "Balance": "leastconn"}"#, "Balance", "leastconn"),
        .init("health check", #"{"Id": "a", "Port": 1, "HealthCheckPath": "/up"}"#, "HealthCheckPath", "/up"),
        .init("connect time-out", #"{"Id": "a", "Port": 1, "ConnectTimeout": 5}"#, "ConnectTimeout", "5"),
        .init("client time-out", #"{"Id": "a", "Port": 1, "ClientTimeout": 6}"#, "ClientTimeout", "6"),
        .init("server time-out", #"{"Id": "a", "Port": 1, "ServerTimeout": 2147483}"#, "ServerTimeout", "2147483"),
        .init("connections", #"{"Id": "a", "Port": 1, "MaxConn": 2147483647}"#, "MaxConn", "2147483647"),
        .init(
            "attributes", #"{"Id": "a", "Port": 1, "Attributes": {"b": [1, 2.5, null, true], "a": {"c": "d"}}}"#,
            "Attributes", "{a: {c: d}, b: [1, 2.5, null, true]}"),
        .init(
            "attributes keep case", #"{"Id": "a", "Port": 1, "Attributes": {"X": 1, "x": 2}}"#, "Attributes",
            "{X: 1, x: 2}"),
        .init("attributes absent", #"{"Id": "a", "Port": 1}"#, "Attributes", "{}"),
        .init("attributes null", #"{"Id": "a", "Port": 1, "Attributes": null}"#, "Attributes", "{}"),
        .init(
            "hosts",
            #"{"Id": "a", "Hosts": [{"Ip": "h", "Port": 2, "Id": "x", "Weight": 3, "MaxConn": 4}], "Port": 1}"#,
            "Hosts", "[{h 2 x 3 4}]"),
        .init("hosts absent", #"{"Id": "a", "Port": 1}"#, "Hosts", "[]"),
        .init("hosts empty", #"{"Id": "a", "Port": 1, "Hosts": []}"#, "Hosts", "[]"),
        .init("host's port absent", #"{"Id": "a", "Hosts": [{"Ip": "h"}], "Port": 7}"#, "Hosts", "[{h 7  0 0}]"),
        .init("host's port 0", #"{"Id": "a", "Port": 7, "Hosts": [{"Ip": "h", "Port": 0}]}"#, "Hosts", "[{h 7  0 0}]"),
        .init(
            "host's port null",
            #"{"Id": "a", "Port": 7, "Hosts": [{"Port": null, "Ip": "h"}, {"Ip": "i", "Port": 8}]}"#,
            "Hosts", "[{h 7  0 0}, {i 8  0 0}]"),
        .init(
            "weight 256", #"{"Id": "a", "Port": 7, "Hosts": [{"Ip": "h", "Weight": 256}]}"#, "Hosts", "[{h 7  256 0}]"),
        // Keys
        .init("lower case", #"{"id": "a", "port": 5}"#, "Port", "5"),
        .init("upper case", #"{"ID": "a", "PORT": 5, "SERVICEPORT": 6}"#, "ServicePort", "6"),
        .init("camel case", #"{"id": "a", "port": 5, "proxyPath": "/x"}"#, "ProxyPath", "/x"),
        .init("long s and Kelvin sign", #"{"Id": "a", "Port": 5, "Coo\#u{212A}ie": "x"}"#, "Cookie", "x"),
        .init("long s", #"{"Id": "a", "Port": 5, "Ho\#u{17F}tS": [{"iP": "h", "port": 1}]}"#, "Hosts", "[{h 1  0 0}]"),
        .init("escaped key", #"{"Id": "a", "\u0050ort": 5}"#, "Port", "5"),
    ]

    @Test(arguments: fields)
    func reads(_ test: FieldCase) throws {
        let reading = Reading(test.json)
        #expect(reading.summary == [])
        let document = try #require(reading.document)
        let service = try #require(document.services.first)
        #expect(document.show(test.field, of: service) == test.expected)
    }

    @Test func everyKeyInEveryCase() throws {
        let values = [
            "Id": #""x""#, "ApplicationProtocol": #""x""#, "TransportProtocol": #""udp""#, "Domains": #"["x"]"#,
            "ProxyPath": #""/x""#, "Hosts": #"[{"Ip": "x"}]"#, "Config": #""x""#, "Source": #""x""#, "Cookie": #""x""#,
            "Balance": #""x""#, "HealthCheckPath": #""/x""#, "Attributes": #"{"x": 1}"#,
        ]
        for change in [{ $0 }, { $0.lowercased() }, { $0.uppercased() }] as [(String) -> String] {
            let pairs = ServiceModel.service.fieldNames.map { #""\#(change($0))": \#(values[$0] ?? "9")"# }
            let reading = Reading("{" + pairs.joined(separator: ", ") + "}")
            #expect(reading.summary == [])
            let document = try #require(reading.document)
            let shown = document.elements(of: try #require(document.services.first)).map(document.show)
            #expect(
                shown == [
                    "x", "x", "udp", "[x]", "/x", "9", "9", "[{x 9  0 0}]", "x", "x", "x", "x", "/x", "9", "9", "9",
                    "9",
                    "{x: 1}",
                ])
        }
    }

    @Test func proxymsFieldsComeFirst() {
        #expect(
            ServiceModel.service.fieldNames.prefix(10) == [
                "Id", "ApplicationProtocol", "TransportProtocol", "Domains", "ProxyPath", "Port", "ServicePort",
                "Hosts",
                "Config", "Source",
            ])
        #expect(ServiceModel.service.name == "types.Service")
        #expect(ServiceModel.host.fieldNames.prefix(2) == ["Ip", "Port"])
    }

    @Test func otherSource() throws {
        var reader = ServiceReader(defaultSource: "Payload")
        reader.addFile(name: "a", bytes: Array(#"{"Id": "a", "Port": 1}"#.utf8))
        let document = try reader.finish()
        #expect(document.show("Source", of: try #require(document.services.first)) == "Payload")
    }

    // MARK: Methods

    static let methods: [FieldCase] = [
        .init("listen port", #"{"Id": "a", "Port": 1, "ServicePort": 2}"#, "ListenPort", "2"),
        .init("listen port of Port", #"{"Id": "a", "Port": 1}"#, "ListenPort", "1"),
        .init("name", #"{"Id": "a-b_c.d:e9Z", "Port": 1}"#, "Name", "a-b_c.d_e9Z"),
        .init("no path", #"{"Id": "a", "Port": 1}"#, "Path", ""),
        .init("path", #"{"Id": "a", "Port": 1, "ProxyPath": "/app"}"#, "Path", "/app"),
        .init("path with slashes around", #"{"Id": "a", "Port": 1, "ProxyPath": "/app/v1/"}"#, "Path", "/app/v1"),
        .init("path of the root", #"{"Id": "a", "Port": 1, "ProxyPath": "/"}"#, "Path", "/"),
        .init("name of other characters", #"{"Id": "a b/ü😀\\", "Port": 1}"#, "Name", "a_b____"),
    ]

    @Test(arguments: methods)
    func calls(_ test: FieldCase) throws {
        let document = try #require(Reading(test.json).document)
        #expect(document.callMethod(test.field, of: try #require(document.services.first)) == test.expected)
    }

    @Test(arguments: [("1.2.3.4", "1.2.3.4:8"), ("::1", "[::1]:8"), ("web.local", "web.local:8")])
    func address(_ ip: String, _ expected: String) throws {
        let document = try #require(Reading(#"{"Id": "a", "Port": 8, "Hosts": [{"Ip": "\#(ip)"}]}"#).document)
        let host = try #require(document.services.first.flatMap { document.hosts(of: $0).first })
        #expect(document.callMethod("Address", of: host) == expected)
    }
}
