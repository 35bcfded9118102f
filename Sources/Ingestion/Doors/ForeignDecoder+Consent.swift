/// What an event says of consent, read so that doubt is a no: any category that stands for measurement and is not
/// clearly allowed denies.
extension ForeignDecoder {
  func consent() throws(ForeignProblem) -> ConsentStatement {
    var granted = false
    for (_, value) in found(.consent) {
      guard case .bool(let flag) = value else { throw wrong(.consent, .wrongType, "true or false") }
      if !flag { return .denied }
      granted = true
    }
    for (_, value) in found(.consentDenied) {
      guard case .array(let start) = value, let denied = measured(in: start) else { return .denied }
      if denied { return .denied }
    }
    for (_, value) in found(.consentAllowed) {
      guard case .array(let start) = value, let allowed = measured(in: start) else { return .denied }
      if allowed { granted = true }
    }
    for (_, value) in found(.consentCategories) {
      guard case .object(let start) = value, let flags = measurementFlags(in: start) else { return .denied }
      if flags.contains(false) { return .denied }
      if !flags.isEmpty { granted = true }
    }
    return granted ? .granted : .unstated
  }

  /// Whether a list of categories names one that stands for measurement; nil for anything but a list of texts.
  private func measured(in start: Int) -> Bool? {
    var scanner = scanner
    scanner.position = start
    var isMeasured = false
    var isList = true
    do {
      try scanner.array { (scanner) throws(JSONSyntaxError) in
        guard case .text(let text) = try scanner.value(depth: 0).0 else {
          isList = false
          return
        }
        if vocabulary.isMeasurement(scanner.bytes[text.range]) { isMeasured = true }
      }
    } catch {
      return nil
    }
    return isList ? isMeasured : nil
  }

  /// The flags of the categories that stand for measurement; what is not `true` is no consent.
  private func measurementFlags(in start: Int) -> [Bool]? {
    var scanner = scanner
    scanner.position = start
    var flags: [Bool] = []
    do {
      try scanner.object { (key, scanner) throws(JSONSyntaxError) in
        let isMeasurement = vocabulary.isMeasurement(scanner.bytes[key.range])
        let value = try scanner.value(depth: 0).0
        guard isMeasurement else { return }
        if case .bool(true) = value { flags.append(true) } else { flags.append(false) }
      }
    } catch {
      return nil
    }
    return flags
  }
}
