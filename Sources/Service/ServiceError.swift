import Foundation
import NIOCore

/// Why the service does not start.
public enum ServiceError: Error, Hashable, CustomStringConvertible {
  case portInUse(host: String, port: Int)
  /// What the system said.
  case cannotListen(host: String, port: Int, reason: String)

  init(listeningOn address: RetakeService.Address, _ error: IOError) {
    switch error.errnoCode {
    case EADDRINUSE: self = .portInUse(host: address.host, port: address.port)
    case EACCES:
      self = .cannotListen(
        host: address.host, port: address.port, reason: "ports below 1024 are for privileged users")
    default: self = .cannotListen(host: address.host, port: address.port, reason: "\(error)")
    }
  }

  public var description: String {
    switch self {
    case .portInUse(let host, let port):
      "port \(port) of \(host) is in use by another program; choose another with --port (0 takes any free one), "
        + "or stop that program"
    case .cannotListen(let host, let port, let reason):
      "cannot listen on \(host), port \(port): \(reason); choose another address with --host and --port"
    }
  }
}
