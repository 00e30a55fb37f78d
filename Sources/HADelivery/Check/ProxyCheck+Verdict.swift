import HASystem
import HATemplate

// What a verdict rests on, so that it is remembered only as long as it is true.
extension ProxyCheck {
    /// A digest of what is known before the proxy runs; nil when its verdict is not to be remembered. Out of a cage a
    /// proxy can read whatever it likes, the whole environment among it, and nobody knows what that was.
    func verdictKey(_ subject: Subject, program: String) -> String? {
        guard cache != nil, case .caged = subject.manner else { return nil }
        if let command = subject.command, Self.plainProgram(command) == nil { return nil }
        let parts =
            ["verdict 3", program, subject.command ?? "", subject.text.dialect.rawValue, "\(files.user())"]
            + [subject.output, (try? files.realPath(".")) ?? ""] + variables(of: subject)
        var hash = SHA256()
        Array(parts.joined(separator: "\u{0}").utf8).withUnsafeBytes { hash.update($0) }
        subject.text.bytes.withUnsafeBytes { hash.update($0) }
        return hash.finish().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// What the verdict of a run will rest on, as it is before the run.
    func basis(_ subject: Subject, _ command: ChildProcess.Command, _ program: String) -> VerdictBasis? {
        guard case .caged(let plan) = command else { return nil }
        let name = subject.output.split(separator: "/").last.map(String.init) ?? ""
        let folder = FileInstaller.folder(of: subject.output)
        return VerdictBasis(
            subject.text, folder: folder, name: name, replaced: replaced(subject), reads: subject.reads,
            program: program,
            libraries: libraries(plan) + plan.arguments.filter { $0.hasPrefix("/") && !$0.hasPrefix(plan.folder) },
            files: files)
    }

    /// The libraries that a program loads, as its loader lists them; none where it has no loader.
    private func libraries(_ plan: CagePlan) -> [String] {
        var plan = plan
        plan.arguments = []
        plan.environment.append("LD_TRACE_LOADED_OBJECTS=1")
        guard let outcome = try? processes.run(.caged(plan), .init(time: 5_000)), outcome.isSuccess else { return [] }
        let said = String(decoding: outcome.standardOutput, as: UTF8.self)
        return said.split(separator: "\n").compactMap { line in
            line.split(separator: " ").first { $0.drop { $0 == "\t" }.hasPrefix("/") }
                .map { String($0.drop { $0 == "\t" }) }
        }
    }

    /// `NAME=value` of the variables that the project names.
    func variables(of subject: Subject) -> [String] {
        Set(subject.variables).sorted().compactMap { name in environment(name).map { "\(name)=\($0)" } }
    }
}
