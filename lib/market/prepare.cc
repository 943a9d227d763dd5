#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include "market/expiry_rows.h"
#include "market/hygiene.h"
#include "market/parity.h"
#include "market/place.h"
#include "strikenet/core/black.h"
#include "strikenet/core/limits.h"
#include "strikenet/market/chain.h"

namespace strikenet {
namespace {

struct Preparation {
  const RawChain& raw;
  std::vector<ExpiryRows> expiries;
  std::vector<Drop> reasons;  // by row
};

bool has_used_row(const Preparation& prepared, const ExpiryRows& expiry) {
  return std::ranges::any_of(expiry.rows, [&](std::size_t row) { return prepared.reasons[row] == Drop::none; });
}

// The expiries with something to fit, by t, then root.
std::vector<const ExpiryRows*> usable_expiries(const Preparation& prepared) {
  std::vector<const ExpiryRows*> usable;
  for (const ExpiryRows& expiry : prepared.expiries)
    if (has_used_row(prepared, expiry)) usable.push_back(&expiry);
  std::ranges::sort(usable, {}, [](const ExpiryRows* expiry) { return std::tuple(*expiry->t, expiry->key.root); });
  return usable;
}

ParityInput parity_input(const Preparation& prepared, const ExpiryRows& expiry) {
  ParityInput input{.t = *expiry.t, .pairs = {}, .discount = expiry.discount, .forward = expiry.forward};
  if (quotes_vols(prepared.raw.kind)) return input;
  for (const auto& [call_row, put_row] : pairs_of(prepared.raw, expiry, prepared.reasons))
    input.pairs.push_back(parity_pair(prepared.raw.quotes[call_row], prepared.raw.quotes[put_row]));
  return input;
}

// Forward and discount factor of the expiries of one root: what is known beforehand, else what parity says.
std::vector<ParityChoice> choose_of_root(const Preparation& prepared, const std::vector<const ExpiryRows*>& expiries,
                                         TermStructure term_structure) {
  std::vector<ParityInput> inputs;
  for (const ExpiryRows* expiry : expiries)
    inputs.push_back(parity_input(prepared, *expiry));
  return choose_forwards(inputs, term_structure);
}

/// Of roots that settle at one instant, the one whose rate and forward the others take: given before found, then the
/// one with most pairs.
const ChainSlice& leader_of(std::span<const ChainSlice> slices, const std::map<ExpiryKey, const ExpiryRows*>& rows) {
  return *std::ranges::max_element(slices, {}, [&](const ChainSlice& slice) {
    return std::pair(rows.at(slice.key)->discount.has_value(), slice.parity.pairs);
  });
}

/// At one instant cash is cash, whatever root is paid: the discount factor is the leader's where none is given. And the
/// underlying is the underlying: the forward is the leader's wherever the quotes of a root allow it. Where they do not,
/// as those of options on a tenth of an index, it is what they say.
void agree_at_one_instant(const Preparation& prepared, const std::map<ExpiryKey, const ExpiryRows*>& rows,
                          std::span<ChainSlice> slices) {
  const ChainSlice leader = leader_of(slices, rows);
  for (ChainSlice& slice : slices) {
    const ExpiryRows& expiry = *rows.at(slice.key);
    if (slice.key == leader.key) continue;
    ParityInput input = parity_input(prepared, expiry);
    if (!input.discount) input.discount = leader.discount.value();
    ParityChoice choice = choose_forwards({&input, 1}).front();
    const double forward = leader.forward.value();
    if (!expiry.forward && choice.band.has_forward() && choice.band.forward_low <= forward &&
        forward <= choice.band.forward_high) {
      input.forward = forward;
      choice = choose_forwards({&input, 1}).front();
    }
    slice.forward = choice.forward;
    slice.discount = choice.discount;
    slice.parity = std::move(choice.band);
  }
}

void agree_at_every_instant(const Preparation& prepared, const std::vector<const ExpiryRows*>& expiries,
                            std::vector<ChainSlice>& slices) {
  std::map<ExpiryKey, const ExpiryRows*> rows;
  for (const ExpiryRows* expiry : expiries)
    rows[expiry->key] = expiry;
  for (auto first = slices.begin(); first != slices.end();) {
    const auto last = std::find_if(first, slices.end(), [&](const ChainSlice& slice) { return slice.t > first->t; });
    if (last - first > 1) agree_at_one_instant(prepared, rows, {first, last});
    first = last;
  }
}

std::vector<ChainSlice> make_slices(const Preparation& prepared, TermStructure term_structure, ProblemList& problems) {
  const std::vector<const ExpiryRows*> usable = usable_expiries(prepared);
  std::map<std::string, std::vector<const ExpiryRows*>> by_root;
  for (const ExpiryRows* expiry : usable)
    by_root[expiry->key.root].push_back(expiry);
  std::vector<ChainSlice> slices;
  for (const auto& [root, expiries] : by_root) {
    const std::vector<ParityChoice> choices = choose_of_root(prepared, expiries, term_structure);
    for (std::size_t i = 0; i < expiries.size(); ++i) {
      const auto& [forward, discount, band] = choices[i];
      slices.push_back({expiries[i]->key, *expiries[i]->t, forward, discount, band, expiries[i]->forward.has_value()});
      if (forward.value() > 0 && discount.value() > 0 && std::isfinite(forward.value() * discount.value())) continue;
      problems.add(place_of(prepared.raw.quotes[expiries[i]->rows.front()]),
                   fmt::format("forward and discount of {} by put-call parity are {} and {}, but must be above 0",
                               to_string(expiries[i]->key), forward.value(), discount.value()));
    }
  }
  std::ranges::stable_sort(slices, {}, [](const ChainSlice& slice) { return std::tuple(slice.t, slice.key.root); });
  if (problems.empty()) agree_at_every_instant(prepared, usable, slices);
  return slices;
}

double discounted(const ChainSlice& slice, OptionType type, double strike, double vol) {
  const TotalVol total(vol * std::sqrt(slice.t.value()));
  return slice.discount.value() * black_price(type, slice.forward, Strike(strike), total).value();
}

void set_prices(const RawQuote& raw, bool is_vol, const ChainSlice* slice, Quote& quote) {
  if (!is_vol) {
    quote.bid = raw.bid.value_or(0);
    quote.ask = raw.ask.value_or(0);
    return;
  }
  quote.bid_vol = raw.bid;
  quote.ask_vol = raw.ask;
  if (!slice) return;
  quote.type = type_of(raw, slice->forward.value());
  if (raw.bid) quote.bid = discounted(*slice, quote.type, quote.strike, *raw.bid);
  if (raw.ask) quote.ask = discounted(*slice, quote.type, quote.strike, *raw.ask);
}

std::vector<Quote> make_quotes(const Preparation& prepared, const std::vector<ChainSlice>& slices) {
  std::map<ExpiryKey, int> slice_of;
  for (std::size_t i = 0; i < slices.size(); ++i)
    slice_of[slices[i].key] = static_cast<int>(i);
  const bool is_vol = quotes_vols(prepared.raw.kind);
  std::vector<Quote> quotes(prepared.raw.quotes.size());
  for (const ExpiryRows& expiry : prepared.expiries) {
    const auto found = slice_of.find(expiry.key);
    const int index = found != slice_of.end() ? found->second : -1;
    for (const std::size_t row : expiry.rows) {
      const RawQuote& raw = prepared.raw.quotes[row];
      quotes[row] = {.line = raw.line, .slice = index, .key = expiry.key, .strike = raw.strike};
      quotes[row].type = raw.type.value_or(OptionType::call);
      quotes[row].dropped = prepared.reasons[row];
      quotes[row].bid_size = raw.bid_size;
      quotes[row].ask_size = raw.ask_size;
      set_prices(raw, is_vol, index < 0 ? nullptr : &slices[static_cast<std::size_t>(index)], quotes[row]);
    }
  }
  return quotes;
}

// "12 expired, 3 no-ask"
std::string count_reasons(const std::vector<Drop>& reasons) {
  std::string text;
  for (const HygieneRule& rule : hygiene_rules())
    if (const auto count = std::ranges::count(reasons, rule.reason); count > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, to_string(rule.reason));
  return text.empty() ? "none there" : text;
}

void check_something_is_used(const Preparation& prepared, ProblemList& problems) {
  const auto used = std::ranges::count(prepared.reasons, Drop::none);
  if (used == 0 && problems.empty())
    problems.add(0, fmt::format("number of usable quotes is 0 of {} ({}), but must be at least 3 on one expiry",
                                prepared.reasons.size(), count_reasons(prepared.reasons)));
}

// Forwards, trades and fits are of all expiries together.
void check_number_of_expiries(const Preparation& prepared, ProblemList& problems) {
  const std::size_t count = usable_expiries(prepared).size();
  if (count > limits::expiries)
    problems.add(0, fmt::format("number of expiries is {}, but must be at most {}", count, limits::expiries));
}

// Only files of vols may leave the type out. Readers see to it; whoever fills in a RawChain may not have.
void check_types(const RawChain& raw, ProblemList& problems) {
  if (quotes_vols(raw.kind)) return;
  for (const RawQuote& quote : raw.quotes)
    if (!quote.type) problems.add(place_of(quote), "type is missing, but must be there beside prices");
}

std::string underlying_of(const RawChain& raw, const std::vector<ExpiryRows>& expiries) {
  if (!raw.underlying.empty() || expiries.empty()) return raw.underlying;
  const std::string& root = expiries.front().key.root;
  const bool only_one = std::ranges::all_of(expiries, [&](const ExpiryRows& e) { return e.key.root == root; });
  return only_one ? root : "";
}

void check(const SuppliedForward& supplied, std::vector<std::string>& problems) {
  const std::string key = printable(to_string(supplied.key));
  const double forward = supplied.forward.value();
  if (!(forward > 0 && std::isfinite(forward)))
    problems.push_back(fmt::format("options: forward of {} is {}, but must be a number above 0", key, forward));
  if (!supplied.discount) return;
  const double discount = supplied.discount->value();
  if (!(discount > 0 && discount <= 10))
    problems.push_back(fmt::format("options: discount of {} is {}, but must be above 0 and at most 10", key, discount));
}

}  // namespace

std::vector<std::string> PrepareOptions::problems() const {
  std::vector<std::string> problems;
  if (rate && !(-1 <= *rate && *rate <= 1))
    problems.push_back(fmt::format("options: rate is {}, but must be from -1 to 1 (0.05 is 5 %)", *rate));
  std::map<ExpiryKey, int> seen;
  for (const SuppliedForward& supplied : forwards) {
    check(supplied, problems);
    if (++seen[supplied.key] == 2)
      problems.push_back(fmt::format("options: forward of {} is there twice, but must be there once",
                                     printable(to_string(supplied.key))));
  }
  std::map<Drop, int> set;
  for (const RuleSetting& rule : rules) {
    if (const std::string problem = rule.problem(); !problem.empty()) problems.push_back("options: " + problem);
    if (++set[rule.reason] == 2)
      problems.push_back(fmt::format("options: rule '{}' is set twice, but must be set once", to_string(rule.reason)));
  }
  return problems;
}

Result<Chain> prepare(const RawChain& raw, const PrepareOptions& options) {
  if (const auto wrong = options.problems(); !wrong.empty()) throw PreconditionError("prepare: " + wrong.front());
  const std::optional<Instant> as_of = options.as_of ? options.as_of : raw.as_of;
  const bool strict = options.strict.value_or(raw.strict);
  ProblemList problems;
  check_types(raw, problems);
  Preparation prepared{raw, group_by_expiry(raw, options, problems), {}};
  prepared.reasons = judge(raw, prepared.expiries, as_of, strict, RuleBook(options.rules), problems);
  check_something_is_used(prepared, problems);
  if (problems.empty()) check_number_of_expiries(prepared, problems);
  if (!problems.empty()) return by_line(problems, raw);
  std::vector<ChainSlice> slices = make_slices(prepared, options.term_structure, problems);
  if (!problems.empty()) return by_line(problems, raw);
  return Chain{.file = raw.file,
               .format = raw.format,
               .underlying = underlying_of(raw, prepared.expiries),
               .as_of = as_of,
               .has_spread = raw.kind == QuoteKind::bid_ask || raw.kind == QuoteKind::bid_ask_vol,
               .slices = slices,
               .quotes = make_quotes(prepared, slices),
               .rules = options.rules};
}

std::vector<std::pair<Drop, int>> would_leave_out(const RawChain& raw, const PrepareOptions& options) {
  if (const auto wrong = options.problems(); !wrong.empty()) throw PreconditionError("prepare: " + wrong.front());
  const std::optional<Instant> as_of = options.as_of ? options.as_of : raw.as_of;
  ProblemList problems;
  const std::vector<ExpiryRows> expiries = group_by_expiry(raw, options, problems);
  check_types(raw, problems);
  std::vector<std::pair<Drop, int>> counts;
  if (!problems.empty()) return counts;
  for (const HygieneRule& rule : hygiene_rules()) {
    if (RuleBook(options.rules).on(rule.reason) || !lacks_for(rule.reason, raw, as_of).empty()) continue;
    std::vector<RuleSetting> rules = options.rules;
    std::erase_if(rules, [&](const RuleSetting& setting) { return setting.reason == rule.reason; });
    rules.push_back({rule.reason});
    const std::vector<Drop> reasons = judge(raw, expiries, as_of, /*strict=*/false, RuleBook(rules), problems);
    counts.emplace_back(rule.reason, static_cast<int>(std::ranges::count(reasons, rule.reason)));
  }
  return counts;
}

}  // namespace strikenet
