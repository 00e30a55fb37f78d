/// The same services as Cosmos knows them: a scan of the table that holds them, and payloads that change one.
struct SampleState {
    let count: Int
    let hosts = 10

    /// What `haproxy-gen state import` reads.
    var scan: [UInt8] {
        let items = (0..<count).map { service in
            let containers = (0..<hosts).map { host in
                let address = SampleServices.address(service, host)
                return #"{"M": {"id": {"S": "\#(identifier(service, host))"}, "ip": {"S": "\#(address)"}}}"#
            }
            return """
                {"serviceName": {"S": "service-\(service)"}, "port": {"N": "8080"}, "configMode": {"S": "host"},
                 "predicate": {"S": "service-\(service).example.com"}, "cookie": {"S": "JSESSIONID"},
                 "containers": {"L": [\(containers.joined(separator: ", "))]}}
                """
        }
        return Array("{\"Items\": [\n\(items.joined(separator: ",\n"))\n]}\n".utf8)
    }

    /// What `haproxy-gen generate` reads: all containers run, and one service gets a port of its own for each number.
    func payload(_ number: Int) -> [UInt8] {
        let running = (0..<count).flatMap { service in
            (0..<hosts).map { host in
                """
                {"serviceName": "service-\(service)", "id": "\(identifier(service, host))", \
                "ip": "\(SampleServices.address(service, host))"}
                """
            }
        }
        let changed = "service-\(count / 2)"
        return Array(
            """
            {"table": "benchmark", "running": [\(running.joined(separator: ", "))],
             "candidates": [{"serviceName": "\(changed)", "port": \(8081 + number), "configMode": "host",
                             "predicate": "\(changed).example.com", "containers": []}]}

            """.utf8)
    }

    /// Twelve hexadecimal digits, as containers have them.
    private func identifier(_ service: Int, _ host: Int) -> String {
        let number = UInt64(service * hosts + host) &* 0x9E37_79B9 & 0xFFFF_FFFF_FFFF
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }
}
