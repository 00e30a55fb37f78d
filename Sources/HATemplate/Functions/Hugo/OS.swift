/// Hugo's `os`, held in a sandbox: files below the template's folder, variables that were allowed by name.
extension Function {
    static let os: [Function] = [
        Function(
            "os.Getenv", aliases: ["getenv"], [.init("name", .string), .init("default", .any, .optional)], result: .any,
            purity: .environment,
            summary: "The value of an environment variable that the caller allows; when empty, the default if given",
            example: #"{{ getenv "REGION" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let name = context.memory.text(of: try context.text(arguments, 0))
            guard let value = context.environment.variables[name] else { throw .variableNotAllowed(name) }
            if value.isEmpty, arguments.count > 1 { return arguments[1] }
            return context.memory.makeString(value)
        },
        Function(
            "os.ReadFile", aliases: ["readFile"], [.init("path", .string)], result: .string, purity: .environment,
            summary: "The text of a file in the template's folder or below",
            example: #"{{ readFile "motd.txt" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let (files, path) = try SandboxedFiles.request(arguments, context)
            return context.memory.makeString(try SandboxedFiles.answer(files.read(path), path))
        },
        Function(
            "os.ReadDir", aliases: ["readDir"], [.init("path", .string)], result: .list, purity: .environment,
            summary: "What is in a folder of the template's folder: a list of maps with Name, IsDir and Size, by name",
            example: #"{{ range readDir "." }}{{ .Name }}: {{ .Size }} bytes{{ end }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let (files, path) = try SandboxedFiles.request(arguments, context)
            let entries = try SandboxedFiles.answer(files.list(path), path)
            let ordered = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            return context.memory.makeList(ordered.map { SandboxedFiles.map($0, context.memory) })
        },
        Function(
            "os.FileExists", aliases: ["fileExists"], [.init("path", .string)], result: .bool, purity: .environment,
            summary: "Whether a file or folder is in the template's folder or below",
            example: #"{{ fileExists "motd.txt" }}"#
        ) { (arguments, context) throws(RuntimeError) in
            let (files, path) = try SandboxedFiles.request(arguments, context)
            return .bool(try SandboxedFiles.answer(files.exists(path), path))
        },
    ]
}

enum SandboxedFiles {
    /// Who answers, and the path in its plain form.
    static func request(
        _ arguments: Arguments, _ context: CallContext
    ) throws(RuntimeError) -> (RenderEnvironment.Files, path: String) {
        let path = try context.text(arguments, 0)
        let clean: String
        do {
            clean = try TemplatePath.clean(context.memory.bytes(of: path))
        } catch {
            throw .pathNotAllowed(context.memory.text(of: path), error)
        }
        guard let files = context.environment.files else { throw .noFilesAllowed }
        return (files, clean)
    }

    static func answer<Answer>(
        _ result: Result<Answer, RenderEnvironment.Fault>, _ path: String
    ) throws(RuntimeError) -> Answer {
        switch result {
        case .success(let answer): return answer
        case .failure(let fault): throw .file(path, fault)
        }
    }

    /// A folder's entry as a template sees it.
    static func map(_ entry: RenderEnvironment.Entry, _ memory: Memory) -> Value {
        let keys = ["Name", "IsDir", "Size"].map { memory.makeString($0) }
        return memory.makeMap([
            (keys[0], memory.makeString(entry.name)), (keys[1], .bool(entry.isFolder)), (keys[2], .int(entry.size)),
        ])
    }
}
