import TestSupport
import Testing

/// What the shipped templates and the examples printed before the templates were rewritten is kept in
/// `Goldens/previous`, with the lines that are different now: no other line may change.
@Suite("Outputs of the previous version") struct PreviousOutputTests {
    private static let examples: [(template: String, services: String, name: String)] = [
        ("templates/haproxy.cfg.tmpl", "examples/quickstart/services", "haproxy-quickstart"),
        ("templates/haproxy.cfg.tmpl", "examples/custom-template/services", "haproxy-custom-template"),
        ("templates/haproxy.cfg.tmpl", kinds, "haproxy-kinds"),
        ("templates/nginx.conf.tmpl", "examples/quickstart/services", "nginx-quickstart"),
        ("templates/nginx.conf.tmpl", kinds, "nginx-kinds"),
        ("templates/cosmos.cfg.tmpl", "examples/quickstart/services", "cosmos-quickstart"),
        ("templates/cosmos.cfg.tmpl", "examples/custom-template/services", "cosmos-custom-template"),
        ("templates/cosmos.cfg.tmpl", kinds, "cosmos-kinds"),
        ("examples/custom-template/haproxy.cfg.tmpl", "examples/custom-template/services", "custom-template"),
        ("examples/gitops/templates/haproxy.cfg.tmpl", "examples/gitops/services", "gitops-haproxy"),
        ("examples/gitops/templates/nginx.conf.tmpl", "examples/gitops/services", "gitops-nginx"),
    ]
    /// Services of all kinds with all fields, wildcards among their domains, in every state of conflict.
    private static let kinds = "Tests/CommandTests/Goldens/previous/kinds.json"

    @Test(arguments: examples.indices)
    func differences(_ index: Int) throws {
        let (template, services, name) = Self.examples[index]
        let port = name == "gitops-haproxy" ? "8080" : "8081"
        let parameters = name.hasPrefix("gitops") ? ["-p", "port=\(port)"] : []
        let run = try ProgramRun.run(["render", "-t", template, "-s", services] + parameters, in: projectFolder)
        // Services in every state of conflict may be warned of.
        #expect(run.exitCode == 0 && (services == Self.kinds || run.stderr.isEmpty), "\(run)")
        let folder = try TemporaryFolder(["now": run.stdout])
        let previous = "\(projectFolder)/Tests/CommandTests/Goldens/previous/\(name).txt"
        let difference = try ProgramRun.bash("diff '\(previous)' now | grep '^[<>]'", in: folder.path)
        // nginx has always had wildcards.
        if name.hasPrefix("nginx") {
            #expect(difference.stdout.isEmpty)
        } else {
            try expectGolden(difference.stdout, "previous/\(name).diff")
        }
    }
}
