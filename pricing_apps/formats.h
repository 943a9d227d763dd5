#pragma once

#include <iosfwd>

namespace strikenet::app {

/// strikenet formats: the chain formats that can be read, and when the options of which root settle. Returns 0.
int run_formats(std::ostream& out);

}  // namespace strikenet::app
