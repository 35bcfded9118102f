import Foundation
import Glibc

/// A TCP connection to this machine on which anything can be sent, HTTP or not.
final class RawConnection {
  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ what: String) { description = "\(what): \(String(cString: strerror(errno)))" }
  }

  /// POLLRDHUP, which Glibc's module leaves out; hangups and errors are always told.
  private static let peerHungUp: Int16 = 0x2000

  private let handle: Int32
  private(set) var received: [UInt8] = []

  /// - Parameter receiveBuffer: bytes the system may hold for us; nil for its own choice.
  init(port: Int, receiveBuffer: Int32? = nil) throws {
    handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard handle >= 0 else { throw Failure("socket") }
    if var size = receiveBuffer {
      setsockopt(handle, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let outcome = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard outcome == 0 else {
      close(handle)
      throw Failure("connect")
    }
  }

  deinit { close(handle) }

  /// Sends what can be sent within a second.
  /// - Returns: whether that was all; false too when the other side has hung up.
  @discardableResult
  func send(_ bytes: some Collection<UInt8>) async throws -> Bool {
    let bytes = Array(bytes)
    var sent = 0
    while sent < bytes.count {
      guard try await wait(for: Int16(POLLOUT), milliseconds: 1000) else { return false }
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(
          handle, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func send(_ text: String) async throws -> Bool { try await send(Array(text.utf8)) }

  /// Says that nothing more will come, and goes on listening.
  func finishSending() { shutdown(handle, Int32(SHUT_WR)) }

  /// Everything up to the other side's end, or as far as it came within `seconds`.
  func readToEnd(atMost seconds: Double = 10) async throws -> String { try await read(seconds) { false } }

  /// One answer whose length is stated.
  func readAnswer(atMost seconds: Double = 10) async throws -> String {
    try await read(seconds) {
      let text = String(decoding: self.received, as: UTF8.self)
      guard let end = text.range(of: "\r\n\r\n"),
        let length = text.firstMatch(of: #/(?i)content-length: (\d+)/#).flatMap({ Int($0.1) })
      else { return false }
      return text[end.upperBound...].utf8.count >= length
    }
  }

  /// Until what came so far is enough.
  func read(atMost seconds: Double, until isEnough: (String) -> Bool) async throws -> String {
    try await read(seconds) { isEnough(String(decoding: self.received, as: UTF8.self)) }
  }

  func isReadable(within seconds: Double) async throws -> Bool {
    try await wait(for: Int16(POLLIN), milliseconds: Int(seconds * 1000))
  }

  private func read(_ seconds: Double, until isDone: () -> Bool) async throws -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !isDone(), ContinuousClock.now < deadline {
      guard try await wait(for: Int16(POLLIN), milliseconds: 100) else { continue }
      let count = recv(handle, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      received += buffer[..<count]
    }
    return String(decoding: received, as: UTF8.self)
  }

  /// Whether the other side hangs up within `seconds`; what it still sends is dropped.
  func isClosed(within seconds: Double) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while ContinuousClock.now < deadline {
      if try await wait(for: Int16(POLLIN), milliseconds: 100), recv(handle, &buffer, buffer.count, 0) <= 0 {
        return true
      }
    }
    return false
  }

  /// Whether the other side gives the connection up within `seconds`, while nothing of what it sent is taken: reading
  /// would make room again, and with it a reason to go on.
  func isReset(within seconds: Int) async throws -> Bool {
    try await wait(for: Self.peerHungUp, milliseconds: seconds * 1000)
  }

  /// Polls, for the service under test lives on the same threads as we do.
  private func wait(for events: Int16, milliseconds: Int) async throws -> Bool {
    var item = pollfd(fd: handle, events: events, revents: 0)
    for _ in 0..<max(1, milliseconds / 2) {
      if poll(&item, 1, 0) > 0 { return true }
      try await Task.sleep(for: .milliseconds(2))
    }
    return false
  }
}
