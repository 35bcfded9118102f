/// Rows of a CSV file (RFC 4180), with the line each begins on: what a message about a row needs. Quotes may hold
/// delimiters and line breaks; lines end with LF, CR LF or CR.
struct CSVReader {
  struct Row: Hashable {
    /// Counted from 1.
    var line: Int
    var fields: [String]
  }

  private let bytes: [UInt8]
  private let delimiter: UInt8
  private var position: Int
  private var line = 1

  /// - Throws: `.unreadable` when the bytes are no text.
  init(_ bytes: [UInt8]) throws(InsightImportError) {
    self.bytes = try ExportText.utf8(bytes)
    position = 0
    delimiter = Self.delimiter(of: self.bytes)
  }

  /// Of the candidates, the one that some line near the top holds most of: titles above the header hold few.
  private static func delimiter(of bytes: [UInt8]) -> UInt8 {
    let lines = bytes.prefix(64 * 1024).split { $0 == 0x0A || $0 == 0x0D }.prefix(30)
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].map { candidate in
      (candidate, lines.map { line in line.count { $0 == candidate } }.max() ?? 0)
    }
    return candidates.max { $0.1 < $1.1 }?.0 ?? UInt8(ascii: ",")
  }

  /// The next row that is not empty; nil at the end.
  mutating func next() throws(InsightImportError) -> Row? {
    while position < bytes.count {
      var row = Row(line: line, fields: [])
      repeat { row.fields.append(try field()) } while takes(delimiter)
      endLine()
      if row.fields != [""] { return row }
    }
    return nil
  }

  private mutating func field() throws(InsightImportError) -> String {
    guard position < bytes.count, bytes[position] == .quote else {
      let start = position
      while position < bytes.count, bytes[position] != delimiter, !isLineEnd(bytes[position]) {
        position += 1
      }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }
    let opened = line
    var text: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == .quote {
        guard takes(.quote) else {
          guard position == bytes.count || bytes[position] == delimiter || isLineEnd(bytes[position]) else {
            let message =
              "a quote is opened here and closed in line \(line) before other text; is one missing?"
            throw .rows([.init(line: opened, column: nil, message: message)])
          }
          return String(decoding: text, as: UTF8.self)
        }
      } else if byte == 0x0A {
        line += 1
      }
      text.append(byte)
    }
    throw .rows([.init(line: opened, column: nil, message: "a quote is opened and never closed")])
  }

  private mutating func takes(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  private mutating func endLine() {
    guard position < bytes.count else { return }
    if bytes[position] == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A { position += 1 }
    position += 1
    line += 1
  }
}
