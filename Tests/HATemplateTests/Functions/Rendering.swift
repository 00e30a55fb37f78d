@testable import HATemplate

/// Renders a template over JSON data; a mistake is thrown as it would be shown.
func render(_ template: String, data: String = "null", missingKey: MissingKey = .error) throws -> String {
    let compiled = try Template.parse(SourceFile(name: "t", text: template))
    let document = try Document.json(name: "data.json", bytes: Array(data.utf8))
    var output = ByteBuffer()
    try compiled.render(document, options: RenderOptions(missingKey: missingKey), into: &output)
    return output.withElements { String(decoding: $0, as: UTF8.self) }
}

/// The first diagnostic of a template that must fail, as `LINE:COLUMN CODE MESSAGE`; nil when it does not fail.
func mistake(_ template: String, data: String = "null", missingKey: MissingKey = .error) -> String? {
    do {
        _ = try render(template, data: data, missingKey: missingKey)
        return nil
    } catch let diagnostics as Diagnostics {
        return diagnostics.items.first.map(summary)
    } catch let diagnostic as Diagnostic {
        return summary(diagnostic)
    } catch {
        return String(describing: error)
    }
}

/// `LINE:COLUMN CODE MESSAGE` of a diagnostic.
func summary(_ diagnostic: Diagnostic) -> String {
    var place = "-"
    if let location = diagnostic.location {
        let position = LineIndex(location.file).position(at: location.range.start)
        place = "\(position.line):\(position.column)"
    }
    return "\(place) \(diagnostic.code.rawValue) \(diagnostic.message)"
}
