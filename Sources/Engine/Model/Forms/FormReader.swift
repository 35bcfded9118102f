import Documents

/// Turns times as written into seconds of the scene being read.
struct DocumentClock {
  var tempo: Double
  /// Where the scene begins, in seconds of the whole.
  var origin = 0.0

  /// Points in time count from the scene's beginning; `@beat` and `@bar` (of four beats) from the music's.
  func moment(_ text: String) -> Double? {
    let parts = text.split(separator: " ", omittingEmptySubsequences: true)
    guard text.hasPrefix("@") else { return length(text) }
    guard parts.count == 2 || parts.count >= 4, let count = Double(parts[1]), count >= 0, count <= 10_000
    else { return nil }
    let beats: Double
    switch parts[0] {
    case "@beat": beats = count
    case "@bar": beats = count * 4
    default: return nil
    }
    var seconds = beats * 60 / tempo - origin
    if parts.count >= 4 {
      guard let more = length(parts[3...].joined(separator: " ")) else { return nil }
      switch parts[2] {
      case "+": seconds += more
      case "-": seconds -= more
      default: return nil
      }
    }
    return seconds
  }

  /// `500ms`, `1.5s`, `0`, `2 beats`.
  func length(_ text: String) -> Double? {
    if text == "0" { return 0 }
    let parts = text.split(separator: " ")
    if parts.count == 2, parts[1] == "beats" || parts[1] == "beat" {
      guard let count = Double(parts[0]), count >= 0, count <= 10_000 else { return nil }
      return count * 60 / tempo
    }
    return DurationText.parse(text).map { TimeSpan($0).seconds }
  }
}

/// Reads a mapping by its form: ranges, choices and defaults come from the form.
struct FormReader {
  let map: DocumentMapping
  let node: DocumentNode
  let form: Form
  var clock: DocumentClock

  /// The same mapping read with other times.
  func timed(_ clock: DocumentClock) -> FormReader {
    var reader = self
    reader.clock = clock
    return reader
  }

  init(_ node: DocumentNode, _ form: Form, _ clock: DocumentClock, also: [String] = []) {
    self.node = node
    self.form = form
    self.clock = clock
    map = node.mapping(allowed: form.keys + also)
  }

  var place: Place { Place(node) }

  /// The node at `key`; nil when it is absent, which is a problem where the form requires it.
  func value(_ key: String) -> DocumentNode? {
    guard form.fields.contains(where: { $0.name == key }) else { return nil }
    if form[key].isRequired { return map.has(key) ? map.optional(key) : missing(key) }
    return map.optional(key)
  }

  private func missing(_ key: String) -> DocumentNode? {
    _ = map.require(key)
    return nil
  }

  func text(_ key: String) -> String? {
    guard let value = value(key) else { return form[key].standard }
    guard case .text(let range) = form[key].type else { return value.string() }
    return value.string(length: range)
  }

  /// The number, or the form's default.
  func number(_ key: String) -> Double {
    optionalNumber(key) ?? form[key].standard.flatMap { Double($0) } ?? 0
  }

  func optionalNumber(_ key: String) -> Double? {
    guard let value = value(key) else { return nil }
    guard case .number(let range) = form[key].type else { return value.double() }
    return value.double(in: range)
  }

  func whole(_ key: String) -> Int {
    optionalWhole(key) ?? form[key].standard.flatMap { Int($0) } ?? 0
  }

  func optionalWhole(_ key: String) -> Int? {
    guard let value = value(key) else { return nil }
    guard case .whole(let range) = form[key].type else { return value.int() }
    return value.int(in: range)
  }

  func flag(_ key: String) -> Bool { value(key)?.bool() ?? (form[key].standard == "true") }

  /// A choice's case; the form's default, or the first, where it is absent or wrong.
  func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice
  where Choice.RawValue == String {
    let standard = form[key].standard.flatMap { Choice(rawValue: $0) } ?? Choice.allCases.first
    return optionalChoice(key, type) ?? standard ?? Choice.allCases[Choice.allCases.startIndex]
  }

  func optionalChoice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    value(key)?.oneOf(type, what: key)
  }

  func word(_ key: String) -> String {
    guard let value = value(key) else { return form[key].standard ?? "" }
    guard case .choice(let words) = form[key].type else { return value.string() }
    return value.known(in: words, what: key)
  }

  func colour(_ key: String) -> ColourReference {
    optionalColour(key) ?? form[key].standard.flatMap { ColourReference($0) } ?? .dark
  }

  func optionalColour(_ key: String) -> ColourReference? { value(key)?.colourReference() }

  func paint(_ key: String) -> Colour {
    value(key)?.colour() ?? form[key].standard.flatMap { Colour($0) } ?? .black
  }

  func colours(_ key: String) -> [ColourReference] {
    guard let value = value(key) else { return [.light] }
    guard case .list(_, let count) = form[key].type else { return [] }
    return value.list(count: count) { $0.colourReference() }
  }

  func measure(_ key: String) -> Measure {
    optionalMeasure(key) ?? form[key].standard.flatMap { Measure($0) } ?? .units(0)
  }

  func optionalMeasure(_ key: String) -> Measure? {
    value(key)?.parsed("units or a share of the zone such as 420 or 80%", standIn: .units(0)) { Measure($0) }
  }

  func moment(_ key: String) -> Double? {
    value(key)?.parsed(
      "a point in time such as 1.5s, @beat 8 or @bar 2 + 100ms", standIn: 0, { clock.moment($0) })
  }

  /// Seconds.
  func length(_ key: String) -> Double {
    optionalLength(key) ?? form[key].standard.flatMap { clock.length($0) } ?? 0
  }

  func optionalLength(_ key: String) -> Double? {
    value(key)?.parsed("a length of time such as 500ms, 1.5s or 2 beats", standIn: 0) { clock.length($0) }
  }

  func easing(_ key: String) -> Easing {
    optionalEasing(key) ?? form[key].standard.flatMap { Easing($0) } ?? .linear
  }

  func optionalEasing(_ key: String) -> Easing? {
    guard let node = value(key) else { return nil }
    let text = node.string()
    if let easing = Easing(text) { return easing }
    let near = Suggestion.nearest(to: text, in: Easing.names).map { " (did you mean \"\($0)\"?)" } ?? ""
    node.problem(
      "\"\(text.prefix(60))\" is not a known easing; allowed: \(Easing.names.joined(separator: ", ")), "
        + "bezier(x1, y1, x2, y2), spring(damping 0.05…1), steps(1…60)\(near)")
    return .linear
  }

  func reader(_ key: String, _ form: Form, clock other: DocumentClock? = nil) -> FormReader? {
    value(key).map { FormReader($0, form, other ?? clock) }
  }
}
