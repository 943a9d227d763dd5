#pragma once

#include <string>

#include "strikenet/core/result.h"

namespace strikenet::testing_support {

/// What the PreconditionError of `call` says, or "no error".
template <class Call>
std::string words(Call call) {
  try {
    call();
  } catch (const PreconditionError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace strikenet::testing_support
