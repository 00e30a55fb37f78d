import HATemplate
import Testing

@testable import HAServices

@Suite("Importing tables")
struct StateImportTests {
    private func read(_ text: String) -> [String] {
        do {
            return describe(try StateImport.read(name: "1.json", bytes: Array(text.utf8)).document)
        } catch {
            return error.items.map { "\(place($0.location)) \($0.code.rawValue)" }
        }
    }

    private let scan = """
        {
            "Items": [
                {
                    "containers": {"L": [
                        {"M": {"ip": {"S": "192.168.1.8"}, "id": {"S": "jk3243j54jl"}}},
                        {"M": {"ip": {"S": "192.168.1.9"}, "id": {"S": "a23nj53h3j4"}}}
                    ]},
                    "serviceName": {"S": "app1"}, "configMode": {"S": "host"}, "port": {"N": "80"},
                    "predicate": {"S": "first.example.com"}, "cookie": {"S": "JSESSIONID"},
                    "createdAt": {"S": "2016-05-01T10:00:00.000Z"}, "updatedAt": {"S": "2016-05-08T02:18:18.000Z"}
                },
                {"serviceName": {"S": "reports"}, "configMode": {"S": "path"}, "port": {"S": "8080"},
                 "predicate": {"S": "reports"}, "cookie": {"NULL": true}, "containers": {"L": []}}
            ],
            "Count": 2, "ScannedCount": 2, "ConsumedCapacity": null
        }
        """

