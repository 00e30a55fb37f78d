import HASystem
import HATemplate

extension ProjectType<RequestMembers> {
    static var request: Self { Self(.reference("request"), read: { $0.request($1) }) }
}

extension ProjectType<[TestCase.Fact]> {
    static var expect: Self { Self(.reference("expect"), read: { $0.expect($1) }) }
}

extension ProjectType<String> {
    /// A path below the file's own folder, since `--update` writes there.
    static var pathBelow: Self { Self(.text(atLeast: 1), read: { $0.pathBelow($1) }) }
}

extension ProjectType<ServiceSource> {
    static var serviceList: Self { Self(.objects, read: { $0.serviceList($1) }) }
}

extension ProjectType<[ProjectReader.NamedText]> {
    static var textMap: Self { Self(.textMap, read: { $0.textMap($1) }) }
}

/// A request, and how its URL is written.
struct RequestMembers: Sendable {
    var request: RouteRequest
    var url: String
}

// Test files, read like the project file.
extension ProjectReader {
    /// A member of an object of texts.
    struct NamedText: Sendable {
        var name: String
        /// nil: `null`.
        var text: String?
        var key: Value
    }

    /// The cases of a file.
    ///
    /// - Parameter targets: the names of the project's targets.
    mutating func cases(targets: [String]) -> [TestCase] {
        guard document.root.kind == .list else {
            refuse(.wrongType, "a test file must be a list of cases", at: document.root)
            return []
        }
        var names: [String: Value] = [:]
        return document.elements(of: document.root).compactMap { element in
            guard let test = testCase(element, targets) else { return nil }
            if names.updateValue(element, forKey: test.name) != nil {
                refuse(.duplicateId, "two cases of this file are called '\(test.name)'", at: element)
            }
            return test
        }
    }

    private mutating func testCase(_ object: Value, _ targets: [String]) -> TestCase? {
        guard let keys = members(of: object, "a case", TestSchema.testCase) else { return nil }
        let name = required(CaseKeys.name, keys, in: object, "the case")
        let request = value(CaseKeys.request, keys)
        var test = TestCase(name: name ?? "", file: file.name, location: document.location(of: object))
        test.target = target(keys, in: object, targets)
        test.request = request?.request
        test.url = request?.url
        test.expected = value(CaseKeys.expect, keys) ?? []
        test.services = value(CaseKeys.services, keys)
        test.expectRange = keys[CaseKeys.expect].flatMap { range(of: $0.value) }
        test.end = (range(of: object)?.upperBound ?? 1) - 1
        if let member = keys[CaseKeys.expect] { refuseMixture(test, member, hasRequest: keys[CaseKeys.request] != nil) }
        return name == nil ? nil : test
    }

    private mutating func target(_ keys: Members, in object: Value, _ targets: [String]) -> String? {
        guard let member = keys[CaseKeys.target] else {
            if targets.count > 1 {
                let names = targets.joined(separator: ", ")
                refuse(.badValue, "the project has several targets, and the case names none of \(names)", at: object)
            }
            return nil
        }
        guard let name = text(member) else { return nil }
        guard targets.contains(name) else {
            let near = nearest(to: name, in: targets).map { "; did you mean '\($0)'?" } ?? ""
            refuse(.badValue, "the project has no target '\(name)'\(near)", at: member.value)
            return nil
        }
        return name
    }

    /// Only an answer has a status, and an output that cannot be made has no text.
    private mutating func refuseMixture(_ test: TestCase, _ member: Member, hasRequest: Bool) {
        let answers = test.expected.filter(\.isAboutAnswer)
        if !hasRequest, !answers.isEmpty {
            refuse(.badValue, "the case expects an answer, and has no 'request'", at: member.value)
        }
    }

    // MARK: Parts

