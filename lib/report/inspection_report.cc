#include "strikenet/report/inspection_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "report/columns.h"
#include "strikenet/market/settlement.h"
#include "strikenet/report/calibration.h"

namespace strikenet {
namespace {

const Chain* chain_of(const ChainReport& report) { return report.prepared ? &report.prepared.value() : nullptr; }

const ChainSlice* slice_of(const ChainReport& report, const ExpiryKey& key) {
  const Chain* chain = chain_of(report);
  if (!chain) return nullptr;
  const auto found = std::ranges::find(chain->slices, key, &ChainSlice::key);
  return found == chain->slices.end() ? nullptr : &*found;
}

double share(int count, int of) {
  return of > 0 ? static_cast<double>(count) / of : std::numeric_limits<double>::quiet_NaN();
}

/// "european", "american", both as "mixed", or "unknown", as the settlement table knows the roots.
std::string style_of(const Inspection& inspection) {
  std::set<std::string_view> styles;
  for (const ExpiryFacts& expiry : inspection.expiries)
    styles.insert(settlement_of(expiry.key.root).style);
  if (styles.size() != 1) return styles.empty() ? "unknown" : "mixed";
  return styles.begin()->empty() ? "unknown" : std::string(*styles.begin());
}

/// Whether some forward satisfies all of an expiry's pairs.
bool has_band(const ChainSlice& slice) {
  return slice.parity.pairs > 0 && slice.parity.forward_low <= slice.parity.forward_high;
}

std::vector<Column> columns_of(const ChainReport& report, bool has_prices) {
  const std::vector<ExpiryFacts>& expiries = report.inspection.expiries;
  const auto facts = [&](auto of_facts) {
    return [&, of_facts](std::size_t row) { return number_cell(of_facts(expiries[row].facts)); };
  };
  const auto sliced = [&](auto of_slice) {
    return [&, of_slice](std::size_t row) {
      const ChainSlice* slice = slice_of(report, expiries[row].key);
      return slice ? number_cell(of_slice(*slice)) : Cell();
    };
  };
  const auto band = [](double ParityBand::*end) {
    return [end](const ChainSlice& slice) { return has_band(slice) ? std::optional(slice.parity.*end) : std::nullopt; };
  };
  std::vector<Column> columns{
      {"expiry", [&](std::size_t row) { return Cell(expiries[row].key.expiry); }},
      {"root", [&](std::size_t row) { return Cell(expiries[row].key.root); }},
      {"t", sliced([](const ChainSlice& slice) { return slice.t.value(); })},
      {"quotes", facts([](const QuoteFacts& f) { return static_cast<double>(f.quotes); })},
      {"dirty", facts([](const QuoteFacts& f) { return share(f.dirty, f.quotes); }), 4},
      {"forward", sliced([](const ChainSlice& slice) { return slice.forward.value(); }), 8},
      {"forward_low", sliced(band(&ParityBand::forward_low)), 8},
      {"forward_high", sliced(band(&ParityBand::forward_high)), 8},
      {"discount", sliced([](const ChainSlice& slice) { return slice.discount.value(); }), 6},
  };
  if (!has_prices) return columns;
  columns.push_back({"parity_share", facts([](const QuoteFacts& f) { return share(f.in_parity, f.pairs); }), 4});
  columns.push_back(
      {"executable_butterflies", facts([](const QuoteFacts& f) { return static_cast<double>(f.butterflies); })});
  return columns;
}

std::string percent(double part) { return std::isnan(part) ? "-" : fmt::format("{:.1f} %", 100 * part); }

std::string dropped_words(const Chain& chain) {
  std::string words;
  for (const auto& [reason, count] : dropped_by_reason(chain))
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, to_string(reason));
  return words.empty() ? "none" : words;
}

bool has_prices(const ChainReport& report) { return report.raw.kind == QuoteKind::bid_ask; }

}  // namespace

