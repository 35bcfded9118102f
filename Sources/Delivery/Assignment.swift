public import Campaigns
import Cryptography
import FoundationEssentials

/// Which version a viewer is shown.
///
/// A viewer's place in [0, 1) is a hash of the experiment and the viewer, and an epoch's shares are laid end to end
/// over [0, 1) in their fixed order. So anybody can tell who was shown what without storing it, a viewer keeps its
/// version while shares stand still, and a new experiment shuffles everybody anew.
public enum Assignment {
  /// The variant of one viewer.
  /// - Returns: nil when the epoch has no shares.
  public static func variant(
    viewer: String, experiment: Identifier<Experiment>, epoch: AllocationEpoch
  ) -> Identifier<Variant>? {
    variant(at: place(of: viewer, in: experiment), epoch: epoch)
  }

  /// Where a viewer stands in [0, 1): the first 53 bits of SHA-256 over the experiment's 16 bytes and the viewer's
  /// id in UTF-8.
  public static func place(of viewer: String, in experiment: Identifier<Experiment>) -> Double {
    var message = withUnsafeBytes(of: experiment.uuid.uuid) { Array($0) }
    message.append(contentsOf: viewer.utf8)
    return Double(SHA256.hash(message).first64Bits >> 11) * 0x1p-53
  }

  /// The variant whose part of [0, 1) holds `place`; the last one where rounding leaves a gap.
  static func variant(at place: Double, epoch: AllocationEpoch) -> Identifier<Variant>? {
    var end = 0.0
    for share in epoch.shares {
      end += share.share
      if place < end { return share.variant }
    }
    return epoch.shares.last?.variant
  }
}
