#include "market/hygiene.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "strikenet/core/black.h"

namespace strikenet {
namespace {

constexpr double kVolCap = 9.9;            // vendors write 10 where they have no vol
constexpr std::size_t kFewestStrikes = 3;  // where the forward has to come from them

// Two chains under one expiry: so many duplicates that no price fits both of, and that share of the expiry's rows.
constexpr std::size_t kContradictions = 5, kRowsAContradiction = 10;

// The judge of one expiry. Each check gives its reason and, in a strict chain, its sentence.
class Judge {
 public:
  Judge(const RawChain& raw, const ExpiryRows& expiry, std::optional<Instant> as_of, bool strict,
        std::vector<Drop>& reasons, ProblemList& problems)
      : raw_(raw), expiry_(expiry), as_of_(as_of), strict_(strict), reasons_(reasons), problems_(problems) {}

  void judge() {
    for (const std::size_t row : expiry_.rows)
      reasons_[row] = judge_row(raw_.quotes[row]);
    if (expiry_.expired()) return;
    if (contradictions_ >= kContradictions && contradictions_ * kRowsAContradiction >= expiry_.rows.size()) {
      drop_all(Drop::two_chains);
      return;
    }
    judge_smile();
    judge_forward();
  }

 private:
  // The first reason that applies; later checks still look, for the sake of their sentences.
  Drop judge_row(const RawQuote& quote) {
    if (expiry_.expired()) {
      blame(quote.line, expired_sentence());
      return Drop::expired;
    }
    if (quote.side_of_another) return Drop::one_side;
    const bool duplicate = is_duplicate(quote);
    if (!(quote.ask.value_or(0) > 0)) return Drop::no_ask;
    if (is_placeholder(quote)) return Drop::placeholder;
    if (is_crossed(quote)) return Drop::crossed;
    return duplicate ? Drop::duplicate : Drop::none;
  }

  // A settlement on the as-of's own day, or a year fraction, needs a word more than two dates.
  std::string expired_sentence() const {
    if (!as_of_ || !expiry_.settles) return fmt::format("t is {}, but must be above 0", expiry_.t->value());
    const Instant midnight = std::chrono::floor<std::chrono::days>(*as_of_);
    const bool earlier_day = *expiry_.settles < midnight;
    const std::string settled = earlier_day ? "" : fmt::format(" (settled {})", to_string(*expiry_.settles));
    return fmt::format("expiry is {}{}, but must be after the as-of, {}", expiry_.key.expiry, settled,
                       to_string(*as_of_));
  }

  bool is_duplicate(const RawQuote& quote) {
    std::optional<OptionType> type = quote.type;
    if (!type && expiry_.forward) type = type_of(quote, *expiry_.forward);
    const auto [found, is_new] = first_of_.try_emplace({quote.strike, type}, &quote);
    if (is_new) return false;
    const RawQuote& first = *found->second;
    contradictions_ +=
        quote.ask && first.ask && (quote.bid.value_or(0) > *first.ask || first.bid.value_or(0) > *quote.ask);
    const std::string letters = quote.type ? fmt::format(" {}", letter(*quote.type)) : "";
    blame(quote.line,
          fmt::format("duplicates line {} ({}{} {})", first.line, to_string(expiry_.key), letters, quote.strike));
    return true;
  }

  // At the cap, or so low that nothing is left of the price.
  bool is_placeholder(const RawQuote& quote) const {
    if (!quotes_vols(raw_.kind)) return false;
    if (*quote.ask >= kVolCap) return true;
    if (!expiry_.forward || !expiry_.t) return false;
    const TotalVol vol(*quote.ask * std::sqrt(expiry_.t->value()));
    const Forward forward(*expiry_.forward);
    return !(black_price(type_of(quote, forward.value()), forward, Strike(quote.strike), vol).value() > 0);
  }

  bool is_crossed(const RawQuote& quote) {
    if (!(quote.bid.value_or(0) > *quote.ask)) return false;
    const std::string_view suffix = quotes_vols(raw_.kind) ? " vol" : "";
    blame(quote.line,
          fmt::format("bid{} is {}, but must be at most the ask{}, {}", suffix, *quote.bid, suffix, *quote.ask));
    return true;
  }

  // Rows blamed for themselves still count as strikes: one mistake, one sentence.
  bool counts(std::size_t row) const {
    const Drop reason = reasons_[row];
    return reason == Drop::none || (strict_ && (reason == Drop::crossed || reason == Drop::duplicate));
  }

