import Foundation

/// The JSON Schema (draft 2020-12) of the composition document, made from the forms.
public enum CompositionSchema {
  /// The schema as text, with its keys in order.
  ///
  /// - Throws: when Foundation cannot write JSON, which does not happen for what stands here.
  public static func text() throws -> String {
    var definitions: [String: Any] = [
      "colour": ["anyOf": [["enum": ColourReference.names.map(\.name)], ["$ref": "#/$defs/paint"]]],
      "paint": ["type": "string", "pattern": "^#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?$"],
      "length": [
        "anyOf": [
          ["type": "string", "pattern": "^([0-9.]+(ms|s|m))+$|^[0-9.]+ beats?$"], ["const": 0],
        ]
      ],
      "moment": [
        "anyOf": [
          ["$ref": "#/$defs/length"],
          ["type": "string", "pattern": "^@(beat|bar) [0-9.]+( [+-] ([0-9.]+(ms|s|m)|[0-9.]+ beats?))?$"],
        ]
      ],
      "measure": ["anyOf": [["type": "number"], ["type": "string", "pattern": "^-?[0-9.]+%$"]]],
      "easing": [
        "anyOf": [
          ["enum": Easing.names],
          ["type": "string", "pattern": "^(bezier\\([^)]*\\)|spring\\([0-9.]+\\)|steps\\([0-9]+\\))$"],
        ]
      ],
      "shapes": [
        "type": "object", "additionalProperties": false,
        "properties": Dictionary(
          uniqueKeysWithValues: ShapeClass.allCases.map { ($0.rawValue, ["$ref": "#/$defs/override"]) }),
      ],
      "storyboard-layers": [
        "type": "array", "minItems": 1, "maxItems": 40, "items": ["type": "object", "required": ["kind"]],
      ],
      "layer": ["oneOf": Forms.layers.map { ["$ref": "#/$defs/layer-\($0.name)"] }],
      "background": ["oneOf": Forms.backgrounds.map { ["$ref": "#/$defs/background-\($0.name)"] }],
    ]
    let layers = Set(Forms.layers.map(\.name))
    for form in Forms.all where form.name != Forms.composition.name && !layers.contains(form.name) {
      definitions[form.name] = object(form)
    }
    for form in Forms.layers {
      definitions["layer-\(form.name)"] = object(Forms.layer(form.name), kind: form.name)
    }
    for form in Forms.backgrounds { definitions["background-\(form.name)"] = object(form, kind: form.name) }
    var root = object(Forms.composition)
    root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    root["title"] = Composition.schema
    root["$defs"] = definitions
    let data = try JSONSerialization.data(
      withJSONObject: root, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private static func object(_ form: Form, kind: String? = nil) -> [String: Any] {
    var properties: [String: Any] = [:]
    for field in form.fields {
      var schema = self.schema(field.type)
      schema["description"] = field.about
      if let standard = field.standard { schema["default"] = standard }
      properties[field.name] = schema
    }
    var required = form.fields.filter(\.isRequired).map(\.name)
    if let kind {
      properties["kind"] = ["const": kind]
      required.insert("kind", at: 0)
    }
    var object: [String: Any] = [
      "type": "object", "description": form.about, "properties": properties, "additionalProperties": false,
    ]
    if !required.isEmpty { object["required"] = required }
    return object
  }

  private static func schema(_ type: FieldType) -> [String: Any] {
    func number(_ range: ClosedRange<Double>) -> [String: Any] {
      ["type": "number", "minimum": range.lowerBound, "maximum": range.upperBound]
    }
    switch type {
    case .text(let range):
      return ["type": "string", "minLength": range.lowerBound, "maxLength": range.upperBound]
    case .number(let range): return number(range)
    case .whole(let range):
      return ["type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound]
    case .flag: return ["type": "boolean"]
    case .choice(let words): return ["enum": words]
    case .word(let words): return ["type": "string", "examples": words]
    case .colour: return ["$ref": "#/$defs/colour"]
    case .paint: return ["$ref": "#/$defs/paint"]
    case .moment: return ["$ref": "#/$defs/moment"]
    case .length: return ["$ref": "#/$defs/length"]
    case .measure: return ["$ref": "#/$defs/measure"]
    case .easing: return ["$ref": "#/$defs/easing"]
    case .layer: return ["$ref": "#/$defs/layer"]
    case .background: return ["$ref": "#/$defs/background"]
    case .form(let name): return ["$ref": "#/$defs/\(name)"]
    case .oneOf(let names): return ["anyOf": names.map { ["$ref": "#/$defs/\($0)"] }]
    case .shortForm(let name, let short): return ["anyOf": [schema(short), ["$ref": "#/$defs/\(name)"]]]
    case .list(let item, let count):
      return [
        "type": "array", "items": schema(item), "minItems": count.lowerBound, "maxItems": count.upperBound,
      ]
    case .track(let range):
      let keys: [String: Any] = [
        "type": "object", "additionalProperties": false, "required": ["keys"],
        "properties": [
          "keys": ["type": "array", "items": ["$ref": "#/$defs/key"], "minItems": 1, "maxItems": 200],
          "repeat": ["enum": Track.Repeat.allCases.map(\.rawValue)],
        ],
      ]
      let wave: [String: Any] = [
        "type": "object", "additionalProperties": false, "required": ["wave"],
        "properties": ["wave": ["$ref": "#/$defs/wave"]],
      ]
      return ["anyOf": [number(range), keys, wave]]
    }
  }
}
