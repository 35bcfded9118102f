import Foundation
import Synchronization

/// Where commands write: results to standard output, everything else to standard error, whole lines at a time.
enum Console {
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1

  /// Keeps lines of different tasks apart.
  private static let lock = Mutex(())

  /// A result, with its line's end.
  static func print(_ text: String) {
    write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
  }

  /// A line about what is going on; takes the place of a progress bar that stands there.
  static func note(_ line: String) {
    write((errorIsTerminal ? "\r\u{1B}[2K" : "") + line + "\n", to: STDERR_FILENO)
  }

  /// Raw text on standard error, for what redraws itself.
  static func draw(_ text: String) { write(text, to: STDERR_FILENO) }

  /// A reader that went away (`| head`) is no failure of ours: what is left is not written.
  private static func write(_ text: String, to descriptor: Int32) {
    lock.withLock { _ in
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        bytes = bytes.dropFirst(count)
      }
    }
  }

  static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