std::string inspection_table(const ChainReport& report) {
  const auto& [raw, inspection, prepared] = report;
  const QuoteFacts& total = inspection.total;
  const std::string style = style_of(inspection);
  std::string text =
      fmt::format("{}: format {}, {}{}, {} quotes on {} expiries\n\n", raw.file, raw.format,
                  raw.as_of ? "as of " + to_string(*raw.as_of) : "no as-of",
                  style == "unknown" ? "" : ", " + style + " options", total.quotes, inspection.expiries.size());
  text += text_table_of(columns_of(report, has_prices(report)), inspection.expiries.size());
  text += fmt::format("\ndirty        {}: {} of {} quotes without a bid, without an ask, or crossed\n",
                      percent(share(total.dirty, total.quotes)), total.dirty, total.quotes);
  if (total.pairs > 0)
    text += fmt::format("parity       {}: {} of {} pairs of call and put within their spreads\n",
                        percent(share(total.in_parity, total.pairs)), total.in_parity, total.pairs);
  if (has_prices(report))
    text += fmt::format("butterflies  {} free of cost at the quoted bid and ask\n", total.butterflies);
  if (prepared) text += fmt::format("left out     {}\n", dropped_words(prepared.value()));
  if (style == "american" || style == "mixed")
    text += "note         American options carry an early-exercise premium; fits take them for European\n";
  if (!prepared) {
    text += "cannot be fitted:\n";
    for (const std::string& line : prepared.problems().lines)
      text += "  " + line + "\n";
  }
  return text;
}

std::string inspection_json(const ChainReport& report) {
  const auto& [raw, inspection, prepared] = report;
  const QuoteFacts& total = inspection.total;
  const Chain* chain = chain_of(report);
  const std::string& underlying = chain ? chain->underlying : raw.underlying;
  const bool prices = has_prices(report);
  std::string text = fmt::format(
      "{{\n \"schema\": \"strikenet.inspect/1\",\n \"format\": {},\n \"as_of\": {},\n \"underlying\": {},\n \"style\": "
      "\"{}\",\n \"quotes\": {},\n \"expiries\": {},\n \"expiry_dates\": {},\n \"dirty_share\": {},\n "
      "\"parity_share\": "
      "{},\n \"executable_butterflies\": {},\n \"dropped\": {{",
      json_text(raw.format), raw.as_of ? json_text(to_string(*raw.as_of)) : "null", json_text(underlying),
      style_of(inspection), total.quotes, inspection.expiries.size(), inspection.dates,
      json_number(share(total.dirty, total.quotes)), json_number(share(total.in_parity, total.pairs)),
      prices ? std::to_string(total.butterflies) : "null");
  bool first = true;
  if (chain)
    for (const auto& [reason, count] : dropped_by_reason(*chain))
      text += fmt::format("{}{}: {}", std::exchange(first, false) ? "" : ", ", json_text(to_string(reason)), count);
  text += "},\n \"problems\": [";
  first = true;
  if (!prepared)
    for (const std::string& line : prepared.problems().lines)
      text += fmt::format("{}\n  {}", std::exchange(first, false) ? "" : ",", json_text(line));
  text += "],\n \"slices\": [";
  first = true;
  for (const ExpiryFacts& expiry : inspection.expiries) {
    const ChainSlice* slice = slice_of(report, expiry.key);
    const QuoteFacts& facts = expiry.facts;
    const bool band = slice && has_band(*slice);
    text += fmt::format(
        "{}\n  {{\"expiry\": {}, \"root\": {}, \"t\": {}, \"quotes\": {}, \"forward\": {}, \"forward_band\": {}, "
        "\"discount\": {}, \"dirty\": {}, \"parity_share\": {}, \"executable_butterflies\": {}}}",
        std::exchange(first, false) ? "" : ",", json_text(expiry.key.expiry), json_text(expiry.key.root),
        slice ? json_number(slice->t.value()) : "null", facts.quotes,
        slice ? json_number(slice->forward.value()) : "null",
        band ? fmt::format("[{}, {}]", json_number(slice->parity.forward_low), json_number(slice->parity.forward_high))
             : "null",
        slice ? json_number(slice->discount.value()) : "null", json_number(share(facts.dirty, facts.quotes)),
        json_number(share(facts.in_parity, facts.pairs)), prices ? std::to_string(facts.butterflies) : "null");
  }
  return text + "\n ]\n}\n";
}

}  // namespace strikenet
