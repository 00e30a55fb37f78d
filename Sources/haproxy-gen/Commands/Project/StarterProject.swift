import HADelivery

/// What `init` writes.
struct StarterProject {
    /// The values of `init --proxy`.
    enum Proxy: String, Sendable, CaseIterable {
        case haproxy, nginx
    }

    struct File {
        let path: String
        let bytes: [UInt8]
    }

    let proxy: Proxy

    static let folders = ["templates", "services", "rendered"]

    /// What git should leave out: versions that were installed from the project.
    static let ignoredFolder = "/state/.installed/"

    /// Written where there is none yet.
    static let ignored = File(
        path: ".gitignore", bytes: Array("# Versions that were installed from here.\n\(ignoredFolder)\n".utf8))

    var files: [File] {
        [
            File(path: "templates/\(configuration).tmpl", bytes: template),
            File(path: "services/example.json", bytes: Array(Self.service.utf8)),
            // The last one: a folder without it is no project yet.
            File(path: ProjectFile.name, bytes: Array(project.utf8)),
        ]
    }

    /// The proxy's usual name for its configuration.
    private var configuration: String {
        switch proxy {
        case .haproxy: "haproxy.cfg"
        case .nginx: "nginx.conf"
        }
    }

    /// The shipped template, which the package holds (`resources` in its manifest).
    private var template: [UInt8] {
        switch proxy {
        case .haproxy: PackageResources.haproxy_cfg_tmpl
        case .nginx: PackageResources.nginx_conf_tmpl
        }
    }

    private var project: String {
        """
        {
          "targets": [
            {
              "name": "edge",
              "template": "templates/\(configuration).tmpl",
              "services": ["services"],
              "output": "rendered/\(configuration)",
              "guards": {"requireServices": true}
            }
          ]
        }

        """
    }

    private static let service = """
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
}
