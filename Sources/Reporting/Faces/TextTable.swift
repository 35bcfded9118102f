/// Columns that line up in a terminal.
struct TextTable {
  struct Column {
    var title: String
    var isRight: Bool

    static func left(_ title: String) -> Column { Column(title: title, isRight: false) }
    static func right(_ title: String) -> Column { Column(title: title, isRight: true) }
  }

  var columns: [Column]
  var rows: [[String]]
  private let gap = "  "

  init(_ columns: [Column], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }

  private var widths: [Int] {
    columns.indices.map { column in
      (rows.map { TextLayout.cells($0[column]) } + [TextLayout.cells(columns[column].title)]).max() ?? 0
    }
  }

  var width: Int { widths.reduce(0, +) + gap.count * max(0, columns.count - 1) }

  /// Without the columns that do not fit, the last first; the first is cut when even it does not.
  func fitting(_ limit: Int) -> TextTable {
    var table = self
    while table.width > limit, table.columns.count > 1 {
      table.columns.removeLast()
      table.rows = table.rows.map { $0.dropLast() }
    }
    return table
  }

  /// Heading, then rows; every line as wide as it must be and no wider.
  func lines() -> (heading: String, rows: [String]) {
    let widths = widths
    let line = { (cells: [String]) in
      zip(cells, columns.indices).map { cell, index in
        TextLayout.padded(cell, to: widths[index], isRight: columns[index].isRight)
      }.joined(separator: gap).trimmingEnd
    }
    return (line(columns.map(\.title)), rows.map(line))
  }
}

/// Cells of a terminal.
enum TextLayout {
  /// Two for East Asian wide characters and emoji.
  static func cells(_ text: String) -> Int {
    text.reduce(0) { sum, character in
      guard let scalar = character.unicodeScalars.first else { return sum }
      let isWide =
        scalar.properties.isEmojiPresentation || (0x1100...0x115f).contains(scalar.value)
        || (0x2e80...0xa4cf).contains(scalar.value) || (0xac00...0xd7a3).contains(scalar.value)
        || (0xf900...0xfaff).contains(scalar.value) || (0xfe30...0xfe6f).contains(scalar.value)
        || (0xff00...0xff60).contains(scalar.value) || (0x20000...0x3fffd).contains(scalar.value)
      return sum + (isWide ? 2 : 1)
    }
  }

  static func padded(_ text: String, to width: Int, isRight: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - cells(text)))
    return isRight ? space + text : text + space
  }

  /// Lines of whole words, the first after `bullet`, the others as far in; a word too long for a line is broken.
  static func wrapped(_ text: String, width: Int, bullet: String = "") -> [String] {
    let indent = String(repeating: " ", count: cells(bullet))
    let room = max(8, width - cells(bullet))
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ").flatMap({ broken(String($0), room: room) }) {
      if !line.isEmpty, cells(line) + 1 + cells(word) > room {
        lines.append(line)
        line = word
      } else {
        line += (line.isEmpty ? "" : " ") + word
      }
    }
    lines.append(line)
    return lines.enumerated().map { ($0 == 0 ? bullet : indent) + $1 }
  }

  private static func broken(_ word: String, room: Int) -> [String] {
    guard cells(word) > room else { return [word] }
    var parts = [""]
    for character in word {
      if cells(parts[parts.count - 1] + String(character)) > room { parts.append("") }
      parts[parts.count - 1].append(character)
    }
    return parts
  }
}

extension String {
  var trimmingEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
