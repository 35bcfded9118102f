/// A mapping of the composition document, told in data: from it come the reader's checks, the defaults, the
/// JSON Schema and the tables of the documentation, so that they cannot disagree.
struct Form: Sendable {
  let name: String
  let about: String
  let fields: [Field]

  init(_ name: String, _ about: String, _ fields: [Field]) {
    self.name = name
    self.about = about
    self.fields = fields
  }

  var keys: [String] { fields.map(\.name) }

  subscript(_ key: String) -> Field {
    guard let field = (fields + Forms.common).first(where: { $0.name == key }) else {
      assertionFailure("the form \(name) has no field \(key)")
      return Field(key, .text(0...10_000), "")
    }
    return field
  }

  /// This form with the fields of `other` after its own.
  func adding(_ other: [Field]) -> Form { Form(name, about, fields + other) }
}

/// A key of a form.
struct Field: Sendable {
  let name: String
  let type: FieldType
  let about: String
  /// What absence means, as it would be written; nil where absence means something of its own.
  let standard: String?
  let isRequired: Bool

  init(
    _ name: String, _ type: FieldType, _ about: String, standard: String? = nil, isRequired: Bool = false
  ) {
    self.name = name
    self.type = type
    self.about = about
    self.standard = standard
    self.isRequired = isRequired
  }
}

/// What may stand at a key.
indirect enum FieldType: Sendable {
  /// Characters.
  case text(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case whole(ClosedRange<Int>)
  case flag
  case choice([String])
  /// One of these or any text, such as a font's family.
  case word([String])
  /// A palette name or `#RRGGBB`.
  case colour
  /// `#RRGGBB` or `#RRGGBBAA`.
  case paint
  /// A point in time: `1.5s`, `@beat 8`, `@bar 2 + 100ms`.
  case moment
  /// A length of time: `500ms`, `2 beats`.
  case length
  /// Units (the shorter side has 1080) or a share of the zone: `420`, `80%`.
  case measure
  /// A number, or a mapping with `keys` or `wave`.
  case track(ClosedRange<Double>)
  case easing
  case list(FieldType, ClosedRange<Int>)
  /// A form by name.
  case form(String)
  /// One of several forms, told apart by their keys.
  case oneOf([String])
  /// A form by name, or one of its words alone.
  case shortForm(String, FieldType)
  case layer
  case background
}

extension Form {
  static let unit = 0.0...1.0
}
