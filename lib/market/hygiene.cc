#include "market/hygiene.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "market/outliers.h"
#include "market/place.h"
#include "strikenet/core/black.h"

namespace strikenet {
namespace {

constexpr double kMinutesPerDay = 1440;
constexpr std::size_t kFewestStrikes = 3;  // where the forward has to come from them

// Two chains under one expiry: so many duplicates that no price fits both of, and that share of the expiry's rows.
constexpr std::size_t kContradictions = 5, kRowsAContradiction = 10;

// The judge of one expiry. Each check gives its reason and, in a strict chain, its sentence.
class Judge {
 public:
  Judge(const RawChain& raw, const ExpiryRows& expiry, std::optional<Instant> as_of, bool strict, const RuleBook& rules,
        std::vector<Drop>& reasons, ProblemList& problems)
      : raw_(raw),
        expiry_(expiry),
        as_of_(as_of),
        strict_(strict),
        rules_(rules),
        reasons_(reasons),
        problems_(problems) {}

  void judge() {
    for (const std::size_t row : expiry_.rows)
      reasons_[row] = judge_row(raw_.quotes[row]);
    if (expiry_.expired()) return;
    if (rules_.on(Drop::two_chains) && contradictions_ >= kContradictions &&
        contradictions_ * kRowsAContradiction >= expiry_.rows.size()) {
      drop_all(Drop::two_chains);
      return;
    }
    judge_neighbours();
    judge_smile();
    judge_forward();
  }

 private:
  // The first reason that applies; later checks still look, for the sake of their sentences.
  Drop judge_row(const RawQuote& quote) {
    if (expiry_.expired()) {
      blame(place_of(quote), expired_sentence());
      return Drop::expired;
    }
    if (quote.side_of_another) return Drop::one_side;
    const bool duplicate = is_duplicate(quote);
    if (!(quote.ask.value_or(0) > 0)) return Drop::no_ask;
    if (is_placeholder(quote)) return Drop::placeholder;
    if (is_crossed(quote)) return Drop::crossed;
    if (duplicate && rules_.on(Drop::duplicate)) return Drop::duplicate;
    if (rules_.on(Drop::locked) && quote.bid == quote.ask) return Drop::locked;
    return rules_.on(Drop::stale) && is_stale(quote) ? Drop::stale : Drop::none;
  }

  // A quote of which the file says no last trade is none.
  bool is_stale(const RawQuote& quote) const {
    if (!as_of_ || !quote.last_trade) return false;
    return static_cast<double>((*as_of_ - *quote.last_trade).count()) > rules_.limit(Drop::stale) * kMinutesPerDay;
  }

  // Among what is left: a price that stands still first, so that it cannot judge others.
  void judge_neighbours() {
    if (rules_.on(Drop::off_parity)) drop_off_parity(raw_, expiry_, reasons_);
    if (rules_.on(Drop::absurd_spread)) drop_absurd_spreads(raw_, expiry_, rules_.limit(Drop::absurd_spread), reasons_);
    if (rules_.on(Drop::dead_wing)) drop_dead_wings(raw_, expiry_, rules_.limit(Drop::dead_wing), reasons_);
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
    if (!rules_.on(Drop::duplicate)) return true;
    blame(place_of(quote), fmt::format("duplicates {} ({}{} {})", line_of(first, quote, raw_), to_string(expiry_.key),
                                       letters, quote.strike));
    return true;
  }

  // At the cap, or so low that nothing is left of the price.
  bool is_placeholder(const RawQuote& quote) const {
    if (!quotes_vols(raw_.kind)) return false;
    if (rules_.on(Drop::placeholder) && *quote.ask >= rules_.limit(Drop::placeholder)) return true;
    if (!expiry_.forward || !expiry_.t) return false;
    const TotalVol vol(*quote.ask * std::sqrt(expiry_.t->value()));
    const Forward forward(*expiry_.forward);
    return !(black_price(type_of(quote, forward.value()), forward, Strike(quote.strike), vol).value() > 0);
  }

