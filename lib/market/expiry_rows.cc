#include "market/expiry_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "market/place.h"
#include "strikenet/market/settlement.h"

namespace strikenet {
namespace {

std::vector<ExpiryRows> group(const RawChain& raw, const std::string& default_root) {
  std::vector<ExpiryRows> expiries;
  std::map<ExpiryKey, std::size_t> index;
  for (std::size_t i = 0; i < raw.quotes.size(); ++i) {
    ExpiryKey key = raw.quotes[i].key;
    if (key.root.empty()) key.root = default_root;
    const auto [entry, is_new] = index.try_emplace(key, expiries.size());
    if (is_new) expiries.push_back({std::move(key), {}});
    expiries[entry->second].rows.push_back(i);
  }
  return expiries;
}

// What the rows of an expiry state as its `what`: the first statement. Each that differs from it is a problem.
template <class Member>
std::optional<double> stated(const RawChain& raw, const ExpiryRows& expiry, Member member, std::string_view what,
                             ProblemList& problems) {
  const RawQuote* first = nullptr;
  for (const std::size_t i : expiry.rows) {
    const RawQuote& quote = raw.quotes[i];
    const std::optional<double> number = member(quote);
    if (!number) continue;
    if (!first) first = &quote;
    if (const double expected = *member(*first); *number != expected)
      problems.add(place_of(quote), fmt::format("{} is {}, but must be {}, as on {} for the same expiry, {}", what,
                                                *number, expected, line_of(*first, quote, raw), to_string(expiry.key)));
  }
  return first ? member(*first) : std::nullopt;
}

std::optional<double> years(const RawQuote& quote) {
  return quote.t ? std::optional((*quote.t).value()) : std::nullopt;
}

void set_time(const RawChain& raw, std::optional<Instant> as_of, ExpiryRows& expiry, ProblemList& problems) {
  if (const auto date = parse_date(expiry.key.expiry)) expiry.settles = settlement_instant(expiry.key.root, *date);
  if (const auto t = stated(raw, expiry, years, "t", problems)) {
    expiry.t = YearFraction(*t);
  } else if (!expiry.settles) {
    problems.add(
        place_of(raw.quotes[expiry.rows.front()]),
        fmt::format("expiry is '{}', but must be a date or come with a year fraction", printable(expiry.key.expiry)));
  } else if (as_of) {
    expiry.t = year_fraction(*as_of, *expiry.settles);
  }
}

// The supplied forward of this very expiry and root, else the one for every root of the expiry.
const SuppliedForward* supplied_for(const ExpiryKey& key, const std::vector<SuppliedForward>& forwards) {
  const auto exact = std::ranges::find(forwards, key, &SuppliedForward::key);
  if (exact != forwards.end()) return &*exact;
  const auto any_root = std::ranges::find(forwards, ExpiryKey{key.expiry}, &SuppliedForward::key);
  return any_root != forwards.end() ? &*any_root : nullptr;
}

void set_forward(const RawChain& raw, const PrepareOptions& options, ExpiryRows& expiry, ProblemList& problems) {
  expiry.forward = stated(
      raw, expiry, [](const RawQuote& q) { return q.forward; }, "forward", problems);
  expiry.discount = stated(
      raw, expiry, [](const RawQuote& q) { return q.discount; }, "discount", problems);
  if (options.rate && expiry.t) expiry.discount = std::exp(-*options.rate * expiry.t->value());
  const SuppliedForward* supplied = supplied_for(expiry.key, options.forwards);
  if (!supplied) return;
  expiry.forward = supplied->forward.value();
  if (supplied->discount) expiry.discount = supplied->discount->value();
}

void check_supplied(const std::vector<ExpiryRows>& expiries, const std::vector<SuppliedForward>& forwards,
                    ProblemList& problems) {
  for (const SuppliedForward& supplied : forwards) {
    const auto is_meant = [&](const ExpiryRows& expiry) {
      return expiry.key == supplied.key || (supplied.key.root.empty() && expiry.key.expiry == supplied.key.expiry);
    };
    if (std::ranges::none_of(expiries, is_meant))
      problems.add(0, fmt::format("expiry of a supplied forward is {}, but must be one of the file's",
                                  printable(to_string(supplied.key))));
  }
}

/// Two dates, or a date and a year fraction, that a file gives one t would be two laws of one instant.
void check_times_differ(const RawChain& raw, const std::vector<ExpiryRows>& expiries, ProblemList& problems) {
  std::map<std::pair<std::string_view, double>, const ExpiryRows*> at;
  const auto first_of = [&](const ExpiryRows& expiry) -> const RawQuote& { return raw.quotes[expiry.rows.front()]; };
  for (const ExpiryRows& expiry : expiries) {
    if (!expiry.t || !(expiry.t->value() > 0)) continue;  // what is past is left out
    const auto [first, is_new] = at.try_emplace({expiry.key.root, expiry.t->value()}, &expiry);
    if (!is_new)
      problems.add(
          place_of(first_of(expiry)),
          fmt::format("t of {} is {}, but must differ from that of {} on {}", to_string(expiry.key), expiry.t->value(),
                      to_string(first->second->key), line_of(first_of(*first->second), first_of(expiry), raw)));
  }
}

}  // namespace

std::vector<ExpiryRows> group_by_expiry(const RawChain& raw, const PrepareOptions& options, ProblemList& problems) {
  std::vector<ExpiryRows> expiries = group(raw, options.root);
  const std::optional<Instant> as_of = options.as_of ? options.as_of : raw.as_of;
  for (ExpiryRows& expiry : expiries) {
    set_time(raw, as_of, expiry, problems);
    set_forward(raw, options, expiry, problems);
  }
  const auto lacks_as_of = [](const ExpiryRows& expiry) { return !expiry.t && expiry.settles; };
  if (std::ranges::any_of(expiries, lacks_as_of))
    problems.add(0, "no as-of, but expiries are dates: pass --as-of 2019-06-26T15:45-04:00");
  check_times_differ(raw, expiries, problems);
  check_supplied(expiries, options.forwards, problems);
  return expiries;
}

}  // namespace strikenet
