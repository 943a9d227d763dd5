#include "strikenet/core/result.h"

#include <sstream>

namespace strikenet {

void require(bool holds, std::string_view where, std::string_view what, double got, std::string_view rule) {
  if (holds) return;
  std::ostringstream message;
  message.imbue(std::locale::classic());
  message.precision(17);
  message << where << ": " << what << " is " << got << ", but " << rule;
  throw PreconditionError(message.str());
}

}  // namespace strikenet
