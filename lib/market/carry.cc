#include "strikenet/market/carry.h"

#include <cmath>
#include <map>
#include <string>

namespace strikenet {

std::vector<Carry> implied_carry(const Chain& chain) {
  std::map<std::string, const ChainSlice*> first_of;  // slices are by time
  std::vector<Carry> result;
  for (const ChainSlice& slice : chain.slices) {
    const ChainSlice& first = *first_of.try_emplace(slice.key.root, &slice).first->second;
    result.push_back({(0 - std::log(slice.discount.value())) / slice.t.value(), {}, {}});
    const double years = slice.t.value() - first.t.value();
    if (!(years > 0)) continue;
    const double carry = std::log(slice.forward.value() / first.forward.value()) / years;
    result.back().carry = carry;
    result.back().yield = std::log(first.discount.value() / slice.discount.value()) / years - carry;
  }
  return result;
}

}  // namespace strikenet
