// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "haproxy-gen",
    products: [
        .executable(name: "haproxy-gen", targets: ["haproxy-gen"]),
        .library(name: "HATemplate", targets: ["HATemplate"]),
        .library(name: "HAServices", targets: ["HAServices"]),
    ],
    targets: [
        .target(name: "HATemplate"),
        // What Swift cannot call.
        .target(name: "CSystem"),
        .target(name: "HASystem", dependencies: ["CSystem"]),
        .target(name: "HAServices", dependencies: ["HATemplate", "HASystem"]),
        .target(name: "HADelivery", dependencies: ["HAServices", "HATemplate", "HASystem"]),
        .target(name: "HADiscovery", dependencies: ["HAServices", "HATemplate", "HASystem"]),
        .target(
            name: "HAWatch", dependencies: ["HADiscovery", "HADelivery", "HAServices", "HATemplate", "HASystem"]),
        // `Templates` leads to the shipped templates, which `init` writes out.
        .executableTarget(
            name: "haproxy-gen", dependencies: ["HATemplate", "HASystem", "HAServices", "HADelivery", "HAWatch"],
            exclude: ["Templates/cosmos.cfg.tmpl"],
            resources: [
                .embedInCode("Templates/haproxy.cfg.tmpl"), .embedInCode("Templates/nginx.conf.tmpl"),
            ]),
        // Programs for those who change this one.
        .executableTarget(
            name: "Benchmarks", dependencies: ["HATemplate", "HAServices", "HASystem"], path: "Tools/Benchmarks",
            exclude: ["go", "python", "proxym.cfg.tmpl"]),
        .executableTarget(
            name: "Fuzz", dependencies: ["HATemplate", "HAServices", "HADelivery", "HASystem"], path: "Tools/Fuzz",
            exclude: ["Inputs"]),
        // Changes a table, applies or delivers a project, and is killed at a system call.
        .executableTarget(
            name: "KilledWriter", dependencies: ["HAWatch", "HADelivery", "HAServices", "HASystem", "TestSupport"],
            path: "Tools/KilledWriter"),
        // What several test targets share: folders of their own, faults in system calls, runs of programs.
        .target(name: "TestSupport", dependencies: ["HASystem", "HATemplate"], path: "Tests/TestSupport"),
        .testTarget(name: "HATemplateTests", dependencies: ["HATemplate"], exclude: ["Data"]),
        .testTarget(name: "HASystemTests", dependencies: ["HASystem", "TestSupport"]),
        .testTarget(name: "HAServicesTests", dependencies: ["HAServices", "HATemplate", "HASystem", "TestSupport"]),
        .testTarget(
            name: "HADeliveryTests",
            dependencies: ["HADelivery", "HAServices", "HATemplate", "HASystem", "TestSupport"],
            exclude: ["complaints.txt"]),
        .testTarget(name: "HADiscoveryTests", dependencies: ["HADiscovery", "HAServices", "HASystem", "TestSupport"]),
        .testTarget(
            name: "HAWatchTests",
            dependencies: [
                "HAWatch", "HADiscovery", "HADelivery", "HAServices", "HATemplate", "HASystem", "TestSupport",
            ]),
        .testTarget(
            name: "CommandTests", dependencies: ["haproxy-gen", "HAServices", "HADelivery", "HASystem", "TestSupport"],
            exclude: ["Goldens"]),
        .testTarget(name: "ToolsTests", dependencies: ["Benchmarks", "Fuzz", "HATemplate"]),
        .testTarget(name: "SafetyTests", dependencies: ["HATemplate", "HAServices", "HASystem"], exclude: ["Data"]),
    ],
    swiftLanguageModes: [.v6]
)