    @Test("the scan of a Cosmos table")
    func dynamo() {
        #expect(
            read(scan) == [
                "app1 host first.example.com:80 JSESSIONID [jk3243j54jl@192.168.1.8 a23nj53h3j4@192.168.1.9]",
                "reports path /reports:8080 []",
            ])
    }

    @Test("the same without types, its items after other keys")
    func plain() {
        let text = """
            {"Count": 1, "Items": [{"serviceName": "a", "port": 80, "predicate": "a.example",
             "containers": [{"id": "c1", "ip": "10.0.0.1"}]}]}
            """
        #expect(read(text) == ["a host a.example:80 [c1@10.0.0.1]"])
    }

    @Test(
        "bare items, with types and without, alone and in a list",
        arguments: [
            #"[{"serviceName": {"S": "a"}, "port": {"N": "80"}, "predicate": {"S": "a.example"}, "containers": "#
                + #"{"L": [{"M": {"id": {"S": "c1"}, "ip": {"S": "10.0.0.1"}}}]}}]"#,
            #"[{"port": 80, "cookie": null, "serviceName": "a", "predicate": "a.example", "#
                + #""containers": [{"id": "c1", "ip": "10.0.0.1"}]}]"#,
            #"{"serviceName": "a", "port": "80", "predicate": "a.example", "containers": [{"id": "c1", "ip": "10.0.0.1"}]}"#,
            #"{"Item": {"serviceName": {"S": "a"}, "port": {"N": "80"}, "predicate": {"S": "a.example"}, "containers": "#
                + #"{"L": [{"M": {"id": {"S": "c1"}, "ip": {"S": "10.0.0.1"}}}]}}}"#,
            #"[{"Item": {"serviceName": {"S": "a"}, "port": {"N": "80"}, "predicate": {"S": "a.example"}, "containers": "#
                + #"{"L": [{"M": {"id": {"S": "c1"}, "ip": {"S": "10.0.0.1"}}}]}}}]"#,
            #"[{"M": {"serviceName": {"S": "a"}, "port": {"N": "80"}, "predicate": {"S": "a.example"}, "containers": "#
                + #"{"L": [{"M": {"id": {"S": "c1"}, "ip": {"S": "10.0.0.1"}}}]}}}]"#,
        ])
    func bareItems(_ text: String) {
        #expect(read(text) == ["a host a.example:80 [c1@10.0.0.1]"])
    }

    @Test("what is wrong with a bare list is reported at its place")
    func wrongBareItems() {
        #expect(
            read(#"[{"serviceName": "a", "port": 0, "predicate": "a.example"}, 7, {"serviceName": "b"}]"#)
                == ["1:31 port-out-of-range", "1:61 wrong-type", "1:64 payload-incomplete", "1:64 payload-incomplete"])
        #expect(read("[]") == [])
        #expect(
            read(#"[{"Id": "a", "Port": 1}, {"serviceName": "b"}]"#) == [
                "1:26 missing-id", "1:26 bad-value", "1:27 unknown-key",
            ])
    }

    @Test("the first versions of Cosmos kept the port in the addresses")
    func addressesWithPorts() {
        let text = """
            {"Items": [{"serviceName": {"S": "a"}, "predicate": {"S": "a.example"}, "containers": {"L": [
             {"M": {"id": {"S": "c1"}, "ip": {"S": "10.0.0.1:8080"}}}, {"M": {"id": {"S": "c2"}, "ip": {"S": "10.0.0.2:8080"}}}]}}]}
            """
        #expect(read(text) == ["a host a.example:8080 [c1@10.0.0.1 c2@10.0.0.2]"])
    }

    @Test(
        "mistakes with their places",
        arguments: [
            (#"{"Items": [1]}"#, ["1:12 wrong-type"]),
            (
                #"{"Items": [{"M": {}}]}"#,
                ["1:18 payload-incomplete", "1:18 payload-incomplete", "1:18 payload-incomplete"]
            ),
            (
                #"{"Items": [{"serviceName": {"S": "a"}, "port": {"N": "x"}, "predicate": {"S": "a b"}, "color": {"S": "red"}}]}"#,
                ["1:54 bad-value", "1:79 bad-value", "1:87 unknown-key"]
            ),
            (
                #"{"Items": [{"serviceName": "a", "port": 80, "predicate": "a", "containers": [{"id": "c 1", "ip": "1.2.3"}, {"id": "x"}]}]}"#,
                ["1:85 bad-value", "1:98 bad-address", "1:108 payload-incomplete"]
            ),
            (
                #"{"Items": [{"serviceName": "a", "port": 80, "predicate": "a"}, {"serviceName": "a", "port": 80, "predicate": "b"}]}"#,
                ["1:80 duplicate-id"]
            ),
            (#"[{"Id": "a"}]"#, ["1:2 bad-value"]), (#"{"Items": [}"#, ["1:12 json-syntax"]),
            ("", ["1:1 json-unexpected-end"]),
        ])
    func mistakes(_ text: String, _ expected: [String]) {
        #expect(read(text) == expected)
    }

    @Test("lists of services, single services and state files, whatever their digest")
    func others() {
        let service = #"{"Id": "a", "ApplicationProtocol": "http", "Port": 80, "Domains": ["a.example"]}"#
        let expected = ["a host a.example:80 []"]
        #expect(read("[\(service)]") == expected)
        #expect(read(service) == expected)
        #expect(read(#"{"format": 1, "digest": "x", "services": [\#(service)]}"#) == expected)
        #expect(read(#"{"services": []}"#) == [])
    }
}

@Suite("Changes in words")
struct ServiceChangeTests {
    private func changes(_ before: String, _ after: String) -> [String] {
        do {
            let documents = try [before, after].map { text in
                try StateImport.read(name: "1.json", bytes: Array("[\(text)]".utf8)).document
            }
            return ServiceChanges(from: documents[0], to: documents[1]).lines
        } catch {
            return ["\(error)"]
        }
    }

    private static func service(_ id: String = "a", _ fields: String = "", hosts: String...) -> String {
        let list = hosts.map { host in
            let parts = host.split(separator: "@")
            return #"{"Id": "\#(parts[0])", "Ip": "\#(parts[1])"}"#
        }
        return
            #"{"Id": "\#(id)", "Port": \#(id.utf8.first ?? 1), \#(fields)"Hosts": [\#(list.joined(separator: ", "))]}"#
    }

    static let cases: [(String, String, [String])] = [
        (service(), service(), []),
        ("", service(hosts: "x@10.0.0.1"), ["a: new, 1 host"]),
        (service(hosts: "x@10.0.0.1", "y@10.0.0.2"), "", ["a: gone, with 2 hosts"]),
        (
            service(hosts: "x@10.0.0.1"), service(hosts: "y@10.0.0.2", "z@10.0.0.3"),
            ["a: +2 hosts, −1"]
        ),
        (
            service("a", #""Cookie": "C", "#, hosts: "x@10.0.0.1"),
            service("a", "", hosts: "y@10.0.0.2", "z@10.0.0.3"), ["a: +2 hosts, −1; cookie changed"]
        ),
        (service(hosts: "x@10.0.0.1"), service(), ["a: −1 host"]),
        (service(hosts: "x@10.0.0.1"), service(hosts: "x@10.0.0.2"), ["a: 1 host changed"]),
        (
            service(hosts: "x@10.0.0.1", "y@10.0.0.2"), service(hosts: "y@10.0.0.2", "x@10.0.0.1"),
            ["a: hosts in another order"]
        ),
        (
            service(), service("a", #""Cookie": "C", "Balance": "b", "Attributes": {"k": 1}, "#),
            ["a: cookie, balance and attributes changed"]
        ),
        (
            #"{"Id": "a", "Port": 1, "Hosts": [{"Ip": "10.0.0.1"}]}"#,
            #"{"Id": "a", "Port": 2, "Hosts": [{"Ip": "10.0.0.1"}]}"#,
            ["a: +1 host, −1; port changed"]
        ),
        (
            #"{"Id": "a", "Port": 1, "Hosts": [{"Id": "x", "Ip": "10.0.0.1"}]}"#,
            #"{"Id": "a", "Port": 2, "Hosts": [{"Id": "x", "Ip": "10.0.0.1"}]}"#, ["a: port changed"]
        ),
        (
            "\(service("a")), \(service("b"))", "\(service("b")), \(service("a"))",
            ["the services stand in another order"]
        ),
        (
            "\(service("a")), \(service("b"))", "\(service("c")), \(service("b", #""MaxConn": 5, "#))",
            ["c: new, 0 hosts", "b: maxconn changed", "a: gone, with 0 hosts"]
        ),
    ]

    @Test(arguments: cases)
    func words(_ before: String, _ after: String, _ lines: [String]) {
        #expect(changes(before, after) == lines)
    }

    @Test(
        "times",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_795_249_672, "2026-11-21T08:27:52Z"),
            (-1, "1969-12-31T23:59:59Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_800, "10000-01-01T00:00:00Z"),
        ])
    func times(_ seconds: Int, _ text: String) {
        #expect(UTCTime(seconds: seconds).description == text)
    }

    @Test("every day of a century and a half, counted one by one")
    func days() {
        var (year, month, day) = (1970, 1, 1)
        for count in 0..<55_000 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let text = UTCTime(seconds: count * 86_400).description
            let date = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
            guard text == date + "T00:00:00Z" else {
                Issue.record("day \(count) is \(text), not \(date)")
                return
            }
            day += 1
            let last = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
            if day > last { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }
}
