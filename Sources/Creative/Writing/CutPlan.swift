internal import Engine

/// When the picture changes: scenes last whole beats of the music, so that cuts fall on it.
struct CutPlan {
  let hook: TimeSpan
  let product: TimeSpan
  /// Nil where the proof shares the product's scene.
  let proof: TimeSpan?
  let close: TimeSpan
  /// How one scene gives way to the next: slow music dissolves, quick music cuts.
  let transition: Transition

  /// Beats per minute where the campaign tests no pace.
  static let standardTempo = 100

  init(duration: TimeSpan, tempo: Int) {
    let beat = 60_000 / Double(tempo)
    let beats = max(4, Int((Double(duration.milliseconds) / beat).rounded()))
    func span(_ beats: Int) -> TimeSpan { .milliseconds(Int((Double(beats) * beat).rounded())) }

    // Slow readers need 1.5 s for a hook and as much for a button; the promise takes what is left.
    let isBrisk = tempo >= 110 || duration > .seconds(9)
    let hookBeats = max(1, Int((Double(beats) * 0.27).rounded()))
    let closeBeats = max(1, Int((Double(beats) * 0.33).rounded()))
    let middle = beats - hookBeats - closeBeats
    hook = span(hookBeats)
    if isBrisk, middle >= 4 {
      // A proof has more words than a headline.
      product = span(middle / 2)
      proof = span(middle - middle / 2)
    } else {
      product = span(middle)
      proof = nil
    }
    close = duration - hook - product - (proof ?? .zero)
    transition =
      tempo >= 110
      ? .cut : .crossfade(.milliseconds(min(tempo < 90 ? 500 : 300, close.milliseconds / 2)))
  }
}
