#pragma once

#include <optional>
#include <vector>

#include "market/parity.h"

namespace strikenet {

/// call - put = discount (forward - strike).
struct ParityLine {
  double discount;
  double forward;
  int agreed = 0;  ///< pairs whose bands hold it

  double at(double strike) const { return discount * (forward - strike); }
};

/// The discount factor (0.01 to 2, or the given one) and forward (above 0, or the given one) that satisfy the most
/// pairs: without the others, calls and puts agree. Exact: of the lines that satisfy most, one passes through an end of
/// a band, so each end is turned about, and what each turn meets is counted. Of more than 1,000 pairs, which no expiry
/// lists, evenly chosen ones are turned about, and another line may satisfy a few more. O(n^2 log n) for n pairs, then
/// O(n log n). Where several lines satisfy as many, the first that is found, in the order of the pairs and with falling
/// slope. `pairs` is not empty.
ParityLine most_agreed_parity(const std::vector<ParityPair>& pairs, std::optional<double> discount = {},
                              std::optional<double> forward = {});

}  // namespace strikenet
