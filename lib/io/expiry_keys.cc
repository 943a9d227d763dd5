#include "io/expiry_keys.h"

namespace strikenet {

SharedExpiryKey ExpiryKeys::of(std::string_view expiry, std::string_view root) {
  if (last_->expiry == expiry && last_->root == root) return last_;  // most files go by expiry
  ExpiryKey key{std::string(expiry), std::string(root)};
  const auto [entry, is_new] = all_.try_emplace(key);
  if (is_new) entry->second = SharedExpiryKey(std::move(key));
  return last_ = entry->second;
}

}  // namespace strikenet
