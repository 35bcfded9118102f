// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "benchmarks",
  products: [.executable(name: "ingest-bench", targets: ["ingest-bench"])],
  dependencies: [.package(name: "retake", path: "..")],
  targets: [
    .executableTarget(
      name: "ingest-bench", dependencies: [.product(name: "Ingestion", package: "retake")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ])
  ]
)
