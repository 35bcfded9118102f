/// Whether an event may be taken, by what was said of its viewer's consent. Anything but a clear yes is a no; the
/// policy decides only what silence means.
public struct ConsentPolicy: Sendable {
  public enum Requirement: String, Hashable, Sendable, CaseIterable {
    /// An event of which nothing is said is taken; whoever collects has asked before.
    case whenStated = "when_stated"
    /// An event needs a clear yes.
    case required
  }

  public var requirement: Requirement
  /// In the order in which they are asked.
  public var readings: [any ConsentReading]

  public init(
    _ requirement: Requirement = .whenStated, readings: [any ConsentReading] = [PlainConsentReading()]
  ) {
    self.requirement = requirement
    self.readings = readings
  }

  /// - Parameters:
  ///   - event: what the event itself says; it goes before
  ///   - client: what headers or the link say.
  @inline(__always)
  public func admits(event: ConsentStatement, client: ConsentStatement) -> Bool {
    switch event == .unstated ? client : event {
    case .granted: true
    case .denied: false
    case .unstated: requirement == .whenStated
    }
  }

  /// What a consent text says; one that no reading knows is a no.
  public func statement(of text: some Sequence<UInt8>) -> ConsentStatement {
    let text = Array(text)
    for reading in readings {
      if let statement = reading.statement(of: text) { return statement }
    }
    return .denied
  }

  /// What to tell the sender; of the event itself nothing is repeated.
  var refusal: String {
    switch requirement {
    case .whenStated: "the viewer's consent is stated and is not a clear yes; nothing of the event is kept"
    case .required: "this deployment needs the viewer's clear consent; nothing of the event is kept"
    }
  }
}

/// A form in which consent is written: the place for IAB TCF and GPP strings.
public protocol ConsentReading: Sendable {
  /// What the text says of being measured; nil when it is not of this form.
  func statement(of text: [UInt8]) -> ConsentStatement?
}

/// Words: `1`, `true`, `yes` and `granted` are a yes, `0`, `false`, `no` and `denied` a no; of any case.
public struct PlainConsentReading: ConsentReading {
  public init() {}

  public func statement(of text: [UInt8]) -> ConsentStatement? {
    switch String(decoding: text, as: UTF8.self).lowercased() {
    case "1", "true", "yes", "granted": .granted
    case "0", "false", "no", "denied": .denied
    default: nil
    }
  }
}
