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
        .target(name: "HAServices", dependencies: ["HATemplate"]),
        .executableTarget(name: "haproxy-gen", dependencies: ["HATemplate", "HAServices"]),
        .executableTarget(
            name: "Benchmarks", dependencies: ["HATemplate", "HAServices"], path: "Tests/Benchmarks",
            exclude: ["go", "proxym.cfg.tmpl"]),
        .executableTarget(name: "Fuzz", dependencies: ["HATemplate"], path: "Tests/Fuzz"),
        .testTarget(name: "HATemplateTests", dependencies: ["HATemplate"], exclude: ["Data"]),
        .testTarget(name: "HAServicesTests", dependencies: ["HAServices", "HATemplate"]),
        .testTarget(name: "SafetyTests", dependencies: ["HATemplate", "HAServices"], exclude: ["Data"]),
        .testTarget(name: "CommandTests", dependencies: ["haproxy-gen"], exclude: ["Goldens"]),
    ],
    swiftLanguageModes: [.v6]
)
