import HASystem
import HATemplate

/// One output of a project: what makes it, where it goes, and what happens around that.
package struct ProjectTarget: Sendable {
    package var name: String
    package var location: SourceLocation?
    package var input: RenderInput
    /// The file to write, seen from the working folder.
    package var output: String
    /// The output's path as the project file has it, seen from the file's folder; nil for an absolute one, which is no
    /// file of a repository.
    package var committedPath: String?
    /// Of what an output each is made; nil: one of all services.
    package var each: TargetEach?
    /// Says whether a file is good; `{file}` stands for its path. nil: the dialect's own program is asked.
    package var check: String?
    /// Makes the proxy use the new output; nil: nothing is to be done.
    package var reload: String?
    /// Milliseconds.
    package var checkTimeout = defaultCheckTimeout
    package var reloadTimeout = defaultReloadTimeout
    /// Permission bits of the output; nil: those that it has.
    package var mode: UInt32?
    /// `user`, `user:group` or `:group`; nil: the output's own.
    package var owner: String?
    package var guards = Guards()
    /// The folder that the commands run in, seen from the working folder: that of the project file; nil: the working
    /// folder itself.
    package var folder: String?
    /// The shell that runs the commands.
    package var shell = systemShell

    package static let defaultCheckTimeout = 30_000
    package static let defaultReloadTimeout = 60_000
    package static let systemShell = "/bin/sh"

    package init(name: String, input: RenderInput, output: String) {
        self.name = name
        self.input = input
        self.output = output
        committedPath = output.hasPrefix("/") ? nil : output
    }

    /// A command line with `{file}` replaced by the output's path, as the command sees it.
    func line(_ template: String) -> String { ChildProcess.line(template, file: committedPath ?? output) }

}

/// What an apply must not take away.
package struct Guards: Sendable, Equatable {
    /// Servers that every backend must have.
    package var minServers: Int?
    /// The share of the servers, and of the backends, that one apply may remove, from 0 to 1.
    package var maxRemoved: Double?
    /// Whether an input without services is refused.
    package var requireServices = false

    package init() {}
}
