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
#include "strikenet/market/carry.h"
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

std::optional<Instant> as_of_of(const ChainReport& report) {
  return chain_of(report) ? chain_of(report)->as_of : report.raw.as_of;
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

/// What is known of one expiry; the last three are empty where nothing of it is used.
struct ExpiryLine {
  const ExpiryKey& key;
  const QuoteFacts& facts;
  std::optional<double> t;
  const ChainSlice* slice;
  std::optional<Carry> carry;
  int used;
};

std::vector<ExpiryLine> lines_of(const ChainReport& report) {
  const Chain* chain = chain_of(report);
  const std::vector<Carry> carries = chain ? implied_carry(*chain) : std::vector<Carry>();
  std::vector<int> used(carries.size());
  if (chain)
    for (const Quote& quote : chain->quotes)
      if (quote.used()) ++used[static_cast<std::size_t>(quote.slice)];
  std::vector<ExpiryLine> lines;
  for (const ExpiryFacts& expiry : report.inspection.expiries) {
    const ChainSlice* slice = slice_of(report, expiry.key);
    lines.push_back({expiry.key, expiry.facts, expiry.t, slice, {}, 0});
    if (!slice) continue;
    const auto index = static_cast<std::size_t>(slice - chain->slices.data());
    lines.back().t = slice->t.value();
    lines.back().carry = carries[index];
    lines.back().used = used[index];
  }
  return lines;
}

constexpr double kDaysPerYear = 365;

// Of a file of single prices, those in the middle are all there are.
int butterflies_of(const ChainReport& report, const QuoteFacts& facts) {
  return report.inspection.has_spread ? facts.butterflies : facts.negative;
}

std::vector<Column> columns_of(const ChainReport& report, const std::vector<ExpiryLine>& lines) {
  const auto number = [&](auto of_line) {
    return [&, of_line](std::size_t row) { return number_cell(of_line(lines[row])); };
  };
  const auto sliced = [&](auto of_slice) {
    return number([of_slice](const ExpiryLine& line) {
      return line.slice ? std::optional<double>(of_slice(*line.slice)) : std::nullopt;
    });
  };
  const auto band = [&](double ParityBand::*end) {
    return number([end](const ExpiryLine& line) {
      const bool has_band = line.slice && line.slice->parity.has_forward();
      return has_band ? std::optional(line.slice->parity.*end) : std::nullopt;
    });
  };
  const auto facts = [&](auto of_facts) {
    return number([of_facts](const ExpiryLine& line) { return static_cast<double>(of_facts(line.facts)); });
  };
  const auto rated = [&](auto of_carry) {
    return number([of_carry](const ExpiryLine& line) {
      const std::optional<double> rate = line.carry ? of_carry(*line.carry) : std::optional<double>();
      return rate ? std::optional(100 * *rate) : rate;
    });
  };
  const auto any_slice = [&](auto is) {
    return std::ranges::any_of(lines, [&](const ExpiryLine& line) { return line.slice && is(*line.slice); });
  };
  const auto days = [](const ExpiryLine& line) { return line.t ? std::optional(kDaysPerYear * *line.t) : line.t; };
  std::vector<Column> columns{
      {"expiry", [&](std::size_t row) { return Cell(lines[row].key.expiry); }},
      {"root", [&](std::size_t row) { return Cell(lines[row].key.root); }},
      {"days", number(days), 5},
      {"quotes", facts([](const QuoteFacts& f) { return f.quotes; })},
      {"used", number([](const ExpiryLine& line) { return static_cast<double>(line.used); })},
      {"dirty_%", facts([](const QuoteFacts& f) { return 100 * share(f.dirty, f.quotes); }), 3},
      {"forward", sliced([](const ChainSlice& slice) { return slice.forward.value(); }), 8},
  };
  if (any_slice([](const ChainSlice& slice) { return slice.parity.pairs > 0; })) {
    columns.push_back({"forward_low", band(&ParityBand::forward_low), 8});
    columns.push_back({"forward_high", band(&ParityBand::forward_high), 8});
  }
  // Where nothing is discounted, all that forwards say is their carry.
  if (any_slice([](const ChainSlice& slice) { return slice.discount.value() != 1; })) {
    columns.push_back({"rate_%", rated([](const Carry& carry) { return std::optional(carry.rate); }), 3});
    columns.push_back({"yield_%", rated([](const Carry& carry) { return carry.yield; }), 3});
  } else {
    columns.push_back({"carry_%", rated([](const Carry& carry) { return carry.carry; }), 3});
  }
  if (report.inspection.total.pairs > 0)
    columns.push_back({"parity_%", facts([](const QuoteFacts& f) { return 100 * share(f.in_parity, f.pairs); }), 3});
  if (report.inspection.total.triples > 0)
    columns.push_back({"butterflies", facts([&](const QuoteFacts& f) { return butterflies_of(report, f); })});
  return columns;
}

std::string percent(double part) { return std::isnan(part) ? "-" : fmt::format("{:.1f} %", 100 * part); }

std::string counted(std::string_view name, int count, int of, std::string_view what) {
  return fmt::format("{:<12} {}: {} of {} {}\n", name, percent(share(count, of)), count, of, what);
}

std::string butterfly_lines(const ChainReport& report) {
  const QuoteFacts& total = report.inspection.total;
  if (total.triples == 0) return "";
  const std::string negative = fmt::format("{} of {} negative at ", total.negative, total.triples);
  if (!report.inspection.has_spread) return fmt::format("butterflies  {}the prices of the file\n", negative);
  return fmt::format("butterflies  {} free of cost at the quoted bid and ask; {}the middle\n", total.butterflies,
                     negative);
}

/// What has counts only in some files.
std::string column_lines(const QuoteFacts& total) {
  std::string text;
  if (total.traded > 0)
    text += counted("untraded", total.untraded, total.traded, "quotes for more than five days before the as-of");
  if (total.without_vol > 0)
    text += counted("vols", total.without_vol, total.quotes, "quotes have a placeholder in the file's own column");
  return text;
}

std::string rule_lines(const ChainReport& report) {
  std::string text;
  if (report.prepared)
    text += fmt::format("left out     {}\n", counts_in_words(dropped_by_reason(report.prepared.value())));
  std::vector<std::pair<Drop, int>> others = report.would_leave_out;
  std::erase_if(others, [](const auto& other) { return other.second == 0; });
  if (!others.empty()) text += fmt::format("rules off    each alone would leave out: {}\n", counts_in_words(others));
  return text;
}

std::string range_json(const std::optional<StrikeRange>& range) {
  return range ? fmt::format("[{}, {}]", json_number(range->low), json_number(range->high)) : "null";
}

std::string number_json(std::optional<double> number) { return number ? json_number(*number) : "null"; }

/// What an expiry and the file as a whole have both, one after the other or one a line.
std::string facts_json(const ChainReport& report, const QuoteFacts& facts, std::string_view next) {
  const QuoteFacts& total = report.inspection.total;
  const bool executable = report.inspection.has_spread && total.triples > 0;
  const std::pair<std::string_view, std::string> fields[] = {
      {"parity_share", json_number(share(facts.in_parity, facts.pairs))},
      {"executable_butterflies", executable ? std::to_string(facts.butterflies) : "null"},
      {"negative_butterflies", fmt::format("{{\"count\": {}, \"of\": {}}}", facts.negative, facts.triples)},
      {"untraded_share", json_number(share(facts.untraded, facts.traded))},
      {"placeholder_vol_share", json_number(share(facts.without_vol, total.without_vol > 0 ? facts.quotes : 0))},
      {"strikes", range_json(facts.strikes)},
      {"bid_strikes", range_json(facts.bid_strikes)},
  };
  std::string text;
  for (const auto& [name, value] : fields)
    text += fmt::format("{}\"{}\": {}", text.empty() ? "" : next, name, value);
  return text;
}

std::string slice_json(const ChainReport& report, const ExpiryLine& line) {
  const ChainSlice* slice = line.slice;
  const auto of_slice = [&](auto value) { return slice ? json_number(value(*slice)) : "null"; };
  std::string band = "null";
  if (slice && slice->parity.has_forward())
    band = range_json(StrikeRange{slice->parity.forward_low, slice->parity.forward_high});
  return fmt::format(
      "{{\"expiry\": {}, \"root\": {}, \"t\": {}, \"quotes\": {}, \"used\": {}, \"forward\": {}, \"forward_band\": {}, "
      "\"discount\": {}, \"rate\": {}, \"carry\": {}, \"yield\": {}, \"dirty\": {}, {}}}",
      json_text(line.key.expiry), json_text(line.key.root), number_json(line.t), line.facts.quotes, line.used,
      of_slice([](const ChainSlice& s) { return s.forward.value(); }), band,
      of_slice([](const ChainSlice& s) { return s.discount.value(); }),
      line.carry ? json_number(line.carry->rate) : "null", line.carry ? number_json(line.carry->carry) : "null",
      line.carry ? number_json(line.carry->yield) : "null", json_number(share(line.facts.dirty, line.facts.quotes)),
      facts_json(report, line.facts, ", "));
}

}  // namespace

