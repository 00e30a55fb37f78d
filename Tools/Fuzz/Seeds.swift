import Foundation
import HATemplate

/// What fuzzing begins with: the files of this repository that are what a target reads.
enum Seeds {
    /// The folder of the repository.
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The inputs of a target.
    static func inputs(for target: FuzzTarget) throws -> [Data] {
        let templates = try files(in: "templates", ending: "tmpl") + files(in: "examples", ending: "tmpl")
        let json = try files(in: "examples", ending: "json")
        switch target {
        case .templates:
            return try templates + cases().map(\.template) + Template.functions.map { Data($0.example.utf8) }
        case .renders:
            let examples = Template.functions.map { Data($0.example.utf8) + Data([0]) + Data("{}".utf8) }
            let pairs = templates.flatMap { template in json.prefix(3).map { template + Data([0]) + $0 } }
            return try pairs + cases().map { $0.template + Data([0]) + $0.data } + examples
        case .json: return try json + documents()
        case .services: return json + [json.reduce(Data()) { $0 + $1 + Data([0]) }] + services
        case .states: return try json + files(in: "state", ending: "json") + [joined(json)] + services + scans
        case .http: return requests
        }
    }

    /// Writes a folder of inputs for each target, and `dictionary`.
    static func write(to folder: String) throws {
        let folder = URL(fileURLWithPath: folder)
        for target in FuzzTarget.allCases {
            let place = folder.appendingPathComponent(target.rawValue)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for (index, input) in try few(inputs(for: target)).enumerated() where input.count < 1 << 15 {
                try input.write(to: place.appendingPathComponent("seed-\(index)"))
            }
        }
        try dictionary.write(to: folder.appendingPathComponent("dictionary"), atomically: true, encoding: .utf8)
    }

    /// Of thousands of inputs, those of the conformance tests, some: libFuzzer tries all before it changes one.
    static func few(_ inputs: [Data]) -> [Data] {
        let step = inputs.count / 1_000 + 1
        return stride(from: 0, to: inputs.count, by: step).map { inputs[$0] }
    }

    // MARK: Files

    private static func files(in folder: String, ending: String) throws -> [Data] {
        let folder = root.appendingPathComponent(folder)
        let names = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let found = (names?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == ending }
        return try found.sorted { $0.path < $1.path }.map { try Data(contentsOf: $0) }
    }

    /// Templates with their data, of which real Go, Hugo or a person gave the answer.
    private static func cases() throws -> [(template: Data, data: Data)] {
        try files(in: "Tests/Conformance", ending: "json").flatMap { file -> [(template: Data, data: Data)] in
            let family = try JSONSerialization.jsonObject(with: file) as? [String: Any]
            return try (family?["cases"] as? [[String: Any]] ?? []).compactMap { entry in
                guard let template = entry["template"] as? String else { return nil }
                let data = try JSONSerialization.data(
                    withJSONObject: entry["data"] ?? NSNull(), options: .fragmentsAllowed)
                return (Data(template.utf8), data)
            }
        }
    }

    /// The documents of the table of JSON, as they are noted there: the notation of bytes makes them no worse.
    private static func documents() throws -> [Data] {
        let table = root.appendingPathComponent("Tests/HATemplateTests/Data/json-documents.txt")
        return try String(contentsOf: table, encoding: .utf8).split(separator: "\n").compactMap { line in
            let columns = line.split(separator: " | ")
            return columns.count == 3 ? Data(columns[1].utf8) : nil
        }
    }

    private static func joined(_ inputs: [Data]) -> Data { Data(inputs.joined(separator: [0])) }

