import Foundation
import Processor
import Testing

@Suite struct ProcessorTests {
  @Test func `The processor is taken as sufficient exactly where the kernel lists AVX2`() throws {
    #if arch(x86_64)
      let facts = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let flags = facts.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
      #expect(Processor.isSufficient == flags.split(separator: " ").contains("avx2"))
    #else
      #expect(Processor.isSufficient)
    #endif
  }
}
