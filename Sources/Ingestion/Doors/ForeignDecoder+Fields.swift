/// The values of an element by what they mean.
extension ForeignDecoder {
  /// Everything that was said at the places of a meaning, in order of precedence.
  func found(_ meaning: ForeignFormat.Meaning) -> [(path: String, value: JSONValue)] {
    var found: [(String, JSONValue)] = []
    for (index, field) in format.fields.enumerated() where field.meaning == meaning {
      if !walk.values[index].isAbsent { found.append((field.path, walk.values[index])) }
    }
    return found
  }

  /// The first text of a meaning that is not empty; a number counts as the text it was written in.
  mutating func text(_ meaning: ForeignFormat.Meaning) throws(ForeignProblem) -> RawEvent.Text? {
    for (index, field) in format.fields.enumerated() where field.meaning == meaning {
      switch walk.values[index] {
      case .absent, .null: continue
      case .number(_, let range): return RawEvent.Text(rebasing: scanner.bytes[range])
      case .text(let string):
        guard string.isValid else {
          throw ForeignProblem(code: .invalidText, message: "'\(field.path)' is not valid text")
        }
        guard let text = texts.text(of: string, in: scanner) else {
          throw ForeignProblem(code: .tooLong, message: "'\(field.path)' is too long")
        }
        if !text.isEmpty { return text }
      default: throw ForeignProblem(code: .wrongType, message: "'\(field.path)' must be a text")
      }
    }
    return nil
  }

  mutating func identifier(_ meaning: ForeignFormat.Meaning) throws(ForeignProblem) -> RawEvent.Text? {
    guard let text = try text(meaning) else { return nil }
    guard text.count <= limits.bytesPerIdentifier else { throw wrong(meaning, .tooLong, "shorter") }
    return text
  }

  func missing(_ meaning: ForeignFormat.Meaning) -> ForeignProblem {
    let places = format.fields.filter { $0.meaning == meaning }.map { "'\($0.path)'" }
    return ForeignProblem(
      code: .missingField,
      message: places.count == 1
        ? "\(places[0]) is missing" : "one of \(places.joined(separator: ", ")) is missing")
  }

  func wrong(
    _ meaning: ForeignFormat.Meaning, _ code: Rejection.Code, _ expectation: String
  ) -> ForeignProblem {
    let path = found(meaning).first?.path ?? format.fields.first { $0.meaning == meaning }?.path ?? ""
    return ForeignProblem(code: code, message: "'\(path)' must be \(expectation)")
  }
}
