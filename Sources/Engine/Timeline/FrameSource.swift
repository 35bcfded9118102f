/// Pictures that change over time and come from elsewhere: decoded footage, a model's clip. A layer whose
/// frames come from one shows the frame that its `ClipTiming` names.
///
/// Pure: the same moment gives the same pixels, whatever was asked before. Moments in ascending order are
/// fastest. Belongs to one rendering thread.
protocol FrameSource: AnyObject {
  /// Draws the frame of `moment` over all of `bitmap`, whose size is the source's: sRGB, premultiplied.
  ///
  /// - Throws: `EngineError.assetUnreadable` where the file is damaged there.
  func draw(_ moment: Int, on bitmap: Bitmap) throws(EngineError)
}