    private static let services = [
        #"""
        {"Id": "a", "ApplicationProtocol": "https", "TransportProtocol": "tcp", "Domains": ["a.example", "b.example"],
         "ProxyPath": "/x", "Port": 8080, "ServicePort": 80, "Config": "# none", "Source": "File", "Cookie": "SID",
         "Balance": "leastconn", "HealthCheckPath": "/health", "ConnectTimeout": 1000, "ClientTimeout": 30000,
         "ServerTimeout": 30000, "MaxConn": 100, "Attributes": {"owner": "x", "tags": [1, 2.5, null, true]},
         "Hosts": [{"Ip": "192.0.2.1", "Port": 8080, "Id": "c1", "Weight": 10, "MaxConn": 5}, {"Ip": "2001:db8::1"}]}
        """#
    ].map { Data($0.utf8) }

    private static let scans = [
        #"""
        {"Items": [{"serviceName": {"S": "app1"}, "port": {"N": "80"}, "predicate": {"S": "a.example"},
         "mode": {"S": "host"}, "cookie": {"S": "SID"}, "createdAt": {"S": "x"},
         "containers": {"L": [{"M": {"id": {"S": "c1"}, "ip": {"S": "10.0.0.1:8080"}}}]}}], "Count": 1}
        """#,
        #"{"Items": [{"serviceName": "b", "port": 80, "predicate": "p", "containers": [{"id": "c", "ip": "::1"}]}]}"#,
    ].map { Data($0.utf8) }

    private static let requests = [
        "GET /a%20b?c=d&e HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nA: b\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: close\r\n\r\n",
    ].map { Data($0.utf8) }

    // MARK: Words

    /// The words of the languages, in the notation of libFuzzer.
    private static var dictionary: String {
        let functions = Template.functions.flatMap { [$0.name] + $0.aliases }
        return
            (Set(words + functions).sorted().map { word in
                let escaped = word.utf8.map { byte in
                    let isPlain = (0x20..<0x7F).contains(byte) && byte != 0x22 && byte != 0x5C
                    return isPlain
                        ? String(Unicode.Scalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                }
                return "\"\(escaped.joined())\""
            } + [""]).joined(separator: "\n")
    }

    private static let words: [String] = [
        // Templates
        "{{", "}}", "{{- ", " -}}", "{{/*", "*/}}", "{{if .}}", "{{else}}", "{{else if .}}", "{{end}}", "{{range .}}",
        "{{range $i, $v := .}}", "{{with .}}", "{{define \"t\"}}", "{{template \"t\" .}}", "{{block \"t\" .}}",
        "{{break}}", "{{continue}}", "{{return .}}", "{{partial \"t\" .}}", "$x", ":=", "=", "|", "(", ")", ".Hosts",
        ".Id", ".Port", ".Ip", "nil", "true", "`", "'a'", "0x1F", "1e3", "1_000", "%v", "%#q", "%[1]d", "%*d",
        "%+08.3f",
        "haproxy-gen:ignore",
        // JSON
        "{\"", "\":", "[]", "{}", "null", "\\ud83d\\ude00", "\\u0000", "\\ud800", "1E400", "-0", "9223372036854775807",
        "\u{FEFF}", "\u{0}",
        // Services, payloads and state files
        "\"Id\"", "\"Port\"", "\"Hosts\"", "\"Ip\"", "\"Domains\"", "\"ProxyPath\"", "\"Attributes\"", "\"Config\"",
        "\"Weight\"", "\"MaxConn\"", "\"table\"", "\"running\"", "\"candidates\"", "\"serviceName\"", "\"containers\"",
        "\"predicate\"", "\"mode\"", "\"host\"", "\"path\"", "\"Items\"", "\"services\"", "\"format\"", "\"revision\"",
        "\"digest\"", "sha256:", "192.0.2.1", "2001:db8::1", "example.com",
        // HTTP
        "\r\n", "GET / HTTP/1.1\r\n", "Host: x\r\n", "Content-Length: ",
        "Transfer-Encoding: chunked\r\n\r\n", "0\r\n\r\n",
        "Expect: 100-continue\r\n",
        // HAProxy and nginx
        "frontend f\n", "backend b\n", "  bind :80\n", "  server s 192.0.2.1:80 check\n", "  acl a path_beg -i /\n",
        "  use_backend b if a\n", "  http-request set-header X ", "  log-format ", "%[src]", "%[", "listen l\n",
        "global\n", "defaults\n", "server {\n", "location ~ ", "proxy_pass http://", "return 200 ", "upstream u {\n",
        ";",
        "#", "\\", "\"", "'",
    ]
}
