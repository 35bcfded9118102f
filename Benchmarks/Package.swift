// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "benchmarks",
  products: [
    .executable(name: "ingest-bench", targets: ["ingest-bench"]),
    .executable(name: "engine-bench", targets: ["engine-bench"]),
    .executable(name: "analysis-bench", targets: ["analysis-bench"]),
    .executable(name: "calibrate", targets: ["calibrate"]),
  ],
  dependencies: [.package(name: "retake", path: "..")],
  targets: [
    .executableTarget(
      name: "ingest-bench", dependencies: [.product(name: "Ingestion", package: "retake")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ]),
    // Built with -Xswiftc -enable-testing: it paints with the engine's own types.
    .executableTarget(
      name: "engine-bench", dependencies: [.product(name: "Engine", package: "retake")],
      swiftSettings: [
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ]),
    .executableTarget(
      name: "analysis-bench",
      dependencies: [
        .product(name: "Statistics", package: "retake"),
        .product(name: "Analysis", package: "retake"),
        .product(name: "Campaigns", package: "retake"),
      ],
      swiftSettings: [
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ]),
    .executableTarget(
      name: "calibrate",
      dependencies: [
        .product(name: "Statistics", package: "retake"),
        .product(name: "StatisticsSimulation", package: "retake"),
      ],
      swiftSettings: [
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ]),
  ]
)
