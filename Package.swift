// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// For a room that works pixel by pixel: without optimisation SIMD is a call per operator, a hundred times slower. And
/// for the mathematics, whose tests simulate thousands of experiments.
let alwaysOptimised: SwiftSetting = .unsafeFlags(["-O"], .when(configuration: .debug))

/// The processor its kernels are written for: AVX2, which no 64-bit processor sold for ten years lacks. `Engine.isSupported`
/// tells. A test holds their bytes to the plain formulas'.
#if arch(x86_64)
  let vectorised: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-mavx2"])]
#else
  let vectorised: [SwiftSetting] = []
#endif

/// A room of Retake: one folder in Sources/ and its tests in Tests/. What a room may import is what stands in its
/// list here; docs/architecture.md draws the same table and scripts/check-imports holds every `import` to it.
/// Tests may import what their room may, TestKit, and what `testing` names.
func room(
  _ name: String, imports: [Target.Dependency] = [], testing: [Target.Dependency] = [],
  settings: [SwiftSetting] = []
) -> [Target] {
  [
    .target(name: name, dependencies: imports, swiftSettings: swiftSettings + settings),
    .testTarget(
      name: "\(name)Tests", dependencies: [.target(name: name), "TestKit"] + imports + testing,
      swiftSettings: swiftSettings),
  ]
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let realModule: Target.Dependency = .product(name: "RealModule", package: "swift-numerics")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

/// By pkg-config.
let systemLibraries: [Target] = [
  .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
  .systemLibrary(name: "COpenSSL", pkgConfig: "libssl libcrypto", providers: [.apt(["libssl-dev"])]),
  .systemLibrary(
    name: "CMedia", pkgConfig: "libavformat libavcodec libavfilter libswresample libswscale libavutil",
    providers: [
      .apt(["libavformat-dev", "libavcodec-dev", "libavfilter-dev", "libswresample-dev", "libswscale-dev"])
    ]),
  .systemLibrary(
    name: "CDrawing", pkgConfig: "pangocairo pangoft2 cairo librsvg-2.0 lcms2",
    providers: [.apt(["libpango1.0-dev", "libcairo2-dev", "librsvg2-dev", "liblcms2-dev"])]),
  .systemLibrary(
    name: "CSound", pkgConfig: "libebur128 fluidsynth",
    providers: [.apt(["libebur128-dev", "libfluidsynth-dev"])]),
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
]

let rooms: [Target] = [
  // Ground.
  room("Postgres", imports: ["CPostgres", logging]),
  room("Cryptography", imports: ["COpenSSL"]),
  room("Statistics", imports: [realModule], testing: ["StatisticsSimulation"], settings: [alwaysOptimised]),
  room("Documents", imports: [yams]),
  room("Processor"),
  room("Charts"),

  // The way of the data: wanted -> made -> shown -> counted -> understood -> done -> read.
  room("Campaigns", imports: ["Postgres", "Cryptography", "Documents"]),
  room(
    "Engine", imports: ["CMedia", "CDrawing", "CSound", "Cryptography", "Documents", "Processor"],
    settings: [alwaysOptimised] + vectorised),
  room("Creative", imports: ["Campaigns", "Engine", "Statistics", "Postgres", "Cryptography", "Documents"]),
  room("Delivery", imports: ["Campaigns", "Cryptography", "Postgres"]),
  room("Ingestion", imports: ["Postgres", "Campaigns", "Cryptography", "Documents", "CZlib", logging]),
  room("Analysis", imports: ["Campaigns", "Statistics", "Postgres", "Documents"]),
  room("Jobs", imports: ["Postgres", logging]),
  room(
    "Autopilot", imports: ["Analysis", "Creative", "Jobs", "Campaigns", "Statistics", "Postgres", logging]),
  room("Reporting", imports: ["Analysis", "Campaigns", "Charts", "Postgres", mustache]),
  room("Simulation", imports: ["Campaigns", "Delivery", "Documents"]),
  room(
    "Service",
    imports: [
      "Postgres", "Cryptography", "Campaigns", "Delivery", "Ingestion", "Analysis", "Jobs", "Autopilot",
      "Charts", "Reporting", "Documents", "CZlib", hummingbird, mustache, logging,
      lifecycle, signals, httpTypes, nio, nioHTTP, nioHTTPTypes,
    ]),
].flatMap(\.self)

let package = Package(
  name: "retake",
  products: [
    .executable(name: "retake", targets: ["retake"]),
    .library(name: "Engine", targets: ["Engine"]),
    .library(name: "Ingestion", targets: ["Ingestion"]),
    .library(name: "Campaigns", targets: ["Campaigns"]),
    .library(name: "Statistics", targets: ["Statistics"]),
    .library(name: "Analysis", targets: ["Analysis"]),
    .library(name: "StatisticsSimulation", targets: ["StatisticsSimulation"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: systemLibraries + rooms + [
    .executableTarget(
      name: "retake",
      dependencies: [
        "Postgres", "Cryptography", "Documents", "Campaigns", "Engine", "Creative", "Delivery", "Ingestion",
        "Statistics", "Analysis", "Jobs", "Autopilot", "Charts", "Reporting", "Simulation", "Service",
        argumentParser, logging,
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "TestKit", dependencies: ["Postgres"], path: "Tests/TestKit", swiftSettings: swiftSettings),
    // What Statistics promises, simulated: for its tests and for scripts/calibrate.
    .target(
      name: "StatisticsSimulation", dependencies: ["Statistics"], path: "Tests/StatisticsSimulation",
      swiftSettings: swiftSettings + [alwaysOptimised]),
    .testTarget(
      name: "EndToEndTests", dependencies: ["TestKit", "retake", "Postgres"], path: "Tests/EndToEnd",
      exclude: ["Fixtures"], swiftSettings: swiftSettings),
  ]
)
