import CMedia
import Glibc

/// libav writes its remarks to standard error unless told otherwise; errors reach us as codes.
enum MediaLog {
  /// Once per process, for the setting is the process's.
  static let isQuiet: Bool = {
    av_log_set_level(AV_LOG_FATAL)
    return true
  }()

  /// SVT-AV1 writes past libav and listens to the environment alone. Once per process, before its first encoder;
  /// what a person has set stays.
  static let isSVTQuiet: Bool = {
    setenv("SVT_LOG", "1", 0)
    return true
  }()
}