    mutating func request(_ member: Member) -> RequestMembers? {
        guard let keys = members(of: member.value, "a request", TestSchema.request) else { return nil }
        guard let url = required(RequestKeys.url, keys, in: member.value, "the request") else { return nil }
        var request: RouteRequest
        do throws(RouteRequest.Fault) { request = try RouteRequest(url: url) } catch {
            refuse(
                .badValue, "'\(url)' is not a URL to ask about: \(error.reason)",
                at: keys[RequestKeys.url]?.value ?? member.value)
            return nil
        }
        request.method = value(RequestKeys.method, keys) ?? request.method
        if !request.method.utf8.allSatisfy(isTokenByte), let method = keys[RequestKeys.method] {
            refuse(.badValue, "'\(request.method)' is no method of a request", at: method.value)
        }
        request.from = value(RequestKeys.from, keys) ?? request.from
        if ProxyProtocol.address(request.from) == nil, let from = keys[RequestKeys.from] {
            refuse(.badAddress, "'\(request.from)' is not an IPv4 or IPv6 address", at: from.value)
        }
        for header in value(RequestKeys.headers, keys) ?? [] {
            guard let text = header.text else { continue }
            guard let parsed = RouteRequest.Header("\(header.name): \(text)") else {
                refuse(.badValue, "'\(header.name)' with this value is no header of a request", at: header.key)
                continue
            }
            request.headers.append(parsed)
        }
        return RequestMembers(request: request, url: url)
    }

    mutating func textMap(_ member: Member) -> [NamedText]? {
        guard member.value.kind == .map else {
            refuse(.wrongType, "'\(member.name)' must be an object", at: member.value)
            return nil
        }
        return zip(document.entries(of: member.value), document.keys(of: member.value)).compactMap { entry, key in
            if entry.value.isNil { return NamedText(name: entry.key, text: nil, key: key) }
            guard let text = document.text(of: entry.value) else {
                refuse(.wrongType, "'\(entry.key)' must be text", at: entry.value)
                return nil
            }
            return NamedText(name: entry.key, text: text, key: key)
        }
    }

    mutating func expect(_ member: Member) -> [TestCase.Fact]? {
        guard let keys = members(of: member.value, "'\(member.name)'", TestSchema.expect) else { return nil }
        var facts: [TestCase.Fact] = []
        if let text = value(ExpectKeys.service, keys) { facts.append(.service(text)) }
        if let text = value(ExpectKeys.backend, keys) { facts.append(.backend(text)) }
        if let number = value(ExpectKeys.status, keys) { facts.append(.status(number)) }
        if let text = value(ExpectKeys.location, keys) { facts.append(.location(text)) }
        facts += (value(ExpectKeys.header, keys) ?? []).map { .header($0.name, $0.text) }
        facts += (value(ExpectKeys.contains, keys) ?? []).map { .contains($0) }
        if let path = value(ExpectKeys.equals, keys) { facts.append(.equals(path)) }
        if let code = value(ExpectKeys.fails, keys) {
            if !DiagnosticCode.all.contains(DiagnosticCode(code)), let member = keys[ExpectKeys.fails] {
                let near = nearest(to: code, in: DiagnosticCode.all.map(\.rawValue))
                let advice = near.map { "; did you mean '\($0)'?" } ?? ""
                refuse(.badValue, "no mistake has the code '\(code)'\(advice)", at: member.value)
            }
            facts.append(.fails(code))
        }
        facts += (value(ExpectKeys.not, keys) ?? []).map { .not($0) }
        if facts.isEmpty, mistakes.isEmpty { refuse(.badValue, "'\(member.name)' says nothing", at: member.value) }
        return facts
    }

    mutating func pathBelow(_ member: Member) -> String? {
        guard let path = text(member) else { return nil }
        guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
            refuse(.badValue, "'\(member.name)' must be a file below the folder of this file", at: member.value)
            return nil
        }
        return ProjectFile.path(path, from: file.name)
    }

    /// The list as a service file of its own, whose places are those of the test file.
    mutating func serviceList(_ member: Member) -> ServiceSource? {
        guard member.value.kind == .list, let range = range(of: member.value) else {
            refuse(.wrongType, "'\(member.name)' must be a list of services", at: member.value)
            return nil
        }
        var bytes = file.bytes[..<range.upperBound].map { $0 == 0x0A || $0 == 0x0D ? $0 : 0x20 }
        bytes.replaceSubrange(range, with: file.bytes[range])
        let services = bytes
        return ServiceSource(name: file.name, trustsConfig: true) { () throws(FileError) in services }
    }

    /// The bytes of a value in the file.
    private func range(of value: Value) -> Range<Int>? {
        guard let location = document.location(of: value) else { return nil }
        let start = Int(location.range.start)
        var depth = 0
        var isText = false
        var index = start
        while index < file.bytes.count {
            let byte = file.bytes[index]
            index += 1
            if isText {
                if byte == UInt8(ascii: "\\") { index += 1 } else if byte == UInt8(ascii: "\"") { isText = false }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return start..<index }
            default: break
            }
        }
        return nil
    }
}
