internal import Documents

/// `{amount: 12000.00, currency: EUR}`.
enum MoneyFile {
  static func read(_ node: DocumentNode) -> Money {
    let map = node.mapping(allowed: ["amount", "currency"])
    let currency = map.require("currency").parsed("a currency of ISO 4217 such as EUR", standIn: "EUR") {
      $0.wholeMatch(of: #/[A-Z]{3}/#) == nil ? nil : $0
    }
    let digits = minorDigits(of: currency)
    let amount = map.require("amount").parsed(
      "an amount with at most \(digits) decimals for \(currency), such as \(digits == 0 ? "12000" : "12000.00")",
      standIn: 0
    ) { minorUnits($0, digits: digits) }
    return Money(minorUnits: amount, currency: currency)
  }

  /// The decimal number in minor units, exactly; nil for anything else, negative or beyond 64 bits.
  static func minorUnits(_ text: String, digits: Int) -> Int64? {
    guard let match = text.wholeMatch(of: #/([0-9]+)(?:\.([0-9]+))?/#) else { return nil }
    let fraction = match.2.map(String.init) ?? ""
    guard fraction.count <= digits else { return nil }
    return Int64(match.1 + fraction + String(repeating: "0", count: digits - fraction.count))
  }

  /// Decimals of the minor unit (ISO 4217, list one); two unless listed.
  static func minorDigits(of currency: String) -> Int {
    switch currency {
    case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
      "XAF", "XOF", "XPF":
      0
    case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
    default: 2
    }
  }
}
