/// What proxy templates need of IP addresses. Own functions: neither Go nor Hugo has them.
extension Function {
    static let addresses: [Function] = [
        predicate("Valid", "Whether a text is an IPv4 or IPv6 address, without brackets, port or zone", "10.0.0.1") {
            _ in
            true
        },
        predicate("V4", "Whether a text is an IPv4 address", "10.0.0.1") { !$0.isV6 },
        predicate("V6", "Whether a text is an IPv6 address", "2001:db8::1") { $0.isV6 },
        Function(
            "ip.Bracket", [.init("host", .scalar)], result: .string,
            summary: "An IPv6 address in brackets, as a server line or a URL wants it; any other host unchanged",
            example: #"{{ ip.Bracket "2001:db8::1" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let host = try context.text(arguments, 0)
            guard Addresses.parse(host, context)?.isV6 == true else { return host }
            return context.memory.makeString { Addresses.append(host: host, context.memory, into: &$0) }
                .withOrigin(host.origin)
        },
        Function(
            "ip.InCIDR", [.init("address", .string), .init("network", .string)], result: .bool,
            summary:
                "Whether an address lies in a network such as 10.0.0.0/8; the network may also come first, for pipes",
            example: #"{{ ip.InCIDR "10.1.2.3" "10.0.0.0/8" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let texts = [try context.text(arguments, 0), try context.text(arguments, 1)]
            // A network has a slash and an address never does, so either order has one meaning only.
            let isSwapped = context.memory.bytes(of: texts[0]).contains(UInt8(ascii: "/"))
            let (address, network) = isSwapped ? (1, 0) : (0, 1)
            guard let parsedNetwork = IPNetwork(context.memory.bytes(of: texts[network])) else {
                throw context.unreadable(network, expected: "a network such as 10.0.0.0/8", given: texts[network])
            }
            guard let parsedAddress = Addresses.parse(texts[address], context) else {
                throw context.unreadable(address, expected: "an IP address", given: texts[address])
            }
            return .bool(parsedNetwork.contains(parsedAddress))
        },
        Function(
            "ip.Sort", [.init("addresses", .list)], result: .list,
            summary: "A list of addresses by their numbers, IPv4 before IPv6; equal ones keep their order",
            example: #"{{ ip.Sort (collections.Slice "10.0.0.10" "10.0.0.9") }}"#
        ) { (arguments, context) throws(RuntimeError) in
            guard arguments[0].kind == .list else {
                throw context.wrongArgument(0, expected: "a list of IP addresses", given: arguments[0])
            }
            var entries: [(address: IPAddress, index: Int, value: Value)] = []
            entries.reserveCapacity(arguments[0].count)
            for (index, element) in context.memory.elements(of: arguments[0]).enumerated() {
                guard let address = Addresses.parse(element, context) else {
                    throw context.wrongElement(0, expected: "a list of IP addresses", element: element)
                }
                entries.append((address, index, element))
            }
            entries.sort { ($0.address, $0.index) < ($1.address, $1.index) }
            return context.memory.makeList(
                entries.map(\.value), type: arguments[0].type, origin: arguments[0].origin)
        },
        Function(
            "hostport", [.init("host", .scalar), .init("port", [.int, .string])], result: .string,
            summary: "Host and port as one text, an IPv6 address in brackets: 10.0.0.1:80, [::1]:80",
            example: #"{{ hostport "2001:db8::1" 443 }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let host = try context.text(arguments, 0)
            guard Addresses.isHost(host, context) else {
                throw context.unreadable(0, expected: "a host name or an IP address without port", given: host)
            }
            guard arguments[1].kind == .int || arguments[1].kind == .string,
                let port = Addresses.port(arguments[1], context.memory)
            else {
                throw context.unreadable(1, expected: "a port from 0 to 65535", given: arguments[1])
            }
            return context.memory.makeString { output in
                Addresses.append(host: host, context.memory, into: &output)
                output.append(UInt8(ascii: ":"))
                output.append(decimal: port)
            }
        },
    ]

    private static func predicate(
        _ name: String, _ summary: String, _ example: String, _ body: @escaping @Sendable (IPAddress) -> Bool
    ) -> Function {
        Function(
            "ip.\(name)", [.init("text", .scalar)], result: .bool, summary: summary,
            example: "{{ ip.\(name) \"\(example)\" }}"
        ) { (arguments, context) throws(RuntimeError) in
            let text = try context.text(arguments, 0)
            return .bool(Addresses.parse(text, context).map(body) ?? false)
        }
    }
}

enum Addresses {
    static func parse(_ text: Value, _ context: CallContext) -> IPAddress? {
        IPAddress(context.memory.bytes(of: text))
    }

    /// A host, an IPv6 address in brackets.
    static func append(host: Value, _ memory: Memory, into output: inout ByteBuffer) {
        let bytes = memory.bytes(of: host)
        let isV6 = IPAddress.parseV6(bytes) != nil
        if isV6 { output.append(UInt8(ascii: "[")) }
        output.append(bytes)
        if isV6 { output.append(UInt8(ascii: "]")) }
    }

    /// Whether a port may follow: an address, in brackets or not, or a text without colons, white space and brackets.
    static func isHost(_ text: Value, _ context: CallContext) -> Bool {
        let bytes = context.memory.bytes(of: text)
        if bytes.first == UInt8(ascii: "["), bytes.count > 2, bytes.last == UInt8(ascii: "]") {
            return IPAddress.parseV6(UnsafeBufferPointer(rebasing: bytes[1..<(bytes.count - 1)])) != nil
        }
        if IPAddress(bytes) != nil { return true }
        return !bytes.contains { $0 <= UInt8(ascii: " ") || $0 == 0x7F || Array(":[]/".utf8).contains($0) }
    }

    /// A port as a number or in decimal digits.
    static func port(_ value: Value, _ memory: Memory) -> Int? {
        var number = value.asInt
        if value.kind == .string {
            let digits = memory.bytes(of: value)
            guard (1...5).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
            number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        return (0...65_535).contains(number) ? number : nil
    }
}
