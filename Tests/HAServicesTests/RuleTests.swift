import HAServices
import HATemplate
import Testing

@Suite struct RuleTests {
    static let conflicts: [MistakeCase] = [
        .init(
            "one Id twice", #"[{"Id": "a", "Port": 1}, {"Id": "a", "Port": 2}]"#, "1:33 duplicate-id <- 1:9",
            says: #"two services have the Id "a""#),
        .init(
            "one Id thrice", #"[{"Id":"a","Port":1},{"Id":"a","Port":2},{"Id":"a","Port":3}]"#,
            "1:28 duplicate-id <- 1:8", "1:48 duplicate-id <- 1:8"),
        .init(
            "Ids with escapes", #"[{"Id": "a", "Port": 1}, {"Id": "\u0061", "Port": 2}]"#, "1:33 duplicate-id <- 1:9"),
        .init(
            "Ids of one name, by a colon", #"[{"Id":"a:b","Port":1},{"Id":"a_b","Port":2}]"#,
            "1:30 duplicate-id <- 1:8"),
        .init(
            "Ids of one name", #"[{"Id": "a b", "Port": 1}, {"Id": "a/b", "Port": 2}]"#, "1:35 duplicate-id <- 1:9",
            says: #"the Ids "a/b" and "a b" give the proxy the same name "a_b""#),
        .init(
            "host Ids", #"{"Id":"a","Port":1,"Hosts":[{"Ip":"h","Id":"x"},{"Ip":"i","Id":"y"},{"Ip":"j","Id":"x"}]}"#,
            "1:84 duplicate-id <- 1:44", says: #"two hosts of this service have the Id "x""#),
        .init(
            "one port", "[{\"Id\": \"a\", \"Port\": 1},\n{\"Id\": \"b\", \"Port\": 1}]", "2:21 port-conflict <- 1:22",
            says: #"tcp port 1 is taken by the service "a" already"#),
        .init(
            "one port, by ServicePort", #"[{"Id":"a","Port":1,"ServicePort":5},{"Id":"b","Port":5}]"#,
            "1:55 port-conflict <- 1:35"),
        .init(
            "one udp port",
            #"[{"Id":"a","Port":1,"TransportProtocol":"udp"},{"Id":"b","Port":1,"TransportProtocol":"udp"}]"#,
            "1:65 port-conflict <- 1:19", says: #"udp port 1 is taken by the service "a" already"#),
        .init(
            "one domain",
            #"[{"Id":"a","ApplicationProtocol":"http","Domains":["x.example"]},"# + "\n"
                + #"{"Id":"b","ApplicationProtocol":"http","Domains":["y","X.Example"],"ProxyPath":"/"}]"#,
            "2:55 route-conflict <- 1:52",
            says: #""X.Example" with the path "/" is claimed by the service "a" already"#),
        .init(
            "one domain and path",
            #"[{"Id":"a","ApplicationProtocol":"http","Domains":["x"],"ProxyPath":"/p"},"# + "\n"
                + #"{"Id":"b","ApplicationProtocol":"http","Domains":["x"],"ProxyPath":"/p"}]"#,
            "2:51 route-conflict <- 1:52"),
        .init(
            "paths with a slash more",
            #"[{"Id":"a","ApplicationProtocol":"http","Domains":["x"],"ProxyPath":"/p"},"# + "\n"
                + #"{"Id":"b","ApplicationProtocol":"http","Domains":["x"],"ProxyPath":"/p/"}]"#,
            "2:51 route-conflict <- 1:52",
            says: #""x" with the path "/p/" is claimed by the service "a" already"#),
        .init(
            "one path without domains",
            #"[{"Id":"a","ApplicationProtocol":"http","ProxyPath":"/p"},"# + "\n"
                + #"{"Id":"b","ApplicationProtocol":"http","ProxyPath":"/p"}]"#,
            "2:52 route-conflict <- 1:53", says: #"the path "/p" of every domain is claimed by the service "a" already"#
        ),
        .init(
            "a domain twice in one service", #"{"Id":"a","ApplicationProtocol":"http","Domains":["x.a","y","X.A"]}"#,
            "1:61 route-conflict <- 1:51", says: #"Domains has "X.A" twice; case is ignored"#),
        .init(
            "a domain thrice in one service, and in another",
            #"[{"Id":"a","ApplicationProtocol":"http","Domains":["x","x","x"]},"# + "\n"
                + #"{"Id":"b","ApplicationProtocol":"http","Domains":["x"]}]"#,
            "1:56 route-conflict <- 1:52", "1:60 route-conflict <- 1:52", "2:51 route-conflict <- 1:52"),
        .init(
            "an IPv6 address twice", #"{"Id":"a","ApplicationProtocol":"http","Domains":["[::a]","[::A]"]}"#,
            "1:59 route-conflict <- 1:51"),
        .init(
            "hosts of one address", #"{"Id":"a","Port":1,"Hosts":[{"Ip":"h"},{"Ip":"i"},{"Ip":"H","Port":1,"Id":""}]}"#,
            "1:51 duplicate-id <- 1:29", says: #"two hosts of this service are "H:1"; give them Ids or leave one out"#),
        .init(
            "wildcards",
            #"[{"Id":"a","ApplicationProtocol":"http","Domains":["*.x"]},"# + "\n"
                + #"{"Id":"b","ApplicationProtocol":"http","Domains":["*.X"]}]"#,
            "2:51 route-conflict <- 1:52"),
    ]

    @Test(arguments: conflicts)
    func isReported(_ test: MistakeCase) {
        let reading = Reading(test.json)
        #expect(reading.summary == test.expected)
        if let message = test.message { #expect(reading.diagnostics.first?.message == message) }
    }

    static let allowed: [MistakeCase] = [
        .init("tcp and udp share a port", #"[{"Id":"a","Port":1},{"Id":"b","Port":1,"TransportProtocol":"udp"}]"#),
        .init(
            "http services share a port",
            #"[{"Id":"a","Port":1,"ApplicationProtocol":"http"},{"Id":"b","Port":1,"ApplicationProtocol":"http"}]"#),
        .init("http and tcp share a port", #"[{"Id":"a","Port":1,"ApplicationProtocol":"http"},{"Id":"b","Port":1}]"#),
        .init(
            "one Port, two ServicePorts", #"[{"Id":"a","Port":1,"ServicePort":2},{"Id":"b","Port":1,"ServicePort":3}]"#),
        .init("Ids in other case", #"[{"Id":"a","Port":1},{"Id":"A","Port":2}]"#),
        .init(
            "hosts of two services",
            #"[{"Id":"a","Port":1,"Hosts":[{"Ip":"h","Id":"x"}]},"#
                + #"{"Id":"b","Port":2,"Hosts":[{"Ip":"h","Id":"x"}]}]"#),
        .init("hosts without Id", #"{"Id":"a","Port":1,"Hosts":[{"Ip":"h"},{"Ip":"i","Id":""}]}"#),
        .init(
            "paths in other case",
            #"[{"Id":"a","ApplicationProtocol":"http","Domains":["x"],"ProxyPath":"/p"},"#
                + #"{"Id":"b","ApplicationProtocol":"http","Domains":["x"],"ProxyPath":"/P"}]"#),
        .init(
            "paths with a slash inside",
            #"[{"Id":"a","ApplicationProtocol":"http","Domains":["x"],"ProxyPath":"/pq"},"#
                + #"{"Id":"b","ApplicationProtocol":"http","Domains":["x"],"ProxyPath":"/p/q"}]"#),
        .init("domains of tcp services", #"[{"Id":"a","Port":1,"Domains":["x"]},{"Id":"b","Port":2,"Domains":["x"]}]"#),
        .init(
            "neither domain nor path",
            #"[{"Id":"a","ApplicationProtocol":"http"},{"Id":"b","ApplicationProtocol":"http"}]"#),
        .init(
            "every domain and one",
            #"[{"Id":"a","ApplicationProtocol":"http","ProxyPath":"/p"},"#
                + #"{"Id":"b","ApplicationProtocol":"http","ProxyPath":"/p","Domains":["x"]}]"#),
    ]

    @Test(arguments: allowed)
    func isAllowed(_ test: MistakeCase) {
        #expect(Reading(test.json).summary == [])
    }

    /// What is wrong already takes no part in the rules.
    static let broken: [MistakeCase] = [
        .init(
            "port that is out of range", #"[{"Id":"a","Port":1},{"Id":"b","Port":1,"ServicePort":99999}]"#,
            "1:55 port-out-of-range"),
        .init(
            "all domains are bad",
            #"[{"Id":"a","ApplicationProtocol":"http","ProxyPath":"/p","Domains":["-"]},"# + "\n"
                + #"{"Id":"b","ApplicationProtocol":"http","ProxyPath":"/p"}]"#, "1:69 bad-value"),
        .init(
            "protocol of another type", #"[{"Id":"a","Port":1},{"Id":"b","Port":1,"ApplicationProtocol":1}]"#,
            "1:63 wrong-type"),
        .init(
            "a good domain beside a bad one",
            #"[{"Id":"a","ApplicationProtocol":"http","Domains":["-","x"]},"# + "\n"
                + #"{"Id":"b","ApplicationProtocol":"http","Domains":["x"]}]"#, "1:52 bad-value",
            "2:51 route-conflict <- 1:56"),
    ]

    @Test(arguments: broken)
    func isReportedOnce(_ test: MistakeCase) {
        #expect(Reading(test.json).summary == test.expected)
    }

    @Test func rulesHoldAcrossFiles() {
        let reading = Reading(
            #"{"Id": "a", "Port": 1}"#, #"{"Id": "b", "Port": 2}"#, #"{"Id": "a", "Port": 2}"#)
        #expect(
            reading.summary == [
                "3.json:1:8 duplicate-id <- 1:8", "3.json:1:21 port-conflict <- 2.json:1:21",
            ])
    }

    @Test func manyHostsWithOneIdTwice() {
        var hosts = (0..<500).map { #"{"Ip":"h\#($0)","Id":"h\#($0)"}"# }
        hosts.append(#"{"Ip":"h","Id":"h499"}"#)
        let reading = Reading(#"{"Id":"a","Port":1,"Hosts":[\#(hosts.joined(separator: ","))]}"#)
        #expect(reading.diagnostics.map(\.code) == [.duplicateId])
    }
}
