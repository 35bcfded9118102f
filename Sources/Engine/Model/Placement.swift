/// Where a rendition will be shown, and what that place demands of the file.
public struct Placement: Sendable, Hashable, Codable {
  /// Pixels from each edge which the platform's own buttons and captions cover: no text, logo or button
  /// may stand there.
  public struct SafeZone: Sendable, Hashable, Codable {
    public var top: Int
    public var bottom: Int
    public var left: Int
    public var right: Int

    public init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
      self.top = top
      self.bottom = bottom
      self.left = left
      self.right = right
    }
  }

  /// `network.format`, such as `tiktok.infeed`.
  public var id: String
  public var name: String
  /// Pixels, even.
  public var width: Int
  public var height: Int
  public var safeZone: SafeZone
  public var minimumDuration: TimeSpan?
  public var maximumDuration: TimeSpan?
  public var maximumBytes: Int?
  /// Video codecs the platform takes; the engine writes `h264`.
  public var codecs: [String]
  /// What else the platform demands of the file.
  public var rules: PlacementRules

  public init(
    id: String, name: String? = nil, width: Int, height: Int, safeZone: SafeZone = SafeZone(),
    minimumDuration: TimeSpan? = nil, maximumDuration: TimeSpan? = nil, maximumBytes: Int? = nil,
    codecs: [String] = ["h264"], rules: PlacementRules = PlacementRules()
  ) {
    self.id = id
    self.name = name ?? id
    self.width = width
    self.height = height
    self.safeZone = safeZone
    self.minimumDuration = minimumDuration
    self.maximumDuration = maximumDuration
    self.maximumBytes = maximumBytes
    self.codecs = codecs
    self.rules = rules
  }
}
