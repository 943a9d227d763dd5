#include "market/valid_chain.h"

#include <cmath>
#include <set>
#include <string>

#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr std::string_view kWhere = "Chain";

bool positive(double value) { return value > 0 && std::isfinite(value); }

void require_valid(const ChainSlice& slice) {
  const auto rule = [&](double value, std::string_view what) {
    if (!positive(value))
      require(false, kWhere, std::string(what) + " of slice " + to_string(slice.key), value,
              "must be positive and finite");
  };
  rule(slice.t.value(), "t");
  rule(slice.forward.value(), "forward");
  rule(slice.discount.value(), "discount factor");
}

void require_valid(const Quote& quote, std::size_t index, const Chain& chain) {
  const auto rule = [&](bool holds, std::string_view what, double value, std::string_view words) {
    if (!holds) require(false, kWhere, std::string(what) + " of quote " + std::to_string(index), value, words);
  };
  const auto slices = static_cast<double>(chain.slices.size());
  rule(quote.slice >= -1 && quote.slice < slices, "slice", quote.slice, "must be -1 or less than the number of slices");
  if (quote.slice >= 0)
    rule(chain.slices[static_cast<std::size_t>(quote.slice)].key == quote.key, "slice", quote.slice,
         "must be that of its expiry and root");
  const bool has_price = !(quote.bid <= 0 && quote.ask <= 0);
  if (!has_price && !quote.used()) return;
  rule(positive(quote.strike), "strike", quote.strike, "must be positive and finite");
  rule(std::isfinite(quote.bid), "bid", quote.bid, "must be finite");
  rule(std::isfinite(quote.ask), "ask", quote.ask, "must be finite");
  if (!quote.used()) return;
  rule(quote.bid >= 0, "bid", quote.bid, "must be at least 0 where the quote is used");
  rule(quote.ask > 0, "ask", quote.ask, "must be above 0 where the quote is used");
}

}  // namespace

void require_valid(const Chain& chain) {
  std::set<ExpiryKey> keys;
  for (std::size_t i = 0; i < chain.slices.size(); ++i) {
    require_valid(chain.slices[i]);
    const std::string of = " of slice " + to_string(chain.slices[i].key);
    if (i > 0)
      require(chain.slices[i].t >= chain.slices[i - 1].t, kWhere, "t" + of, chain.slices[i].t.value(),
              "must not be before that of the slice before it");
    require(keys.insert(chain.slices[i].key).second, kWhere, "number" + of, 2, "must be 1");
  }
  for (std::size_t i = 0; i < chain.quotes.size(); ++i)
    require_valid(chain.quotes[i], i, chain);
}

}  // namespace strikenet
