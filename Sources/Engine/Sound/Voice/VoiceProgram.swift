/// A program that speaks: takes text on standard input and gives a WAV file on standard output.
///
/// Arguments may hold `{language}` (BCP 47 as in the document), `{primary_language}` (`pt` of `pt-BR`),
/// `{voice}` (of the line, else `standardVoice`), `{words_per_minute}` and `{speed}` (1.00 is normal). No shell
/// reads them. What is spoken is a pure function of the line only as far as the program is one.
public struct VoiceProgram: Sendable, Hashable {
  /// A path, or a name looked for in `PATH`.
  public var executable: String
  public var arguments: [String]
  /// In the place of `{voice}` where a line names none; nil takes the line's language.
  public var standardVoice: String?
  public var timeoutMilliseconds: Int
  /// A longer answer is refused.
  public var maximumBytes: Int

  public init(
    executable: String, arguments: [String], standardVoice: String? = nil, timeoutMilliseconds: Int = 20_000,
    maximumBytes: Int = 64 << 20
  ) {
    self.executable = executable
    self.arguments = arguments
    self.standardVoice = standardVoice
    self.timeoutMilliseconds = timeoutMilliseconds
    self.maximumBytes = maximumBytes
  }

  /// eSpeak NG: plain, but it speaks over a hundred languages and is a Debian package (`espeak-ng`).
  public static let espeak = VoiceProgram(
    executable: "espeak-ng",
    arguments: ["--stdout", "--stdin", "-b", "1", "-v", "{voice}", "-s", "{words_per_minute}"])

  /// What people hear as a normal pace.
  private static let wordsPerMinute = 165.0

  func arguments(for line: VoiceLine, speed: Double) -> [String] {
    let hundredths = Int((speed * 100).rounded())
    let fraction = hundredths % 100
    let values = [
      "{language}": line.language,
      "{primary_language}": line.language.split(separator: "-").first.map(String.init) ?? line.language,
      "{voice}": line.voice ?? standardVoice ?? line.language.lowercased(),
      "{words_per_minute}": "\(Int((Self.wordsPerMinute * speed).rounded()))",
      "{speed}": "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)",
    ]
    return arguments.map { argument in
      // One pass: what was put in is not looked at again.
      var (result, rest) = ("", argument[...])
      while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
        result += rest[..<open]
        let name = String(rest[open...close])
        result += values[name] ?? name
        rest = rest[rest.index(after: close)...]
      }
      return result + rest
    }
  }
}
