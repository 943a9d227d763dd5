#pragma once

#include "strikenet/market/hygiene_rules.h"

namespace strikenet {

/// What a fit cannot use and one can trade. Rules that the user has switched on are the user's.
inline bool is_looked_at(Drop reason) {
  switch (reason) {
    case Drop::none:
    case Drop::no_ask:
    case Drop::crossed:
    case Drop::duplicate:
    case Drop::thin:
    case Drop::no_forward:
    case Drop::two_chains: return true;
    default: return false;
  }
}

}  // namespace strikenet
