#include "strikenet/replication/vix.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "replication/other_type.h"
#include "strikenet/core/result.h"

namespace strikenet {
namespace {

constexpr double kMinutesOfYear = 525'600, kMinutesOf30Days = 43'200;

struct Pair {
  std::optional<HedgeQuote> put, call;
};

double middle(const HedgeQuote& quote) { return (quote.bid + quote.ask) / 2; }
bool has_bid(const std::optional<HedgeQuote>& quote) { return quote && quote->bid > 0; }

using Strikes = std::map<double, Pair>;

/// By the strike where call and put are nearest to each other.
std::optional<double> forward_of(const Strikes& strikes, double growth) {
  std::optional<double> forward;
  double least = 0;
  for (const auto& [strike, pair] : strikes) {
    if (!has_bid(pair.put) || !has_bid(pair.call)) continue;
    const double difference = middle(*pair.call) - middle(*pair.put);
    if (forward && std::abs(difference) >= least) continue;
    least = std::abs(difference);
    forward = strike + growth * difference;
  }
  return forward;
}

/// Of one side, from the strike next to K0 outwards.
template <class Iterator>
std::vector<VixOption> side(Iterator at, Iterator end, std::optional<HedgeQuote> Pair::*type) {
  std::vector<VixOption> options;
  for (int without_bid = 0; at != end && without_bid < 2; ++at) {
    const std::optional<HedgeQuote>& quote = at->second.*type;
    if (!quote) continue;
    without_bid = has_bid(quote) ? 0 : without_bid + 1;
    if (has_bid(quote)) options.push_back({at->first, middle(*quote)});
  }
  return options;
}

}  // namespace

VixTerm vix_term(std::vector<VixOption> options, double k0, Forward forward, YearFraction t, double rate) {
  constexpr std::string_view kWhere = "vix_term";
  require(options.size() >= 2, kWhere, "number of options", static_cast<double>(options.size()), "must be at least 2");
  require(t.value() > 0 && std::isfinite(t.value()), kWhere, "t", t.value(), "must be positive and finite");
  require(forward.value() > 0 && std::isfinite(forward.value()), kWhere, "forward", forward.value(),
          "must be positive and finite");
  require(std::isfinite(rate), kWhere, "rate", rate, "must be finite");
  require(std::ranges::count(options, k0, &VixOption::strike) == 1, kWhere, "K0", k0, "must be one of the strikes");
  double before = 0;
  for (const VixOption& option : options) {
    require(option.strike > before && std::isfinite(option.strike), kWhere, "strike", option.strike,
            "strikes must be positive, finite and strictly increasing");
    require(option.price >= 0 && std::isfinite(option.price), kWhere, "price", option.price,
            "must be finite and at least 0");
    before = option.strike;
  }
  VixTerm term{.t = t, .forward = forward.value(), .k0 = k0};
  const double growth = std::exp(rate * t.value());
  for (std::size_t i = 0; i < options.size(); ++i) {
    VixOption& option = options[i];
    const std::size_t left = i == 0 ? 0 : i - 1, right = i + 1 == options.size() ? i : i + 1;
    option.width = (options[right].strike - options[left].strike) / static_cast<double>(right - left);
    option.contribution = option.width / (option.strike * option.strike) * growth * option.price;
    term.strip += option.contribution;
  }
  const double ratio = term.forward / k0 - 1;
  term.variance = (2 * term.strip - ratio * ratio) / t.value();
  term.options = std::move(options);
  return term;
}

std::optional<VixTerm> vix_term(std::span<const HedgeQuote> quotes, YearFraction t, double rate) {
  Strikes strikes;
  for (const HedgeQuote& quote : quotes) {
    Pair& pair = strikes[quote.strike.value()];
    std::optional<HedgeQuote>& known = quote.type == OptionType::put ? pair.put : pair.call;
    if (!known) known = quote;
  }
  const std::optional<double> forward = forward_of(strikes, std::exp(rate * t.value()));
  if (!forward) return std::nullopt;
  auto at = strikes.upper_bound(*forward);
  if (at == strikes.begin()) return std::nullopt;
  --at;
  while (!(at->second.put && at->second.call))
    if (at-- == strikes.begin()) return std::nullopt;
  std::vector<VixOption> options = side(std::make_reverse_iterator(at), strikes.rend(), &Pair::put);
  std::ranges::reverse(options);
  options.push_back({at->first, (middle(*at->second.put) + middle(*at->second.call)) / 2});
  const std::vector<VixOption> calls = side(std::next(at), strikes.end(), &Pair::call);
  options.insert(options.end(), calls.begin(), calls.end());
  if (options.size() < 2) return std::nullopt;
  return vix_term(std::move(options), at->first, Forward(*forward), t, rate);
}

double vix_index(const VixTerm& near, const VixTerm& next) {
  require(near.t.value() > 0, "vix_index", "near t", near.t.value(), "must be positive");
  require(next.t.value() > near.t.value(), "vix_index", "next t", next.t.value(), "must be above the near one");
  const double near_minutes = near.t.value() * kMinutesOfYear, next_minutes = next.t.value() * kMinutesOfYear;
  const double share = (next_minutes - kMinutesOf30Days) / (next_minutes - near_minutes);
  const double total = near.t.value() * near.variance * share + next.t.value() * next.variance * (1 - share);
  return 100 * std::sqrt(total * kMinutesOfYear / kMinutesOf30Days);
}

std::optional<VixSlices> vix_slices(const Chain& chain, std::string_view root) {
  constexpr double k30Days = kMinutesOf30Days / kMinutesOfYear;
  std::optional<std::size_t> near, next;
  for (std::size_t i = 0; i < chain.slices.size(); ++i) {
    const ChainSlice& slice = chain.slices[i];
    if (!root.empty() && slice.key.root != root) continue;
    if (slice.t.value() <= k30Days) near = i;
    if (slice.t.value() > k30Days && !next) next = i;
  }
  if (!near || !next) return std::nullopt;
  return VixSlices{*near, *next};
}

std::vector<HedgeQuote> vix_quotes(const Chain& chain, std::size_t slice) {
  require(slice < chain.slices.size(), "vix_quotes", "slice", static_cast<double>(slice), "must be one of the chain's");
  const ChainSlice& of = chain.slices[slice];
  std::vector<HedgeQuote> quotes;
  for (const Quote& quote : chain.quotes) {
    if (quote.key != of.key || !(quote.strike > 0) || !(quote.used() || quote.bid == 0)) continue;
    quotes.push_back({quote.type, Strike(quote.strike), quote.bid, quote.ask});
    if (quote.ask_vol) quotes.push_back(other_type(quotes.back(), of));
  }
  return quotes;
}

}  // namespace strikenet
