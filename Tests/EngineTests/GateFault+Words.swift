import Engine
import Foundation

extension GateFault {
  /// Draws "Hamburg fonts" in one line with its ink in `box`, at 60 px.
  static func words(_ colour: String, size: Int = 32, y: Int = 220) -> String {
    "drawtext=text='Hamburgs':font=DejaVu Sans:fontcolor=\(colour):fontsize=\(size):x=40:y=\(y)"
  }

  static func line(
    _ colour: Colour?, size: Double = 32, isBold: Bool = false, y: Double = 220, shown: Range<Int> = 0..<45
  ) -> GateSubject.Words {
    GateSubject.Words(
      text: "Hamburgs", size: size, isBold: isBold, colour: colour,
      lines: [.init(x: 41, y: y + 1, width: size * 4.9, height: size * 0.92)], shown: shown)
  }

  private static func grey(_ value: UInt8) -> Colour { Colour(red: value, green: value, blue: value) }

  static let text: [GateFault] = [
    GateFault(
      "white on nearly white", .textContrast, subject: { $0.words = [line(.white)] },
      clip: {
        $0.picture = cover("0xE8E8E8", "1") + "," + words("white")
      }),
    GateFault(
      "grey on grey", .textContrast, subject: { $0.words = [line(grey(0x90))] },
      clip: {
        $0.picture = cover("0x707070", "1") + "," + words("0x909090")
      }),
    GateFault(
      "black on dark blue", .textContrast, subject: { $0.words = [line(.black)] },
      clip: {
        $0.picture = cover("0x101840", "1") + "," + words("black")
      }),
    GateFault(
      "yellow on white", .textContrast, subject: { $0.words = [line(Colour("#FFE000"))] },
      clip: {
        $0.picture = cover("white", "1") + "," + words("0xFFE000")
      }),
    GateFault(
      "red on green of the same light", .textContrast, subject: { $0.words = [line(Colour("#E02020"))] },
      clip: {
        $0.picture = cover("0x208020", "1") + "," + words("0xE02020")
      }),
    GateFault(
      "small words at 3.5:1", .textContrast, subject: { $0.words = [line(grey(0x85), size: 8, y: 220)] },
      clip: {
        $0.picture = cover("white", "1") + "," + words("0x858585", size: 8)
      }),
    GateFault(
      "white that runs on to white", .textContrast, subject: { $0.words = [line(.white)] },
      clip: {
        $0.picture =
          cover("0x102030", "1") + "," + cover("0xF0F0F0", "1", box: "x=120:y=0:w=150:h=480") + ","
          + words("white")
      }),
    GateFault(
      "a light cloud that moves behind the words", .textContrast, subject: { $0.words = [line(.white)] },
      clip: {
        $0.picture =
          cover("0x102030", "1") + "," + cover("0xF0F0F0", "gte(t,1)", box: "x=0:y=200:w=270:h=80") + ","
          + words("white")
      }),
    GateFault(
      "a colour nobody told", .textContrast, subject: { $0.words = [line(nil)] },
      clip: {
        $0.picture = cover("0x506070", "1") + "," + words("0x607080")
      }),
    GateFault(
      "words that are not there", .textAbsent, subject: { $0.words = [line(.white)] },
      clip: {
        $0.picture = cover("0x102030", "1")
      }),
    GateFault(
      "words behind a panel", .textAbsent, subject: { $0.words = [line(.white)] },
      clip: {
        $0.picture = words("white") + "," + cover("0x203040", "gte(t,0.5)", box: "x=20:y=200:w=230:h=90")
      }),
    GateFault("words too small", .textSmall, subject: { $0.words = [line(nil, size: 4)] }),
    GateFault(
      "words too small for television", .textSmall,
      subject: {
        $0.words = [line(nil, size: 7)]
        $0.placement.rules.smallestText = 30
      }),
    GateFault("words for a blink", .textBrief, subject: { $0.words = [line(nil, shown: 10..<22)] }),
    GateFault(
      "many words for a second", .textHurried,
      subject: {
        $0.words = [line(nil, shown: 0..<30)]
        $0.words[0].text = "One cannot read all of these twelve words within a single second"
      }),
    GateFault(
      "ideographs for a second", .textHurried,
      subject: {
        $0.words = [line(nil, shown: 0..<30)]
        $0.words[0].text = "三十秒把自来水变成气泡水，一次补充可制作十二升，全天保持冰凉。"
      }),
    GateFault("words under the caption", .safeZone, subject: { $0.words = [line(nil, y: 400)] }),
    GateFault("words beyond the top", .safeZone, subject: { $0.words = [line(nil, y: 20)] }),
    GateFault(
      "words beyond the right", .safeZone,
      subject: {
        $0.words = [line(nil)]
        $0.words[0].lines.append(.init(x: 100, y: 250, width: 160, height: 20))
      }),
    GateFault(
      "a logo in the corner", .safeZone,
      subject: {
        $0.marks = [.init(name: "the logo", box: .init(x: 4, y: 60, width: 40, height: 20), shown: 0..<45)]
      }),
    GateFault(
      "a button under the platform's own", .safeZone,
      subject: {
        $0.marks = [
          .init(name: "the button", box: .init(x: 60, y: 400, width: 90, height: 40), shown: 0..<45)
        ]
      }),
  ]

  static let sound: [GateFault] = [
    GateFault("too loud", .soundLoudness) { $0.sound = sine(0.32) },
    GateFault("too quiet", .soundLoudness) { $0.sound = sine(0.1) },
    GateFault(
      "loud for television", .soundLoudness,
      subject: {
        $0.placement.rules.loudness = -23
        $0.placement.rules.loudnessTolerance = 1
      }),
    GateFault("too high a peak", .soundPeak) {
      // A short click over a tone of the right loudness.
      $0.sound = sine(0.1995, plus: "+0.76*between(t,0.5,0.51)*sin(2*PI*997*t)")
    },
    GateFault("a peak between the samples", .soundPeak) {
      // At a quarter of the sample rate, half way between its own samples: 3 dB more than any of them.
      $0.sound = sine(0.19, plus: "+0.75*between(t,0.5,0.506)*sin(2*PI*12000*t+PI/4)")
    },
    GateFault("silence", .soundSilent) { $0.sound = "anullsrc=r=48000:cl=stereo" },
    GateFault("a hole in the music", .soundDropout, around: 0.9...2.7) {
      $0.seconds = 4
      $0.sound = sine(0.1995, plus: "*(1-between(t,1,2.6))")
    },
    GateFault("music that ends too soon", .soundDropout, around: 1.3...4.1) {
      $0.seconds = 4
      $0.sound = sine(0.1995, plus: "*lt(t,1.5)")
    },
  ]

  static func sine(_ amplitude: Double, plus: String = "") -> String {
    let wave = "\(amplitude)*sin(2*PI*997*t)\(plus)"
    return "aevalsrc=\(wave)|\(wave):s=48000".replacing(",", with: "\\,")
  }
}
