#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "strikenet/core/expiry_key.h"

namespace strikenet {

/// One key for all rows of one expiry and root.
class ExpiryKeys {
 public:
  /// The key that earlier calls with the same texts gave.
  SharedExpiryKey of(std::string_view expiry, std::string_view root);

 private:
  SharedExpiryKey last_ = {};
  std::map<ExpiryKey, SharedExpiryKey> all_ = {};
};

}  // namespace strikenet
