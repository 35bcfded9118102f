/// `Background` and `Layer` are written as their payload's keys and one more, `kind`.
private enum KindKey: String, CodingKey { case kind }

extension Background: Codable {
  enum Kind: String, CaseIterable { case colour, gradient, photo }

  public init(from decoder: any Decoder) throws {
    switch try kind(Kind.self, decoder) {
    case .colour: self = .colour(try ColourBackground(from: decoder))
    case .gradient: self = .gradient(try GradientBackground(from: decoder))
    case .photo: self = .photo(try PhotoBackground(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .colour(let value): try encodeKind(Kind.colour, value, encoder)
    case .gradient(let value): try encodeKind(Kind.gradient, value, encoder)
    case .photo(let value): try encodeKind(Kind.photo, value, encoder)
    }
  }
}

extension Layer: Codable {
  enum Kind: String, CaseIterable { case text, image, button, scrim }

  public init(from decoder: any Decoder) throws {
    switch try kind(Kind.self, decoder) {
    case .text: self = .text(try TextLayer(from: decoder))
    case .image: self = .image(try ImageLayer(from: decoder))
    case .button: self = .button(try ButtonLayer(from: decoder))
    case .scrim: self = .scrim(try ScrimLayer(from: decoder))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .text(let value): try encodeKind(Kind.text, value, encoder)
    case .image(let value): try encodeKind(Kind.image, value, encoder)
    case .button(let value): try encodeKind(Kind.button, value, encoder)
    case .scrim(let value): try encodeKind(Kind.scrim, value, encoder)
    }
  }
}

private func kind<Kind: RawRepresentable<String>>(_ type: Kind.Type, _ decoder: any Decoder) throws -> Kind {
  let container = try decoder.container(keyedBy: KindKey.self)
  let text = try container.decode(String.self, forKey: .kind)
  guard let kind = Kind(rawValue: text) else {
    throw DecodingError.dataCorruptedError(
      forKey: .kind, in: container, debugDescription: "\"\(text)\" is not a known kind")
  }
  return kind
}

private func encodeKind(
  _ kind: some RawRepresentable<String>, _ value: some Encodable, _ encoder: any Encoder
) throws {
  var container = encoder.container(keyedBy: KindKey.self)
  try container.encode(kind.rawValue, forKey: .kind)
  try value.encode(to: encoder)
}
