/// The text of an export as UTF-8, whatever it was saved as.
enum ExportText {
  /// - Throws: `.unreadable` when the bytes are neither UTF-8 nor UTF-16 with a byte order mark.
  static func utf8(_ bytes: [UInt8]) throws(InsightImportError) -> [UInt8] {
    if bytes.starts(with: [0xFF, 0xFE]) { return try utf16(bytes, isBigEndian: false) }
    if bytes.starts(with: [0xFE, 0xFF]) { return try utf16(bytes, isBigEndian: true) }
    if bytes.starts(with: Array("PK\u{03}\u{04}".utf8)) {
      throw .unreadable("the file is a spreadsheet (XLSX); save it as CSV, or export CSV")
    }
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard String(validating: text, as: UTF8.self) != nil else {
      throw .unreadable("the file is not UTF-8 text; is it CSV, and not a spreadsheet? Save it as CSV UTF-8")
    }
    return text
  }

  /// Google Ads' "Excel .csv" is UTF-16LE with tabs.
  private static func utf16(_ bytes: [UInt8], isBigEndian: Bool) throws(InsightImportError) -> [UInt8] {
    guard bytes.count.isMultiple(of: 2) else {
      throw .unreadable("the file is UTF-16 and ends within a character; was it cut off?")
    }
    let (high, low) = isBigEndian ? (0, 1) : (1, 0)
    let units = stride(from: 2, to: bytes.count, by: 2).map { at -> UInt16 in
      UInt16(bytes[at + high]) << 8 | UInt16(bytes[at + low])
    }
    guard let text = String(validating: units, as: UTF16.self) else {
      throw .unreadable("the file says that it is UTF-16 and is not; export it again, or save it as UTF-8")
    }
    return Array(text.utf8)
  }
}
