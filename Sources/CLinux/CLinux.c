// Everything is inline in CLinux.h; SwiftPM wants a C target to have a source file.
#include "CLinux.h"
