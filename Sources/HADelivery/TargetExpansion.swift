import HAServices
import HASystem
import HATemplate

/// Of what a target with `each` makes an output each.
package enum TargetEach: Sendable, Equatable {
    case service
    /// The services that agree in a field: `.Attributes.team`.
    case field([String])

    /// nil for other words.
    package init?(_ words: String) {
        if words == "service" {
            self = .service
            return
        }
        let names = words.dropFirst().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard words.hasPrefix("."), names.allSatisfy({ !$0.isEmpty }) else { return nil }
        self = .field(names)
    }

    /// As the project file has it.
    var words: String {
        switch self {
        case .service: "service"
        case .field(let names): names.map { "." + $0 }.joined()
        }
    }
}

/// A document that several inputs share.
package struct SharedDocument: Sendable, Equatable {
    package let document: Document

    package static func == (left: SharedDocument, right: SharedDocument) -> Bool { left.document === right.document }
}

extension ProjectTarget {
    /// What stands for a service's Id, or for what `each` asks for, in the path of an output.
    static let placeholders = ["{Id}", "{each}"]

    /// The target of one part of its services.
    fileprivate func part(_ value: String, _ document: Document) -> ProjectTarget {
        func filled(_ path: String) -> String {
            Self.placeholders.reduce(path) { $0.replacing($1, with: value) }
        }
        var target = self
        target.each = nil
        target.name = "\(name)@\(value)"
        target.output = filled(output)
        target.committedPath = committedPath.map(filled)
        target.input.document = SharedDocument(document: document)
        return target
    }
}

extension TargetRendering {
    /// The targets, with one for each part in place of those that have `each`.
    ///
    /// Services are read once for all parts. Throws where a service has no value that can be a file's name.
    package func expanded(_ targets: [ProjectTarget]) throws(RenderFailure) -> Reported<[ProjectTarget]> {
        guard targets.contains(where: { $0.each != nil }) else { return Reported(targets) }
        var report = RenderReport()
        var all: [ProjectTarget] = []
        for target in targets {
            guard let each = target.each else {
                all.append(target)
                continue
            }
            do {
                let read = try document(target.input)
                report += read.report
                let parts = try parts(of: read.value, each, target)
                for part in parts { all.append(target.part(part.value, part.document)) }
            } catch {
                try report.take(error)
            }
        }
        try report.requireNoErrors()
        return Reported(all, report)
    }

    private func parts(
        of document: Document, _ each: TargetEach, _ target: ProjectTarget
    ) throws(RenderFailure) -> [(value: String, document: Document)] {
        var order: [String] = []
        var groups: [String: [Int]] = [:]
        var mistakes: [Diagnostic] = []
        for (index, service) in document.elements(of: document.root).enumerated() {
            let value = value(each, of: service, document)
            guard let text = value?.text, Self.isName(text) else {
                let id = document.field("Id", of: service).flatMap { document.text(of: $0) } ?? ""
                let words = value.map { "'\($0.text)' as its \(each.words), which" } ?? "no \(each.words), which"
                let reason = value == nil ? "" : ": letters, digits and -_. make one"
                mistakes.append(
                    Diagnostic(
                        .badValue,
                        "the service '\(id)' has \(words) names an output of '\(target.name)'\(reason)",
                        at: value?.location ?? document.location(of: service)))
                continue
            }
            if groups[text] == nil { order.append(text) }
            groups[text, default: []].append(index)
        }
        guard mistakes.isEmpty else { throw RenderFailure(.input, RenderReport(mistakes)) }
        let parts = document.parts(order.map { groups[$0] ?? [] })
        return zip(order, parts).map { ($0, $1) }
    }

    private func value(
        _ each: TargetEach, of service: Value, _ document: Document
    ) -> (text: String, location: SourceLocation?)? {
        var value = service
        let names =
            switch each {
            case .service: ["Id"]
            case .field(let names): names
            }
        for name in names {
            guard let next = document.field(name, of: value) else { return nil }
            value = next
        }
        let text = value.kind == .int ? String(value.asInt) : document.text(of: value)
        return text.flatMap { $0.isEmpty ? nil : ($0, document.location(of: value)) }
    }

    /// Whether a text can be a part of a file's name, and of nothing else in a path.
    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 200 && !text.hasPrefix(".") && !text.hasPrefix("-")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
