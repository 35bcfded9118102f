internal import Documents

/// The rules between the three files. A file that could not be read is left out: its own problems come first.
struct CrossCheck {
  let campaign: CampaignFile?
  let brand: BrandFile?
  let segments: SegmentsFile?
  /// `YYYY-MM-DD`.
  let today: String

  func problems() -> [DocumentError.Problem] {
    guard let campaign else { return [] }
    return segmentLanguages(campaign) + brandTexts(campaign) + photos(campaign) + logo(campaign)
      + licences(campaign)
  }

  private func segmentLanguages(_ campaign: CampaignFile) -> [DocumentError.Problem] {
    (segments?.segments ?? []).map(\.language).compactMap { language in
      guard !campaign.languages.contains(language.value) else { return nil }
      return language.problem(
        "\"\(language.value)\" is not one of the campaign's languages; allowed: "
          + campaign.languages.joined(separator: ", ")
          + ". Add it to campaign.yaml, with every text in it, or choose another")
    }
  }

  private func brandTexts(_ campaign: CampaignFile) -> [DocumentError.Problem] {
    guard let brand else { return [] }
    let texts = [
      (brand.taglinePlace, brand.document.tagline), (brand.legalPlace, brand.document.legal),
    ]
    return texts.compactMap { place, text in
      let missing = campaign.languages.filter { text[$0] == nil }
      guard !missing.isEmpty else { return nil }
      return place.problem(
        "has no text in \(missing.joined(separator: ", ")), which the campaign speaks")
    }
  }

  private func photos(_ campaign: CampaignFile) -> [DocumentError.Problem] {
    guard let brand else { return [] }
    let known = brand.document.assets.filter { $0.value.kind == .photo }.keys.sorted()
    return campaign.photos.compactMap { photo in
      guard !photo.value.isEmpty, !known.contains(photo.value) else { return nil }
      return photo.problem(
        "\"\(photo.value)\" is not a photo of the brand; allowed: "
          + (known.isEmpty ? "none, the brand has no photos" : known.joined(separator: ", ")))
    }
  }

  private func logo(_ campaign: CampaignFile) -> [DocumentError.Problem] {
    guard let brand, let first = brand.assets.first else { return [] }
    guard !brand.assets.contains(where: { $0.value.asset.kind == .logo }) else { return [] }
    return [first.problem("none of the assets is a logo, and every version ends on it; add one of kind logo")]
  }

  /// Everything the campaign may show must be licensed for its whole run, where and to whom it runs.
  private func licences(_ campaign: CampaignFile) -> [DocumentError.Problem] {
    guard let brand else { return [] }
    let photos = Set(campaign.photos.map(\.value))
    let days = [campaign.startsOn ?? today, campaign.endsOn ?? max(today, campaign.startsOn ?? today)]
    let countries: [String]?
    if let segments {
      let perSegment = segments.segments.map(\.rule.countries)
      countries = perSegment.contains(nil) ? nil : Array(Set(perSegment.compactMap { $0 }.joined())).sorted()
    } else {
      countries = nil
    }
    return brand.assets.flatMap { place -> [DocumentError.Problem] in
      let (key, asset) = place.value
      guard asset.kind != .photo || photos.contains(key) else { return [] }
      let refusals = campaign.placements.flatMap { placement in
        days.compactMap { asset.licence.refusal(placement: placement, on: $0, countries: countries) }
      }
      return Set(refusals.map(\.description)).sorted().map { reason in
        place.problem(
          "\"\(key)\" cannot be used from \(days[0]) to \(days[1]): \(reason). Renew the licence, choose "
            + "another asset or change the campaign")
      }
    }
  }
}
