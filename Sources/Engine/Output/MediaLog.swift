import CMedia

/// libav writes its remarks to standard error unless told otherwise; errors reach us as codes.
enum MediaLog {
  /// Once per process, for the setting is the process's.
  static let isQuiet: Bool = {
    av_log_set_level(AV_LOG_FATAL)
    return true
  }()
}
