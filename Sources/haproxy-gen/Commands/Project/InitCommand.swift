import HADelivery
import HASystem

/// `haproxy-gen init`: a first project to change.
enum InitCommand {
    private static let proxy = Option(
        "proxy", .choice(), default: StarterProject.Proxy.haproxy, help: "The proxy to configure")
    private static let folder = Operand(
        optional: .folder("DIR"), help: "The folder; made where there is none (default: here)")

    static let declaration = CommandDeclaration(
        name: "init",
        summary: "Write a first project: project file, template, one service",
        discussion: [
            "Writes haproxy-gen.json, the shipped template of the proxy as templates/haproxy.cfg.tmpl or "
                + "templates/nginx.conf.tmpl, services/example.json and .gitignore into the folder, and renders the "
                + "output. Nothing is written when one of the first three exists; an existing .gitignore "
                + "stays as it is. The project passes 'haproxy-gen check' as it is."
        ],
        options: [proxy] + Options.common,
        operands: [folder],
        examples: [
            .init(purpose: "Here; then ask whether it is right", line: "haproxy-gen init && haproxy-gen check"),
            .init(purpose: "For nginx, in a folder of its own", line: "haproxy-gen init --proxy nginx edge"),
        ],
        exitMeanings: [
            .init(code: .done, meaning: "written"),
            .init(code: .inputWrong, meaning: "one of the files exists already; nothing was written"),
            .init(code: .usage, meaning: "the command line is wrong"),
            .init(code: .environment, meaning: "a file cannot be written"),
        ],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let prefix = arguments[folder].map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
        let project = StarterProject(proxy: arguments[proxy])
        for file in project.files {
            let path = prefix + file.path
            if (try? context.files.linkStatus(path)) != nil {
                throw .input("\(path) exists already; nothing was written")
            }
        }
        do throws(FileError) {
            try makeAll(prefix, context.files)
            for folder in StarterProject.folders { try make(prefix + folder, context.files) }
            for file in project.files { try write(file, prefix, context) }
        } catch {
            throw .file(error)
        }
        try render(prefix, context)
        do { try ignoreVersions(prefix, context) } catch { throw .file(error) }
        return .done
    }

    /// The output, so that the project is whole.
    private static func render(_ prefix: String, _ context: CommandContext) throws(CommandError) {
        for target in try ProjectAccess.read(prefix + ProjectFile.name, .kept, context).targets {
            let output = try Rendering(context).output(target.input)
            try output.text.withBytes { (bytes) throws(CommandError) in
                try RenderCommand.deliver(bytes, to: target.output, context)
            }
        }
    }

    /// Makes the folders of a path that ends in a slash.
    private static func makeAll(_ path: String, _ files: FileSystem) throws(FileError) {
        for index in path.indices where path[index] == "/" && index > path.startIndex {
            let folder = String(path[..<index])
            // Another user's folder on the way need not be ours to write to.
            if (try? files.status(folder))?.kind == .folder { continue }
            try make(folder, files)
        }
    }

    /// A user's own list of what git leaves out is theirs to change.
    private static func ignoreVersions(_ prefix: String, _ context: CommandContext) throws(FileError) {
        let path = prefix + StarterProject.ignored.path
        guard (try? context.files.linkStatus(path)) != nil else {
            return try write(StarterProject.ignored, prefix, context)
        }
        let lines = (try? FileReader(files: context.files).read(path).bytes)?.split(separator: UInt8(ascii: "\n"))
        if lines?.contains(where: { $0.elementsEqual(StarterProject.ignoredFolder.utf8) }) == true { return }
        context.console.note("\(path) exists already; add the line '\(StarterProject.ignoredFolder)' to it")
    }

    private static func write(
        _ file: StarterProject.File, _ prefix: String, _ context: CommandContext
    ) throws(FileError) {
        let installer = FileInstaller(files: context.files, temporaries: context.temporaries)
        _ = try installer.install(file.bytes, at: prefix + file.path)
        context.console.say("wrote \(Console.printable(prefix + file.path))\n")
    }

    private static func make(_ folder: String, _ files: FileSystem) throws(FileError) {
        do { try files.makeFolder(folder, 0o755) } catch {
            guard error.isPresence else { throw FileError(.write, folder, error) }
        }
    }
}
