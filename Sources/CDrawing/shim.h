#include <cairo.h>
#include <cairo-svg.h>
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <librsvg/rsvg.h>
#include <lcms2.h>

// Little CMS describes pixels by macros that Swift does not import.
static inline cmsUInt32Number retake_type_bgra(void) { return TYPE_BGRA_8; }
static inline cmsUInt32Number retake_type_grey(void) { return TYPE_GRAY_8; }
static inline cmsUInt32Number retake_type_cmyk(void) { return TYPE_CMYK_8; }
static inline cmsUInt32Number retake_type_inverted_cmyk(void) { return TYPE_CMYK_8_REV; }
