/// Services of 10 hosts each, four of five spoken to by http, that are the same on every machine.
struct SampleServices {
    let count: Int

    /// The services as one JSON list.
    var json: [UInt8] {
        var text = "[\n"
        for index in 0..<count {
            if index > 0 { text += ",\n" }
            text += service(index)
        }
        text += "\n]\n"
        return Array(text.utf8)
    }

    private func service(_ index: Int) -> String {
        let isHTTP = index % 5 != 4
        let hosts = (0..<10).map { host in
            let address = "10.\(index / 250 % 250).\(index % 250).\(host + 1)"
            return #"{"Ip": "\#(address)", "Port": \#(31_000 + host)}"#
        }
        let domains = isHTTP ? #""app\#(index).example.org", "www.app\#(index).example.org""# : ""
        return """
            {"Id": "app-\(index)", "ApplicationProtocol": "\(isHTTP ? "http" : "tcp")", "TransportProtocol": "tcp",
             "Domains": [\(domains)], "ProxyPath": "", "Port": 8080, "ServicePort": \(isHTTP ? 0 : 10_000 + index / 5),
             "Hosts": [\(hosts.joined(separator: ", "))],
             "Config": "\(isHTTP ? "option forwardfor" : "")", "Source": "File"}
            """
    }
}
