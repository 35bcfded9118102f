#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/opt.h>
#include <libavutil/imgutils.h>
#include <libavutil/channel_layout.h>
#include <libavutil/pixdesc.h>
#include <libavutil/display.h>
#include <libswscale/swscale.h>
#include <libswresample/swresample.h>
#include <malloc.h> // malloc_trim and mallopt, which Glibc's module lacks

// Macros that Swift does not import.
static inline int retake_error_eof(void) { return AVERROR_EOF; }
static inline int retake_error_again(void) { return AVERROR(EAGAIN); }
static inline int retake_error_forbidden(void) { return AVERROR(EACCES); }
static inline int64_t retake_no_time(void) { return AV_NOPTS_VALUE; }
static inline AVChannelLayout retake_stereo(void) { return (AVChannelLayout)AV_CHANNEL_LAYOUT_STEREO; }
