import CMedia

/// A chain of libavfilter's filters for frames of one form. Belongs to one thread.
final class FilterGraph {
  /// What frames must agree in to go through one chain.
  struct Form: Hashable {
    var width: Int32
    var height: Int32
    var format: Int32

    init(_ frame: UnsafeMutablePointer<AVFrame>) {
      width = frame.pointee.width
      height = frame.pointee.height
      format = frame.pointee.format
    }
  }

  private let graph: UnsafeMutablePointer<AVFilterGraph>
  private let source: UnsafeMutablePointer<AVFilterContext>
  private let sink: UnsafeMutablePointer<AVFilterContext>
  private let result: UnsafeMutablePointer<AVFrame>

  /// - Parameter chain: as ffmpeg's `-vf` takes it.
  /// - Throws: `PictureFault` when libavfilter does not know a filter or cannot connect them.
  init(_ chain: String, for form: Form) throws(PictureFault) {
    var graph = avfilter_graph_alloc()
    guard let made = graph, let result = av_frame_alloc() else {
      throw PictureFault(reason: "cannot be converted: out of memory")
    }
    // One thread and exact arithmetic: the same frame gives the same pixels.
    made.pointee.nb_threads = 1
    made.pointee.scale_sws_opts = av_strdup("flags=bicubic+accurate_rnd+full_chroma_int+bitexact")
    var (source, sink): (UnsafeMutablePointer<AVFilterContext>?, UnsafeMutablePointer<AVFilterContext>?)
    let form = "video_size=\(form.width)x\(form.height):pix_fmt=\(form.format):time_base=1/1:pixel_aspect=1/1"
    var code = avfilter_graph_create_filter(&source, avfilter_get_by_name("buffer"), "in", form, nil, made)
    if code >= 0 {
      code = avfilter_graph_create_filter(&sink, avfilter_get_by_name("buffersink"), "out", nil, nil, made)
    }
    if code >= 0 {
      var (outputs, inputs) = (avfilter_inout_alloc(), avfilter_inout_alloc())
      outputs?.pointee.name = av_strdup("in")
      outputs?.pointee.filter_ctx = source
      inputs?.pointee.name = av_strdup("out")
      inputs?.pointee.filter_ctx = sink
      code = avfilter_graph_parse_ptr(made, chain, &inputs, &outputs, nil)
      avfilter_inout_free(&inputs)
      avfilter_inout_free(&outputs)
    }
    if code >= 0 { code = avfilter_graph_config(made, nil) }
    guard code >= 0, let source, let sink else {
      avfilter_graph_free(&graph)
      var held: UnsafeMutablePointer<AVFrame>? = result
      av_frame_free(&held)
      throw PictureFault(reason: "has pixels of a kind that cannot be converted: \(libavMessage(code))")
    }
    self.graph = made
    self.source = source
    self.sink = sink
    self.result = result
  }

  deinit {
    var (graph, result) = (Optional(graph), Optional(result))
    avfilter_graph_free(&graph)
    av_frame_free(&result)
  }

  /// - Parameter frame: nil at the end, so that what is held back comes out. It is left as it is.
  func push(_ frame: UnsafeMutablePointer<AVFrame>?) throws(PictureFault) {
    let code = av_buffersrc_add_frame_flags(source, frame, Int32(AV_BUFFERSRC_FLAG_KEEP_REF))
    guard code >= 0 else { throw PictureFault(reason: "cannot be converted: \(libavMessage(code))") }
  }

  /// What has come out, valid until the next call; nil where nothing has yet.
  func pull() throws(PictureFault) -> UnsafeMutablePointer<AVFrame>? {
    av_frame_unref(result)
    let code = av_buffersink_get_frame(sink, result)
    if code == retake_error_again() || code == retake_error_eof() { return nil }
    guard code >= 0 else { throw PictureFault(reason: "cannot be converted: \(libavMessage(code))") }
    return result
  }
}