std::string inspection_table(const ChainReport& report) {
  const auto& [raw, inspection, prepared, others] = report;
  const QuoteFacts& total = inspection.total;
  const std::string style = style_of(inspection);
  const std::optional<Instant> as_of = as_of_of(report);
  std::string text =
      fmt::format("{}: format {}, {}{}, {} quotes on {} expiries\n\n", raw.file, raw.format,
                  as_of ? "as of " + to_string(*as_of) : "no as-of",
                  style == "unknown" ? "" : ", " + style + " options", total.quotes, inspection.expiries.size());
  const std::vector<ExpiryLine> lines = lines_of(report);
  text += text_table_of(columns_of(report, lines), lines.size()) + "\n";
  text += counted("dirty", total.dirty, total.quotes, "quotes without a bid, without an ask, or crossed");
  if (total.pairs > 0)
    text += counted("parity", total.in_parity, total.pairs, "pairs of call and put within their spreads");
  text += butterfly_lines(report) + column_lines(total) + rule_lines(report);
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
  const auto& [raw, inspection, prepared, others] = report;
  const QuoteFacts& total = inspection.total;
  const Chain* chain = chain_of(report);
  const std::optional<Instant> as_of = as_of_of(report);
  const auto used = chain ? std::ranges::count_if(chain->quotes, [](const Quote& quote) { return quote.used(); }) : 0;
  std::string rules;
  if (chain)
    for (const RuleSetting& rule : chain->rules)
      rules += (rules.empty() ? "" : ", ") + json_text(to_string(rule));
  std::string text = fmt::format(
      "{{\n \"schema\": \"strikenet.inspect/1\",\n \"format\": {},\n \"as_of\": {},\n \"underlying\": {},\n "
      "\"style\": \"{}\",\n \"quotes\": {},\n \"used\": {},\n \"expiries\": {},\n \"expiry_dates\": {},\n "
      "\"dirty_share\": {},\n {},\n \"rules\": [{}],\n \"dropped\": {},\n \"would_drop\": {},\n \"problems\": [",
      json_text(raw.format), as_of ? json_text(to_string(*as_of)) : "null",
      json_text(chain ? chain->underlying : raw.underlying), style_of(inspection), total.quotes, used,
      inspection.expiries.size(), inspection.dates, json_number(share(total.dirty, total.quotes)),
      facts_json(report, total, ",\n "), rules,
      counts_in_json(chain ? dropped_by_reason(*chain) : std::vector<std::pair<Drop, int>>()), counts_in_json(others));
  bool first = true;
  if (!prepared)
    for (const std::string& line : prepared.problems().lines)
      text += fmt::format("{}\n  {}", std::exchange(first, false) ? "" : ",", json_text(line));
  text += "],\n \"slices\": [";
  first = true;
  for (const ExpiryLine& line : lines_of(report))
    text += fmt::format("{}\n  {}", std::exchange(first, false) ? "" : ",", slice_json(report, line));
  return text + "\n ]\n}\n";
}

}  // namespace strikenet
