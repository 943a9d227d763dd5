#pragma once

#include <compare>
#include <string>

namespace strikenet {

/// What tells one smile of a chain from another. SPX (morning) and SPXW (afternoon) options that expire on one date
/// settle at different instants and have different forwards, so the date alone is not enough.
struct ExpiryKey {
  std::string expiry;     ///< "2019-06-28", or "T=0.025" when the file gives only a year fraction
  std::string root = {};  ///< "SPXW"; empty when the file names none

  friend auto operator<=>(const ExpiryKey&, const ExpiryKey&) = default;
};

/// "2019-06-28 SPXW", or the expiry alone when there is no root.
inline std::string to_string(const ExpiryKey& key) {
  return key.root.empty() ? key.expiry : key.expiry + " " + key.root;
}

}  // namespace strikenet
