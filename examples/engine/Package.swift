// swift-tools-version: 6.2
import PackageDescription

// The engine alone: no database, no service. Of all that Retake is made of, SwiftPM builds the Engine and the three
// small rooms below it. From elsewhere, name the repository with a branch or revision instead of a path; with a
// version SwiftPM would refuse it, for the engine asks to be optimised in debug builds too.
let package = Package(
  name: "render-ad",
  dependencies: [.package(name: "retake", path: "../..")],
  targets: [
    .executableTarget(name: "render-ad", dependencies: [.product(name: "Engine", package: "retake")])
  ])
