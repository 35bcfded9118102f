extension Placement {
  /// What the placement's file is called, for one that is called `name` (without ending).
  public func fileName(_ name: String) -> String { "\(name).\(rules.form.fileExtension)" }

  /// The placement as far as a file of `form` can be held to it: someone who asks for a WebM of a placement's shape
  /// knows that it is no MP4. Size, length, safe zone, loudness and all else stay.
  func taking(_ form: OutputForm) -> Placement {
    guard let codec = form.videoCodec?.rawValue else { return self }
    var placement = self
    if !codecs.contains(codec) { placement.codecs.append(codec) }
    if !rules.containers.contains(form.container) { placement.rules.containers.append(form.container) }
    if !rules.audioCodecs.contains(form.audioCodec.rawValue) {
      placement.rules.audioCodecs.append(form.audioCodec.rawValue)
      // Rates are said of the codecs the placement takes.
      placement.rules.lowestAudioBitRate = nil
    }
    return placement
  }

  /// That a film of `form` is not to be delivered here, where it is not.
  func warnings(about form: OutputForm) -> [Finding] {
    guard let codec = form.videoCodec?.rawValue else { return [] }
    var found: [Finding] = []
    func add(_ kind: Finding.Kind, _ message: String) {
      found.append(Finding(kind: kind, severity: .warning, message: message))
    }
    if !rules.containers.contains(form.container) {
      add(
        .placementContainer,
        "\(id) takes no \(form.container), only \(rules.containers.joined(separator: ", ")): not to be delivered "
          + "there")
    }
    if !codecs.contains(codec) {
      add(
        .placementCodec,
        "\(id) takes no \(codec), only \(codecs.joined(separator: ", ")): not to be delivered there")
    }
    return found
  }
}