  bool is_crossed(const RawQuote& quote) {
    if (!(quote.bid.value_or(0) > *quote.ask)) return false;
    const std::string_view suffix = quotes_vols(raw_.kind) ? " vol" : "";
    blame(place_of(quote),
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
      blame(first_place(),
            fmt::format("expiry {} has {} {}strike{}, but a smile needs at least {}", to_string(expiry_.key),
                        strikes.size(), all_count ? "" : "usable ", strikes.size() == 1 ? "" : "s",
                        expiry_.forward ? "one" : "three where its forward is not given"));
    else
      blame(first_place(),
            fmt::format("expiry {} has no bid above zero, but a smile needs at least one", to_string(expiry_.key)));
    drop_all(Drop::thin);
  }

  void judge_forward() {
    if (expiry_.forward || nothing_is_used()) return;
    if (quotes_vols(raw_.kind)) {
      problems_.add(first_place(), fmt::format("expiry {} has no forward, but vols need one: a column `forward`, or "
                                               "--forward FILE",
                                               to_string(expiry_.key)));
      return;
    }
    const std::size_t pairs = pairs_of(raw_, expiry_, reasons_).size(), needed = expiry_.discount ? 1 : 2;
    if (pairs >= needed) return;
    blame(first_place(),
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

  void blame(FileLine at, std::string sentence) {
    if (strict_) problems_.add(at, std::move(sentence));
  }

  FileLine first_place() const { return place_of(raw_.quotes[expiry_.rows.front()]); }

  const RawChain& raw_;
  const ExpiryRows& expiry_;
  const std::optional<Instant> as_of_;
  const bool strict_;
  const RuleBook& rules_;
  std::vector<Drop>& reasons_;
  ProblemList& problems_;
  std::map<std::pair<double, std::optional<OptionType>>, const RawQuote*> first_of_;  // the first such row
  std::size_t contradictions_ = 0;
};

}  // namespace

RuleBook::RuleBook(std::span<const RuleSetting> settings) {
  for (const HygieneRule& rule : hygiene_rules())
    if (rule.when != HygieneRule::When::off) limits_[static_cast<std::size_t>(rule.reason)] = rule.limit;
  for (const RuleSetting& setting : settings) {
    std::optional<double>& limit = limits_[static_cast<std::size_t>(setting.reason)];
    if (setting.on)
      limit = setting.limit.value_or(rule_of(setting.reason).limit);
    else
      limit.reset();
  }
}

std::string_view lacks_for(Drop reason, const RawChain& raw, std::optional<Instant> as_of) {
  const bool has_spread = raw.kind == QuoteKind::bid_ask || raw.kind == QuoteKind::bid_ask_vol;
  if ((reason == Drop::locked || reason == Drop::absurd_spread) && !has_spread) return "a bid and an ask of each quote";
  if (reason == Drop::off_parity && raw.kind != QuoteKind::bid_ask) return "prices at bid and ask";
  if (reason != Drop::stale) return "";
  if (!as_of) return "an as-of";
  return std::ranges::any_of(raw.quotes, [](const RawQuote& q) { return q.last_trade.has_value(); })
             ? ""
             : "a file that says when each quote last traded";
}

bool quotes_vols(QuoteKind kind) { return kind == QuoteKind::vol || kind == QuoteKind::bid_ask_vol; }

OptionType type_of(const RawQuote& quote, double forward) {
  return quote.type.value_or(quote.strike < forward ? OptionType::put : OptionType::call);
}

std::vector<Drop> judge(const RawChain& raw, const std::vector<ExpiryRows>& expiries, std::optional<Instant> as_of,
                        bool strict, const RuleBook& rules, ProblemList& problems) {
  std::vector<Drop> reasons(raw.quotes.size(), Drop::none);
  bool can_judge = true;
  for (const HygieneRule& rule : hygiene_rules()) {
    const std::string_view what = rules.on(rule.reason) ? lacks_for(rule.reason, raw, as_of) : "";
    if (what.empty()) continue;
    problems.add(0, fmt::format("rule '{}' is on, but needs {}", to_string(rule.reason), what));
    can_judge = false;
  }
  if (!can_judge) return reasons;
  for (const ExpiryRows& expiry : expiries)
    Judge(raw, expiry, as_of, strict, rules, reasons, problems).judge();
  return reasons;
}

std::vector<CallAndPut> pairs_of(const RawChain& raw, const ExpiryRows& expiry, const std::vector<Drop>& reasons) {
  std::map<double, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> by_strike;
  for (const std::size_t row : expiry.rows) {
    if (reasons[row] != Drop::none || !raw.quotes[row].type) continue;
    auto& [calls, puts] = by_strike[raw.quotes[row].strike];
    (*raw.quotes[row].type == OptionType::call ? calls : puts).push_back(row);
  }
  std::vector<CallAndPut> pairs;
  for (const auto& [strike, rows] : by_strike)
    for (const std::size_t call : rows.first)
      for (const std::size_t put : rows.second)
        pairs.push_back({call, put});
  return pairs;
}

}  // namespace strikenet
