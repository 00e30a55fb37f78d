import HATemplate
import Testing

@Suite struct NearNameTests {
    static let names = [
        "Id", "Port", "ServicePort", "Hosts", "Domains", "ProxyPath", "Config", "Cookie", "HealthCheckPath",
    ]

    @Test(arguments: [
        ("Prot", "Port"), ("port", "Port"), ("Posts", "Hosts"), ("Domian", "Domains"), ("domain", "Domains"),
        ("ID", "Id"),
        ("Ix", "Id"), ("Servicport", "ServicePort"), ("ServerPort", "ServicePort"), ("Cookies", "Cookie"),
        ("Proxy", "ProxyPath"), ("check", "HealthCheckPath"), ("Confg", "Config"),
    ])
    func near(_ name: String, _ expected: String) {
        #expect(nearest(to: name, in: Self.names) == expected)
    }

    @Test(arguments: ["", "x", "xy", "Flavour", "Path", "Address", "aaaaaaaaaaaaaaaaaaaa"])
    func notNear(_ name: String) {
        #expect(nearest(to: name, in: Self.names) == nil)
    }

    @Test func ties() {
        #expect(nearest(to: "bat", in: ["cat", "hat"]) == "cat")
        #expect(nearest(to: "Listen", in: ["listem", "Listem"]) == "Listem")
        #expect(nearest(to: "äpfel", in: ["Äpfel", "Apfel"]) == "Äpfel")
        #expect(nearest(to: String(repeating: "x", count: 10_000), in: Self.names) == nil)
    }

    @Test func longNamesAreNotCompared() {
        let longest = String(repeating: "x", count: 100)
        #expect(nearest(to: longest, in: [longest + "x"]) == nil)
        #expect(nearest(to: longest + "x", in: [longest]) == nil)
        #expect(nearest(to: longest.dropLast() + "y", in: [longest]) == longest)
    }
}
