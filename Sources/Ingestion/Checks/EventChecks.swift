import Campaigns
import FoundationEssentials

/// Which client times are believed, seen from the moment an event arrives.
public struct AcceptWindow: Hashable, Sendable {
  public var pastDays: Int
  public var futureDays: Int
  /// Where keeping begins, whatever `pastDays` would let in.
  public var floor: RetentionFloor

  public init(pastDays: Int = 400, futureDays: Int = 1, floor: RetentionFloor = RetentionFloor()) {
    self.pastDays = pastDays
    self.futureDays = futureDays
    self.floor = floor
  }

  func milliseconds(around moment: Date) -> ClosedRange<Int64> {
    let now = Int64((moment.timeIntervalSince1970 * 1000).rounded(.down))
    let end = now + Int64(futureDays) * 86_400_000
    return min(max(now - Int64(pastDays) * 86_400_000, floor.milliseconds), end)...end
  }
}

/// From bytes to events that may be stored: everything that can be said of a body without asking the database.
struct EventChecks {
  let workspace: Identifier<Workspace>
  let receivedAt: Date
  let source: EventSource
  let client: ClientContext
  let window: ClosedRange<Int64>
  let identity: EventIdentity
  let pseudonym: ViewerPseudonym
  let limits: DecodingLimits
  var consent = ConsentPolicy()
  var traffic = RequestTraffic.none
  var device = RequestDevice.unstated
  var vocabulary = EventVocabulary.standard

  /// Variants and placements that the catalogue does not hold, as far as a body names them.
  struct Unknown {
    var variants: Set<UUID> = []
    var placements: Set<String> = []
    var isEmpty: Bool { variants.isEmpty && placements.isEmpty }
  }

  func check(_ body: UnsafeBufferPointer<UInt8>, against catalogue: CatalogueView) throws(BodyError) -> (
    batch: CheckedBatch, unknown: Unknown
  ) {
    guard let format = source.format else {
      var decoder = try EventDecoder(body, limits: limits)
      return try check(&decoder, of: body, against: catalogue)
    }
    var decoder = try ForeignDecoder.open(
      body, format: format, vocabulary: vocabulary, limits: limits)
    return try check(&decoder, of: body, against: catalogue)
  }

  @inline(__always)
  private func check(
    _ decoder: inout some EventDecoding & ~Copyable, of body: UnsafeBufferPointer<UInt8>,
    against catalogue: CatalogueView
  ) throws(BodyError) -> (batch: CheckedBatch, unknown: Unknown) {
    var batch = CheckedBatch(workspace: workspace, receivedAt: receivedAt)
    var unknown = Unknown()
    var userAgent = RequestDevice.Memory()
    batch.events.reserveCapacity(min(body.count / 160, limits.eventsPerBody))
    while let element = try decoder.next() {
      switch element {
      case .rejected(let rejection): batch.rejections.append(rejection)
      case .event(let raw):
        switch judge(raw, catalogue, &unknown, &userAgent) {
        case .success(let event): batch.events.append(event)
        case .failure(let doubt):
          batch.rejections.append(Rejection(index: raw.index, code: doubt.code, message: doubt.message))
          guard doubt.code.isQuarantine else { continue }
          batch.quarantined.append(
            QuarantinedEvent(
              id: identity.id(of: raw), reason: doubt.code, detail: doubt.message,
              body: EventRedaction.redact(UnsafeBufferPointer(rebasing: body[raw.source]))))
        }
      }
    }
    return (batch, unknown)
  }

  private struct Doubt: Error {
    var code: Rejection.Code
    var message: String
  }

  private func judge(
    _ raw: RawEvent, _ catalogue: CatalogueView, _ unknown: inout Unknown,
    _ userAgent: inout RequestDevice.Memory
  ) -> Result<Event, Doubt> {
    guard consent.admits(event: raw.consent, client: client.consent) else {
      return .failure(Doubt(code: .noConsent, message: consent.refusal))
    }
    guard window.contains(raw.timestampMs) else {
      let side = raw.timestampMs < window.lowerBound ? "too long ago" : "too far ahead"
      return .failure(
        Doubt(code: .timestampOutOfRange, message: "\(Self.time(raw.timestampMs)) is \(side) to be true"))
    }
    // Both are looked up before either is judged, so that one question to the database is enough.
    let entry = catalogue.variants[raw.variant]
    if entry == nil { unknown.variants.insert(raw.variant) }
    let placement = raw.placement.map { catalogue.placement($0) } ?? 0
    if placement == nil, let name = raw.placement { unknown.placements.insert(Self.name(name)) }
    guard let entry else {
      // A variant of another workspace is as unknown as one that does not exist.
      let name = raw.variant.uuidString.lowercased()
      return .failure(Doubt(code: .unknownVariant, message: "there is no variant \(name) in this workspace"))
    }
    guard let placement else {
      let name = raw.placement.map { Self.name($0) } ?? ""
      return .failure(
        Doubt(code: .unknownPlacement, message: "no campaign of this workspace has a placement \(name)"))
    }
    if raw.valueMicros != nil, let given = raw.currency, let wanted = entry.currency,
      !wanted.equals(given)
    {
      let message =
        "the value is in \(String(decoding: given, as: UTF8.self)), the campaign counts in \(wanted)"
      return .failure(Doubt(code: .foreignCurrency, message: message))
    }
    return .success(
      Event(
        id: identity.id(of: raw), campaign: entry.campaign, variant: Identifier(raw.variant),
        viewer: pseudonym.id(of: raw.viewer, in: workspace), kind: raw.kind, placement: placement,
        occurredAtMs: raw.timestampMs, valueMicros: raw.valueMicros, source: source,
        traffic: traffic.reason(userAgent: raw.userAgent), device: device.type(of: raw, &userAgent)))
  }

  /// Control characters have no place in a name, a message or a database's text.
  private static func name(_ text: RawEvent.Text) -> String {
    String(decoding: text.map { $0 < 0x20 ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }

  private static func time(_ milliseconds: Int64) -> String {
    // Beyond the year 9999 a calendar says less than the number does.
    guard (-62_135_596_800_000..<253_402_300_800_000).contains(milliseconds) else {
      return "\(milliseconds) ms"
    }
    return Date(timeIntervalSince1970: Double(milliseconds) / 1000).ISO8601Format()
  }
}
