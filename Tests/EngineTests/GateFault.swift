import Engine
import Foundation
import Testing

/// Something wrong with a file, on purpose, and what the gate must call it.
struct GateFault: Sendable, CustomTestStringConvertible {
  var name: String
  var kind: Finding.Kind
  var clip = GateClip()
  var subject = GateClip.subject()
  /// What is done to the finished bytes.
  var damage: @Sendable (inout Data) -> Void = { _ in }
  /// Seconds in which the finding must lie, where it has a place.
  var around: ClosedRange<Double>?

  var testDescription: String { "\(kind.rawValue): \(name)" }

  init(
    _ name: String, _ kind: Finding.Kind, around: ClosedRange<Double>? = nil,
    damage: @escaping @Sendable (inout Data) -> Void = { _ in },
    subject: (inout GateSubject) -> Void = { _ in }, clip change: (inout GateClip) -> Void
  ) {
    self.name = name
    self.kind = kind
    self.around = around
    self.damage = damage
    self.subject = GateClip.subject(subject)
    change(&clip)
  }

  /// A fault that is not in the clip itself.
  init(
    _ name: String, _ kind: Finding.Kind,
    damage: @escaping @Sendable (inout Data) -> Void = { _ in },
    subject: (inout GateSubject) -> Void = { _ in }
  ) {
    self.init(name, kind, damage: damage, subject: subject, clip: { _ in })
  }

  static let all = picture + light + text + sound + time + file + placement

  /// Covers the picture with `colour` while `expression` holds.
  static func cover(_ colour: String, _ expression: String, box: String = "x=0:y=0:w=iw:h=ih") -> String {
    "drawbox=\(box):color=\(colour):t=fill:enable='\(expression)'"
  }

  static let picture: [GateFault] = [
    GateFault("black at the start", .pictureBlack, around: 0...0.6) {
      $0.picture = cover("black", "lt(t,0.5)")
    },
    GateFault("black in the middle", .pictureBlack, around: 0.4...1.1) {
      $0.picture = cover("black", "between(t,0.5,1)")
    },
    GateFault("black at the end", .pictureBlack, around: 0.9...1.6) {
      $0.picture = cover("black", "gte(t,1)")
    },
    GateFault("black throughout", .pictureBlack) { $0.picture = cover("black", "1") },
    GateFault("nearly black", .pictureBlack, around: 0.4...1.1) {
      $0.picture = cover("0x0A0A0A", "between(t,0.5,1)")
    },
    GateFault("black but for a spot", .pictureBlack, around: 0.4...1.1) {
      $0.picture =
        cover("black", "between(t,0.5,1)") + ","
        + cover("white", "between(t,0.5,1)", box: "x=100:y=100:w=24:h=24")
    },
    GateFault("black with the sound going on", .pictureBlack) {
      $0.seconds = 2.5
      $0.picture = "fade=t=out:st=1.2:d=0.5"
    },
    GateFault("stuck in the middle", .pictureFrozen, around: 0.4...3.2) {
      $0.seconds = 3.5
      $0.picture = "loop=loop=75:size=1:start=15"
    },
    GateFault("stuck at the end", .pictureFrozen, around: 0.9...3.6) {
      $0.seconds = 3.5
      $0.picture = "trim=end=1,tpad=stop_mode=clone:stop_duration=4"
    },
    GateFault("a still instead of a film", .pictureFrozen) {
      $0.seconds = 2.5
      $0.source = "color=c=0x336699:s=270x480:r=30"
    },
    GateFault(
      "stuck longer than the storyboard stands still", .pictureFrozen, subject: { $0.stills = [0..<20] },
      clip: {
        $0.seconds = 3
        $0.source = "color=c=0x996633:s=270x480:r=30"
      }),
    GateFault("stuck twice", .pictureFrozen) {
      $0.seconds = 5
      $0.picture = "loop=loop=62:size=1:start=5,loop=loop=62:size=1:start=80"
    },
    GateFault("one black frame", .pictureBlink, around: 0.6...0.75) {
      $0.picture = cover("black", "eq(n,20)")
    },
    GateFault("one white frame", .pictureBlink, around: 0.6...0.75) {
      $0.picture = cover("white", "eq(n,20)")
    },
    GateFault("one frame without its upper third", .pictureBlink, around: 0.9...1.1) {
      $0.picture = cover("0x202020", "eq(n,30)", box: "x=0:y=0:w=iw:h=160")
    },
    GateFault("two frames turned upside down", .pictureBlink) {
      $0.picture = "negate=enable='eq(n,10)+eq(n,31)'"
    },
    GateFault("light trembling at 5 Hz", .pictureFlicker) {
      $0.seconds = 2
      $0.picture = "eq=brightness='0.03*sin(2*PI*5*t)':eval=frame"
    },
    GateFault("light trembling at 7 Hz", .pictureFlicker) {
      $0.seconds = 2
      $0.picture = "eq=brightness='0.04*sin(2*PI*7*t)':eval=frame"
    },
    GateFault("exposure pumping", .pictureFlicker) {
      $0.seconds = 2
      $0.picture = "eq=contrast='1+0.25*gt(mod(t,0.2),0.1)':brightness='0.03*gt(mod(t,0.2),0.1)':eval=frame"
    },
  ]

