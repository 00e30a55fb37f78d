import HASystem
import HATemplate

/// Templates that were compiled, for whoever renders them again: a file is read each time, and compiled when it changed.
package final class TemplateStore: Sendable {
    /// What decides how bytes are compiled.
    private struct Key: Hashable {
        let template: String
        let includes: [String]
        let left: String
        let right: String
        let dialect: Dialect
    }

    private struct Entry {
        let files: [InputFile]
        let template: Template
    }

    private let entries = Guarded<[Key: Entry]>([:])
    private let compilations = Guarded(0)

    /// Templates kept; a project has fewer.
    private static let maximumCount = 256

    package init() {}

    /// How often a template was compiled.
    package var compilationCount: Int { compilations.withLock { $0 } }

    /// The template of an input whose files were read: the one that was made of the same bytes, else a new one.
    func template(
        _ input: RenderInput, of files: [InputFile], _ compile: () throws(Diagnostics) -> Template
    ) throws(Diagnostics) -> Template {
        let delimiters = input.delimiters
        let key = Key(
            template: input.template, includes: input.includes, left: delimiters.left, right: delimiters.right,
            dialect: input.dialect)
        if let known = entries.withLock({ $0[key] }), known.files == files { return known.template }
        let template = try compile()
        compilations.withLock { $0 += 1 }
        entries.withLock { entries in
            if entries.count >= Self.maximumCount { entries.removeAll() }
            entries[key] = Entry(files: files, template: template)
        }
        return template
    }
}
