#include <ebur128.h>
#include <fluidsynth.h>
