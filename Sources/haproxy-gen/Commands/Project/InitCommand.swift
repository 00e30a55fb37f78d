import HADelivery
import HAServices

/// `haproxy-gen init`: a first project to change.
enum InitCommand {
    static let declaration = CommandDeclaration(
        name: "init",
        summary: "Write a first project: project file, template, one service",
        discussion: [
            "Writes haproxy-gen.json, templates/haproxy.cfg.tmpl, services/example.json and .gitignore into the folder. "
                + "Nothing is written when one of the first three is there already."
        ],
        options: OptionDeclaration.common,
        operands: [
            .init(name: "DIR", kind: .folder, count: .optional, help: "The folder, which must exist (default: here)")
        ],
        examples: [.init(purpose: "Here; then look at what comes out", line: "haproxy-gen init && haproxy-gen diff")],
        exitMeanings: [
            .init(code: .done, meaning: "written"),
            .init(code: .inputWrong, meaning: "one of the files is there already; nothing was written"),
            .init(code: .usage, meaning: "the command line is wrong"),
            .init(code: .environment, meaning: "a file cannot be written"),
        ],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws(CommandError) -> ExitCode {
        let prefix = arguments.operands.first.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
        for file in StarterProject.files {
            let path = prefix + file.path
            if (try? context.files.linkStatus(path)) != nil {
                context.console.error("\(path) is there already; nothing was written")
                return .inputWrong
            }
        }
        let installer = FileInstaller(files: context.files, temporaries: context.temporaries)
        do throws(FileError) {
            for folder in StarterProject.folders { try make(prefix + folder, context.files) }
            for file in StarterProject.files {
                _ = try installer.install(Array(file.text.utf8), at: prefix + file.path)
                context.console.say("wrote \(Console.printable(prefix + file.path))\n")
            }
            let ignore = prefix + ".gitignore"
            if (try? context.files.linkStatus(ignore)) == nil {
                _ = try installer.install(Array(StarterProject.ignored.utf8), at: ignore)
                context.console.say("wrote \(Console.printable(ignore))\n")
            }
        } catch {
            throw .file(error)
        }
        return .done
    }

    private static func make(_ folder: String, _ files: FileSystem) throws(FileError) {
        do { try files.makeFolder(folder, 0o755) } catch {
            guard error.isPresence else { throw FileError(.write, folder, error) }
        }
    }
}

/// What `init` writes.
enum StarterProject {
    static let folders = ["templates", "services", "rendered"]

    static let files: [(path: String, text: String)] = [
        ("templates/haproxy.cfg.tmpl", haproxyTemplate),
        ("services/example.json", service),
        // The last one: a folder without it is no project yet.
        (ProjectFile.name, project),
    ]

    static let project = """
        {
          "targets": [
            {
              "name": "edge",
              "template": "templates/haproxy.cfg.tmpl",
              "services": ["services"],
              "output": "rendered/haproxy.cfg",
              "guards": {"requireServices": true}
            }
          ]
        }

        """

    static let service = """
        {
          "Id": "example",
          "ApplicationProtocol": "http",
          "Domains": ["www.example.com"],
          "Port": 8080,
          "Hosts": [
            {"Ip": "10.0.0.1"},
            {"Ip": "10.0.0.2"}
          ]
        }

        """

    static let ignored = """
        # Versions that were installed from here.
        /state/.installed/

        """
}
