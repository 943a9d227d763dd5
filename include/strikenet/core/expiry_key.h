#pragma once

#include <compare>
#include <memory>
#include <string>
#include <utility>

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

/// An ExpiryKey that copies share: one of a chain is repeated in thousands of rows, which then take sixteen bytes each.
/// Never changed, only replaced. Default-constructed or moved from it is the empty key.
class SharedExpiryKey {
 public:
  SharedExpiryKey() = default;
  SharedExpiryKey(ExpiryKey key) : key_(std::make_shared<const ExpiryKey>(std::move(key))) {}
  SharedExpiryKey(std::string expiry, std::string root = {})
      : SharedExpiryKey(ExpiryKey{std::move(expiry), std::move(root)}) {}

  const ExpiryKey& operator*() const {
    static const ExpiryKey kEmpty;
    return key_ ? *key_ : kEmpty;
  }
  const ExpiryKey* operator->() const { return &**this; }
  operator const ExpiryKey&() const { return **this; }

  friend bool operator==(const SharedExpiryKey& a, const SharedExpiryKey& b) { return a.key_ == b.key_ || *a == *b; }
  friend bool operator==(const SharedExpiryKey& a, const ExpiryKey& b) { return *a == b; }

 private:
  std::shared_ptr<const ExpiryKey> key_;
};

}  // namespace strikenet
