import HATemplate

/// Services, four of five spoken to by http, that are the same on every machine.
struct SampleServices {
    enum Layout: String {
        /// A line for each group of keys, as people write them.
        case lines
        /// Without white space, and with every value on a line of its own, as programs write them.
        case compact, indented
    }

    let count: Int
    var hosts = 10
    var layout = Layout.lines

    /// The services as one JSON list.
    var json: [UInt8] {
        get throws {
            var text = "[\n"
            for index in 0..<count {
                if index > 0 { text += ",\n" }
                text += service(index)
            }
            text += "\n]\n"
            let lines = Array(text.utf8)
            if layout == .lines { return lines }
            let document = try Document.json(name: "services", bytes: lines)
            return document.json(of: document.root, indent: layout == .compact ? "" : "  ")
        }
    }

    private func service(_ index: Int) -> String {
        let isHTTP = index % 5 != 4
        let list = (0..<hosts).map { host in
            #"{"Ip": "\#(Self.address(index, host))", "Port": \#(31_000 + host)}"#
        }
        let domains = isHTTP ? #""app\#(index).example.org", "www.app\#(index).example.org""# : ""
        return """
            {"Id": "app-\(index)", "ApplicationProtocol": "\(isHTTP ? "http" : "tcp")", "TransportProtocol": "tcp",
             "Domains": [\(domains)], "ProxyPath": "", "Port": 8080, "ServicePort": \(isHTTP ? 0 : 10_000 + index / 5),
             "Hosts": [\(list.joined(separator: ", "))],
             "Config": "\(isHTTP ? "option forwardfor" : "")", "Source": "File"}
            """
    }

    /// An address that services seldom share, for at most 250 hosts of each.
    static func address(_ service: Int, _ host: Int) -> String {
        "10.\(service / 250 % 250).\(service % 250).\(host + 1)"
    }
}
