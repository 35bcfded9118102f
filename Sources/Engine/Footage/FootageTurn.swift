import CMedia

/// How a file wants its frames turned: a phone held upright films lying down.
struct FootageTurn: Sendable, Hashable {
  /// As libavfilter takes it; nil where frames stand as they are to be shown.
  var filter: String?
  /// Width and height change places.
  var isSideways: Bool

  static let none = FootageTurn(filter: nil, isSideways: false)

  /// By the stream's display matrix, to the nearest quarter turn.
  init(_ stream: UnsafeMutablePointer<AVStream>) {
    self = .none
    guard let bytes = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, nil) else { return }
    self = bytes.withMemoryRebound(to: Int32.self, capacity: 9) { FootageTurn($0) }
  }

  /// - Parameter matrix: nine numbers, as the ISO base media file format has them (ISO/IEC 14496-12, 8.2.2).
  init(_ matrix: UnsafePointer<Int32>) {
    let angle = av_display_rotation_get(matrix)
    let quarters = angle.isNaN ? 0 : Int((-angle / 90).rounded())
    switch (quarters % 4 + 4) % 4 {
    case 1: self.init(filter: "transpose=\(matrix[3] > 0 ? "cclock_flip" : "clock")", isSideways: true)
    case 3: self.init(filter: "transpose=\(matrix[3] < 0 ? "clock_flip" : "cclock")", isSideways: true)
    case 2:
      let flips = [matrix[0] < 0 ? "hflip" : nil, matrix[4] < 0 ? "vflip" : nil].compactMap(\.self)
      self.init(filter: flips.isEmpty ? nil : flips.joined(separator: ","), isSideways: false)
    default: self.init(filter: matrix[4] < 0 ? "vflip" : nil, isSideways: false)
    }
  }

  init(filter: String?, isSideways: Bool) {
    self.filter = filter
    self.isSideways = isSideways
  }
}
