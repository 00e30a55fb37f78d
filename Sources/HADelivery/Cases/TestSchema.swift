import HATemplate

/// The keys of test files, one row each. The reader, `docs/test.schema.json` and the tables of `docs/test.md` are made of
/// them, as `ProjectSchema` says.
package enum TestSchema {
    package static let testCase = CaseKeys.all.map(\.row)
    package static let request = RequestKeys.all.map(\.row)
    package static let expect = ExpectKeys.all.map(\.row)
}

/// The keys of a case.
enum CaseKeys {
    static let name = ProjectKey("name", .text, isRequired: true, "What the case is called in messages.")
    static let target = ProjectKey(
        "target", .text, "The target of the project that is asked. Without it, the only one.")
    static let request = ProjectKey(
        "request", .request, "The request that is sent. Without it, the case is about the text of the output.")
    static let expect = ProjectKey("expect", .expect, "What must hold; `--update` writes what holds now.")
    static let services = ProjectKey("services", .serviceList, "Services in place of those of the target.")

    static let all: [any DeclaredProjectKey] = [name, target, request, expect, services]
}

/// The keys of a request.
enum RequestKeys {
    static let url = ProjectKey(
        "url", .text, isRequired: true, "`http://…`, `https://…`, `tcp://HOST:PORT` or `udp://HOST:PORT`.")
    static let method = ProjectKey("method", .text, default: "GET", "The method.")
    static let headers = ProjectKey("headers", .textMap, "Headers by their names.")
    static let from = ProjectKey(
        "from", .text, default: RouteRequest.usualClient, "The client's address.")

    static let all: [any DeclaredProjectKey] = [url, method, headers, from]
}

/// The keys of what is expected.
enum ExpectKeys {
    static let service = ProjectKey("service", .text, "The Id of the service that answers.")
    static let backend = ProjectKey("backend", .text, "The backend or upstream that answers.")
    static let status = ProjectKey("status", .integer(100...999), "The status of the answer.")
    static let location = ProjectKey("location", .text, "Where a redirect leads.")
    static let header = ProjectKey(
        "header", .textMap, "Headers of the answer by their names; `null`: there is none of that name.")
    static let not = ProjectKey("not", .expect, "What must not hold: none of it.")
    static let contains = ProjectKey("contains", .texts, "Text that stands in the output.")
    static let equals = ProjectKey(
        "equals", .pathBelow, "The file that the output is equal to, below the test file's folder.")
    static let fails = ProjectKey("fails", .text, "The code of a mistake that the target has.")

    static let all: [any DeclaredProjectKey] = [
        service, backend, status, location, header, not, contains, equals, fails,
    ]
}