  void judge_smile() {
    std::set<double> strikes;
    bool has_bid = false;
    for (const std::size_t row : expiry_.rows) {
      if (!counts(row)) continue;
      strikes.insert(raw_.quotes[row].strike);
      has_bid = has_bid || raw_.quotes[row].bid.value_or(0) > 0;
    }
    const std::size_t fewest = expiry_.forward ? 1 : kFewestStrikes;
    if (strikes.size() >= fewest && has_bid) return;
    const bool all_count = std::ranges::all_of(expiry_.rows, [&](std::size_t row) { return counts(row); });
    if (strikes.size() < fewest)
      blame(first_line(),
            fmt::format("expiry {} has {} {}strike{}, but a smile needs at least {}", to_string(expiry_.key),
                        strikes.size(), all_count ? "" : "usable ", strikes.size() == 1 ? "" : "s",
                        expiry_.forward ? "one" : "three where its forward is not given"));
    else
      blame(first_line(),
            fmt::format("expiry {} has no bid above zero, but a smile needs at least one", to_string(expiry_.key)));
    drop_all(Drop::thin);
  }

  void judge_forward() {
    if (expiry_.forward || nothing_is_used()) return;
    if (quotes_vols(raw_.kind)) {
      problems_.add(first_line(), fmt::format("expiry {} has no forward, but vols need one: a column `forward`, or "
                                              "--forward FILE",
                                              to_string(expiry_.key)));
      return;
    }
    const std::size_t pairs = pairs_of(raw_, expiry_, reasons_).size(), needed = expiry_.discount ? 1 : 2;
    if (pairs >= needed) return;
    blame(first_line(),
          fmt::format("expiry {} has {} strike{} with a call and a put, but its forward needs {}: a column `forward`, "
                      "or --forward FILE, would do as well",
                      to_string(expiry_.key), pairs, pairs == 1 ? "" : "s", needed));
    drop_all(Drop::no_forward);
  }

  bool nothing_is_used() const {
    return std::ranges::none_of(expiry_.rows, [&](std::size_t row) { return reasons_[row] == Drop::none; });
  }

  void drop_all(Drop reason) {
    for (const std::size_t row : expiry_.rows)
      if (reasons_[row] == Drop::none || reason == Drop::two_chains) reasons_[row] = reason;
  }

  void blame(long line, std::string sentence) {
    if (strict_) problems_.add(line, std::move(sentence));
  }

  long first_line() const { return raw_.quotes[expiry_.rows.front()].line; }

  const RawChain& raw_;
  const ExpiryRows& expiry_;
  const std::optional<Instant> as_of_;
  const bool strict_;
  std::vector<Drop>& reasons_;
  ProblemList& problems_;
  std::map<std::pair<double, std::optional<OptionType>>, const RawQuote*> first_of_;  // the first such row
  std::size_t contradictions_ = 0;
};

}  // namespace

bool quotes_vols(QuoteKind kind) { return kind == QuoteKind::vol || kind == QuoteKind::bid_ask_vol; }

OptionType type_of(const RawQuote& quote, double forward) {
  return quote.type.value_or(quote.strike < forward ? OptionType::put : OptionType::call);
}

std::vector<Drop> judge(const RawChain& raw, const std::vector<ExpiryRows>& expiries, std::optional<Instant> as_of,
                        bool strict, ProblemList& problems) {
  std::vector<Drop> reasons(raw.quotes.size(), Drop::none);
  for (const ExpiryRows& expiry : expiries)
    Judge(raw, expiry, as_of, strict, reasons, problems).judge();
  return reasons;
}

std::vector<CallAndPut> pairs_of(const RawChain& raw, const ExpiryRows& expiry, const std::vector<Drop>& reasons) {
  std::map<double, std::pair<std::optional<std::size_t>, std::optional<std::size_t>>> by_strike;
  for (const std::size_t row : expiry.rows) {
    if (reasons[row] != Drop::none || !raw.quotes[row].type) continue;
    auto& [call, put] = by_strike[raw.quotes[row].strike];
    (*raw.quotes[row].type == OptionType::call ? call : put) = row;
  }
  std::vector<CallAndPut> pairs;
  for (const auto& [strike, rows] : by_strike)
    if (rows.first && rows.second) pairs.push_back({*rows.first, *rows.second});
  return pairs;
}

}  // namespace strikenet
