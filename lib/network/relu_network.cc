#include "strikenet/network/relu_network.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

void require_finite(double parameter, const char* name, std::size_t unit) {
  if (std::isfinite(parameter)) return;
  require(false, "ReluNetwork", std::string(name) + " of unit " + std::to_string(unit), parameter, "must be finite");
}

}  // namespace

ReluNetwork::ReluNetwork(double offset, std::vector<HiddenUnit> units) : offset_(offset), units_(std::move(units)) {
  require(std::isfinite(offset_), "ReluNetwork", "offset", offset_, "must be finite");
  for (std::size_t i = 0; i < units_.size(); ++i) {
    require_finite(units_[i].in_weight, "in_weight", i);
    require_finite(units_[i].bias, "bias", i);
    require_finite(units_[i].out_weight, "out_weight", i);
  }
}

double ReluNetwork::value(double x) const {
  require(std::isfinite(x), "ReluNetwork::value", "x", x, "must be finite");
  double sum = offset_;
  for (const auto& [in_weight, bias, out_weight] : units_)
    sum += out_weight * std::max(in_weight * x + bias, 0.0);
  return sum;
}

}  // namespace strikenet
