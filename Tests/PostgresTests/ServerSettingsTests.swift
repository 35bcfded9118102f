import Testing

@testable import Postgres

@Suite struct ServerSettingsTests {
  private func settings(memoryBytes: Int = 8 << 30, socketFolder: String = "/tmp") -> ServerSettings {
    ServerSettings(memoryBytes: memoryBytes, socketFolder: socketFolder, isDurable: true)
  }

  @Test(arguments: ["fsync", "synchronous_commit", "full_page_writes"])
  func `Nothing that a crash could cost an event is turned off`(name: String) {
    #expect(settings().values[name] == nil)
  }

  @Test(arguments: [(0, 128), (512 << 20, 128), (8 << 30, 1024), (256 << 30, 2048)])
  func `Buffers take an eighth of the memory, within bounds`(memoryBytes: Int, megabytes: Int) {
    #expect(settings(memoryBytes: memoryBytes).sharedBufferMegabytes == megabytes)
  }

  @Test func `A quote in a folder's name reaches the server through the shell`() {
    let line = settings(socketFolder: "/tmp/it's").commandLine
    #expect(line.contains(#"-c unix_socket_directories='/tmp/it'\''s'"#))
  }
}