  static let light: [GateFault] = [
    GateFault("white flashes, 5 Hz", .pictureFlash) { $0.picture = cover("white", "lt(mod(t,0.2),0.1)") },
    GateFault("white flashes, 10 Hz", .pictureFlash) { $0.picture = cover("white", "lt(mod(n,3),1)") },
    GateFault("white flashes, 15 Hz", .pictureFlash) { $0.picture = cover("white", "lt(mod(n,2),1)") },
    GateFault("white flashes, 4 Hz", .pictureFlash) {
      $0.seconds = 2
      $0.picture = cover("white", "lt(mod(t,0.25),0.125)")
    },
    GateFault("a burst of four", .pictureFlash, around: 0.4...1.6) {
      $0.seconds = 2
      $0.picture = cover("white", "between(t,0.6,1.4)*lt(mod(t,0.2),0.1)")
    },
    GateFault("flashes in one part", .pictureFlash) {
      $0.picture = cover("white", "lt(mod(t,0.2),0.1)", box: "x=20:y=300:w=80:h=120")
    },
    GateFault("dim flashes", .pictureFlash) {
      // Linear 0.06 and 0.21.
      $0.picture = cover("0x464646", "1") + "," + cover("0x7F7F7F", "lt(mod(t,0.2),0.1)")
    },
    GateFault("a negative at 6 Hz", .pictureFlash) {
      $0.source = "color=c=0x202830:s=270x480:r=30"
      $0.picture = "negate=enable='lt(mod(n,5),2)'"
    },
    GateFault("blue and yellow", .pictureFlash) {
      $0.picture = cover("blue", "1") + "," + cover("yellow", "lt(mod(t,0.2),0.1)")
    },
    GateFault("soft flashes at 5 Hz", .pictureFlash) {
      $0.source = "color=c=0x404040:s=270x480:r=30"
      $0.picture = "geq=lum='90+70*sin(2*PI*5*T)':cb=128:cr=128"
    },
    GateFault("red as light as its grey", .pictureRedFlash) {
      $0.picture = cover("0x7F7F7F", "1") + "," + cover("red", "lt(mod(t,0.2),0.1)")
    },
    GateFault("red and black", .pictureRedFlash) {
      $0.picture = cover("black", "1") + "," + cover("red", "lt(mod(t,0.2),0.1)")
    },
    GateFault("red and blue", .pictureRedFlash) {
      $0.picture = cover("0x3030C0", "1") + "," + cover("0xF00000", "lt(mod(n,6),3)")
    },
    GateFault("red and green in one part", .pictureRedFlash) {
      $0.picture =
        cover("0x008000", "1", box: "x=100:y=100:w=90:h=140") + ","
        + cover("red", "lt(mod(n,6),3)", box: "x=100:y=100:w=90:h=140")
    },
  ]
}
