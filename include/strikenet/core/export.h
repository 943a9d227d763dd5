#pragma once

/// Marks what the shared libraries show; everything else is hidden.
#define STRIKENET_EXPORT __attribute__((visibility("default")))
