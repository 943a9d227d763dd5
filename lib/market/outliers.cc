#include "market/outliers.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "market/hygiene.h"
#include "market/parity.h"
#include "market/parity_consensus.h"

namespace strikenet {
namespace {

constexpr std::ptrdiff_t kNeighbours = 4;  // on either side
constexpr std::size_t kFewestNeighbours = 4, kFewestPairs = 5;
constexpr double kRounding = 1e-9;

bool has_bid(const RawQuote& quote) { return quote.bid.value_or(0) > 0; }

/// Rows of one type by strike; those of files of vols that name no type are all calls.
std::vector<std::size_t> rows_of_type(const RawChain& raw, const ExpiryRows& expiry, OptionType type, auto counts) {
  std::vector<std::size_t> rows;
  for (const std::size_t row : expiry.rows)
    if (raw.quotes[row].type.value_or(OptionType::call) == type && counts(row)) rows.push_back(row);
  std::ranges::stable_sort(rows, {}, [&](std::size_t row) { return raw.quotes[row].strike; });
  return rows;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Where the time value is largest, as far as the file says.
std::optional<double> money_of(const RawChain& raw, const ExpiryRows& expiry, const std::vector<Drop>& reasons) {
  if (expiry.forward) return expiry.forward;
  std::optional<double> money;
  double nearest = std::numeric_limits<double>::infinity();
  for (const auto& [call_row, put_row] : pairs_of(raw, expiry, reasons)) {
    const RawQuote &call = raw.quotes[call_row], &put = raw.quotes[put_row];
    if (!has_bid(call) || !has_bid(put)) continue;
    const double difference = std::abs(*call.bid + *call.ask - *put.bid - *put.ask);
    if (difference < nearest) money = call.strike;
    nearest = std::min(nearest, difference);
  }
  return money;
}

}  // namespace

void drop_absurd_spreads(const RawChain& raw, const ExpiryRows& expiry, double times, std::vector<Drop>& reasons) {
  const bool vols = quotes_vols(raw.kind);
  const auto spread = [&](std::size_t row) { return *raw.quotes[row].ask - raw.quotes[row].bid.value_or(0); };
  for (const OptionType type : {OptionType::call, OptionType::put}) {
    const std::vector<std::size_t> rows = rows_of_type(raw, expiry, type, [&](std::size_t row) {
      return reasons[row] == Drop::none && (!vols || has_bid(raw.quotes[row]));
    });
    const auto count = static_cast<std::ptrdiff_t>(rows.size());
    std::vector<std::size_t> absurd;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      std::vector<double> around;
      for (std::ptrdiff_t j = std::max<std::ptrdiff_t>(0, i - kNeighbours); j <= i + kNeighbours && j < count; ++j)
        if (j != i) around.push_back(spread(rows[static_cast<std::size_t>(j)]));
      if (around.size() < kFewestNeighbours) continue;
      const std::size_t row = rows[static_cast<std::size_t>(i)];
      const double usual = median(std::move(around));
      if (usual > 0 && spread(row) > times * usual) absurd.push_back(row);
    }
    for (const std::size_t row : absurd)
      reasons[row] = Drop::absurd_spread;
  }
}

void drop_dead_wings(const RawChain& raw, const ExpiryRows& expiry, double strikes, std::vector<Drop>& reasons) {
  const std::optional<double> money = money_of(raw, expiry, reasons);
  if (!money) return;
  for (const OptionType wing : {OptionType::put, OptionType::call}) {
    std::vector<std::size_t> rows;  // outwards
    for (const std::size_t row : expiry.rows) {
      const RawQuote& quote = raw.quotes[row];
      const bool outside = wing == OptionType::put ? quote.strike < *money : quote.strike > *money;
      const bool counts = reasons[row] == Drop::none || reasons[row] == Drop::no_ask;
      if (outside && counts && type_of(quote, *money) == wing) rows.push_back(row);
    }
    std::ranges::stable_sort(rows, {}, [&](std::size_t row) { return std::abs(raw.quotes[row].strike - *money); });
    std::size_t run = 0, next = 0;
    const auto dead = static_cast<std::size_t>(strikes);
    for (; next < rows.size() && run < dead; ++next)
      run = has_bid(raw.quotes[rows[next]]) ? 0 : run + 1;
    if (run < dead) continue;
    for (std::size_t i = next - run; i < rows.size(); ++i)
      if (reasons[rows[i]] == Drop::none) reasons[rows[i]] = Drop::dead_wing;
  }
}

void drop_off_parity(const RawChain& raw, const ExpiryRows& expiry, std::vector<Drop>& reasons) {
  std::vector<ParityPair> pairs;
  const std::vector<CallAndPut> rows = pairs_of(raw, expiry, reasons);
  for (const auto& [call, put] : rows)
    pairs.push_back(parity_pair(raw.quotes[call], raw.quotes[put]));
  if (pairs.size() < kFewestPairs) return;
  const ParityLine line = most_agreed_parity(pairs, expiry.discount, expiry.forward);
  if (2 * static_cast<std::size_t>(line.agreed) <= pairs.size()) return;
  const double rounding = kRounding * line.forward;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double value = line.at(pairs[i].strike);
    if (pairs[i].low - rounding <= value && value <= pairs[i].high + rounding) continue;
    reasons[value > 0 ? rows[i].call : rows[i].put] = Drop::off_parity;
  }
  for (const std::size_t row : expiry.rows) {
    const RawQuote& quote = raw.quotes[row];
    const double worth = (*quote.type == OptionType::call ? 1 : -1) * line.at(quote.strike);
    if (reasons[row] == Drop::none && *quote.ask < worth - rounding) reasons[row] = Drop::off_parity;
  }
}

}  // namespace strikenet
