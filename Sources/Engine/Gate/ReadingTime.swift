/// How long texts take to read, in words.
enum ReadingTime {
  /// Words between spaces; scripts that write without them count each ideograph or syllable for half a word
  /// and letters of Thai, Lao, Khmer and Burmese for a fifth.
  static func words(in text: String) -> Double {
    var count = 0.0
    for part in text.split(whereSeparator: \.isWhitespace) {
      var (dense, unspaced, other) = (0, 0, false)
      for scalar in part.unicodeScalars {
        switch scalar.value {
        case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: dense += 1
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: unspaced += 1
        default: if scalar.properties.isAlphabetic || scalar.properties.numericType != nil { other = true }
        }
      }
      count += Double(dense) / 2 + Double(unspaced) / 5 + (other ? 1 : 0)
    }
    return count
  }
}
