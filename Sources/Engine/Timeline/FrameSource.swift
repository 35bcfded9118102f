/// Pictures that change over time and come from elsewhere: decoded footage, a model's clip. A layer whose
/// frames come from one shows, at `t` seconds of its own time, the frame the source gives for `t`.
///
/// Pure: the same time gives the same pixels, whatever was asked before. Belongs to one rendering thread.
protocol FrameSource: AnyObject {
  /// In pixels, after any rotation the file asks for.
  var width: Int { get }
  var height: Int { get }
  /// Seconds; times after it show the last frame.
  var duration: Double { get }

  /// The frame shown at `time`, in sRGB, premultiplied.
  ///
  /// - Throws: `EngineError.assetUnreadable` where the file is damaged there.
  func frame(at time: Double) throws(EngineError) -> Bitmap
}
