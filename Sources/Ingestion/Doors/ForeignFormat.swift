/// How the events of a protocol that is not ours are laid out: where each thing that Retake reads stands.
struct ForeignFormat: Sendable {
  /// What a value means. Where several places have the same meaning, the first that says something is taken.
  enum Meaning: Sendable {
    /// The kind of call, in protocols that have calls which are no events.
    case call
    /// The event's name, which the vocabulary maps to a kind.
    case name
    case variant
    /// Free text that may be a variant's id, as advertisers put into `utm_content`.
    case campaignContent
    case viewer, timestamp, messageID, placement, value, currency, userAgent
    /// The device's type, its model, or its system: whatever tells the type.
    case device
    /// Whether the browser asks for pages made for phones.
    case isMobile
    /// One flag for all measurement.
    case consent
    /// An object of categories and flags.
    case consentCategories
    /// Lists of categories.
    case consentDenied, consentAllowed
    // CloudEvents:
    case specVersion, origin, contentType, encodedData
  }

  struct Field: Sendable {
    let path: String
    let meaning: Meaning

    init(_ path: String, _ meaning: Meaning) {
      self.path = path
      self.meaning = meaning
    }
  }

  /// The key of the list of events in a body that is one object; a body without it is one event.
  var list: String?
  /// The key of the body's own time, for events that have none.
  var sentAt: String?
  /// The only call that is an event.
  var eventCall: String?
  /// Whether a time without offset is UTC.
  var assumesUTC = false
  var fields: [Field]
  let tree: FieldTree

  init(
    list: String?, sentAt: String?, eventCall: String? = nil, assumesUTC: Bool = false, fields: [Field]
  ) {
    self.list = list
    self.sentAt = sentAt
    self.eventCall = eventCall
    self.assumesUTC = assumesUTC
    self.fields = fields
    tree = FieldTree(fields.map(\.path))
  }
}

extension ForeignFormat {
  /// What Segment's and RudderStack's SDKs send; <https://segment.com/docs/connections/spec/common/>. Of two times the
  /// original one is the client's own; the other may have been corrected for its clock.
  static let segment = ForeignFormat(
    list: "batch", sentAt: "sentAt", eventCall: "track",
    fields: [
      Field("type", .call),
      Field("event", .name),
      Field("properties.variant_id", .variant),
      Field("context.campaign.content", .campaignContent),
      Field("properties.utm_content", .campaignContent),
      Field("properties.viewer_id", .viewer),
      Field("anonymousId", .viewer),
      Field("userId", .viewer),
      Field("originalTimestamp", .timestamp),
      Field("timestamp", .timestamp),
      Field("messageId", .messageID),
      Field("properties.placement", .placement),
      Field("properties.value", .value),
      Field("properties.revenue", .value),
      Field("properties.total", .value),
      Field("properties.currency", .currency),
      Field("context.userAgent", .userAgent),
      Field("properties.device", .device),
      Field("context.device.type", .device),
      Field("context.device.model", .device),
      Field("context.os.name", .device),
      Field("context.userAgentData.mobile", .isMobile),
      Field("properties.consent", .consent),
      Field("context.consent.categoryPreferences", .consentCategories),
      Field("context.consentManagement.deniedConsentIds", .consentDenied),
      Field("context.consentManagement.allowedConsentIds", .consentAllowed),
    ])

  /// What PostHog's SDKs send; <https://posthog.com/docs/api/capture>. Its `$os` is no viewer's where a server sends: the
  /// SDKs for servers name the machine they run on.
  static let postHog = ForeignFormat(
    list: "batch", sentAt: "sent_at", assumesUTC: true,
    fields: [
      Field("event", .name),
      Field("properties.variant_id", .variant),
      Field("properties.utm_content", .campaignContent),
      Field("properties.$utm_content", .campaignContent),
      Field("properties.viewer_id", .viewer),
      Field("distinct_id", .viewer),
      Field("$distinct_id", .viewer),
      Field("properties.distinct_id", .viewer),
      Field("timestamp", .timestamp),
      Field("uuid", .messageID),
      Field("properties.$insert_id", .messageID),
      Field("properties.placement", .placement),
      Field("properties.value", .value),
      Field("properties.revenue", .value),
      Field("properties.total", .value),
      Field("properties.currency", .currency),
      Field("properties.$raw_user_agent", .userAgent),
      Field("properties.$useragent", .userAgent),
      Field("properties.$user_agent", .userAgent),
      Field("properties.device", .device),
      Field("properties.$device_type", .device),
      Field("properties.$device_model", .device),
      Field("properties.consent", .consent),
    ])

  /// CloudEvents 1.0.2 in JSON (`application/cloudevents+json`), with the fields of a native event as its data.
  static let cloudEvents = ForeignFormat(
    list: nil, sentAt: nil,
    fields: [
      Field("specversion", .specVersion),
      Field("type", .name),
      Field("source", .origin),
      Field("id", .messageID),
      Field("time", .timestamp),
      Field("data.timestamp", .timestamp),
      Field("datacontenttype", .contentType),
      Field("data_base64", .encodedData),
      Field("data.variant_id", .variant),
      Field("subject", .campaignContent),
      Field("data.viewer_id", .viewer),
      Field("data.placement", .placement),
      Field("data.value", .value),
      Field("data.currency", .currency),
      Field("data.user_agent", .userAgent),
      Field("data.device", .device),
      Field("data.consent", .consent),
    ])
}
