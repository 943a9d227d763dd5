#include "repair.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <sstream>
#include <tuple>
#include <utility>

#include "exit_status.h"
#include "output_files.h"
#include "printable_output.h"
#include "strikenet/arbitrage/repair.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/io/write_chain.h"
#include "strikenet/report/repair_report.h"

namespace strikenet::app {
namespace {

bool is_of_vols(QuoteKind kind) { return kind == QuoteKind::vol || kind == QuoteKind::bid_ask_vol; }

/// The file with its repaired prices, and of expiries that are repaired together the forwards at which they are in
/// order: found again by parity from other prices they would be others. Of vols there are prices, with the forwards
/// that they are prices at; of middles only those that there are.
RawChain repaired_file(RawChain raw, const Chain& chain, const Repair& repair, bool middles) {
  const bool vols = is_of_vols(raw.kind), converted = vols || (middles && raw.kind != QuoteKind::price);
  if (middles)
    raw.kind = QuoteKind::price;
  else if (vols)
    raw.kind = QuoteKind::bid_ask;
  std::map<ExpiryKey, std::pair<double, double>> forwards;
  if (vols)
    for (const ChainSlice& slice : chain.slices)
      forwards[slice.key] = {slice.forward.value(), slice.discount.value()};
  if (converted || !repair.quotes.empty())
    for (const AssumedForward& one : repair.together)
      forwards[one.key] = {one.forward, one.discount};
  for (std::size_t i = 0; i < raw.quotes.size(); ++i) {
    const Quote& quote = chain.quotes[i];
    RawQuote& row = raw.quotes[i];
    if (middles && converted)
      row.bid = row.ask = quote.bid > 0 && quote.ask > 0 ? (quote.bid + quote.ask) / 2 : 0;
    else if (vols)
      row.bid = quote.bid, row.ask = quote.ask;
    if (vols) row.type = quote.type;
    if (const auto at = forwards.find(quote.key); at != forwards.end())
      std::tie(row.forward, row.discount) = at->second;
  }
  for (const QuoteRepair& one : repair.quotes)
    raw.quotes[one.quote].bid = one.bid, raw.quotes[one.quote].ask = one.ask;
  return raw;
}

/// Whether the repaired file gives an expiry that stood by itself a forward that it had not, as where quotes were
/// crossed.
bool has_new_forward(const Chain& again, const Chain& chain, const Repair& repair) {
  return std::ranges::any_of(again.slices, [&](const ChainSlice& slice) {
    if (std::ranges::find(repair.together, slice.key, &AssumedForward::key) != repair.together.end()) return false;
    const auto was = std::ranges::find(chain.slices, slice.key, &ChainSlice::key);
    return was == chain.slices.end() || was->forward.value() != slice.forward.value();
  });
}

struct Repaired {
  Repair repair;
  RawChain file;
};

/// Repairs, and again where the repaired prices give an expiry its forward.
Repaired repaired_of(const RawChain& raw, Chain& chain, const RepairOptions& options, const PrepareOptions& prepared,
                     bool middles) {
  constexpr int kRounds = 3;
  Repaired result;
  for (int round = 0; round < kRounds; ++round) {
    result.repair = repair(chain, options);
    result.file = repaired_file(raw, chain, result.repair, middles);
    if (!result.repair.solved || !options.calendar) break;
    const auto again = prepare(result.file, prepared);
    if (!again || !has_new_forward(again.value(), chain, result.repair)) break;
    chain.slices = again.value().slices;
    for (std::size_t i = 0; i < chain.quotes.size(); ++i)
      chain.quotes[i].slice = again.value().quotes[i].slice;
  }
  return result;
}

std::string text_of(const RawChain& raw, const Repair& repair, bool middles) {
  ExtraColumn bid{middles ? "change" : "bid_change", {}}, ask{"ask_change", {}};
  for (const QuoteRepair& one : repair.quotes) {
    if (one.bid_change != 0) bid.of_quote[one.quote] = one.bid_change;
    if (one.ask_change != 0) ask.of_quote[one.quote] = one.ask_change;
  }
  std::ostringstream text;
  write_generic_csv(raw, text, middles ? std::vector{bid} : std::vector{bid, ask});
  return std::move(text).str();
}

}  // namespace

int run_repair(const RepairCommand& command, std::ostream& out, std::ostream& err) {
  FitSettings settings = fit_settings_of(command.words);
  if (command.norm != "l1" && command.norm != "l2")
    settings.problems.lines.push_back("--norm is '" + command.norm + "', but must be l1 or l2");
  if (!settings.problems.lines.empty()) return report(settings.problems, err, wrong_usage);
  if (const Problems problems = read_forwards_into(settings, command.words); !problems.lines.empty())
    return report(problems, err, bad_input);
  const auto raw = read_chain_files(command.words.chain, command.words.format);
  if (!raw) return report(raw.problems(), err, bad_input);
  const auto prepared = prepare(raw.value(), settings.prepare);
  if (!prepared) return report(prepared.problems(), err, bad_input);

  const RepairOptions options{
      .mid = command.mid, .calendar = settings.calendar != Calendar::off, .squares = command.norm == "l2"};
  const bool middles = command.mid || !prepared.value().has_spread;
  Chain chain = prepared.value();
  const Repaired repaired = repaired_of(raw.value(), chain, options, settings.prepare, middles);
  if (!repaired.repair.solved) {
    err << "repair: the linear program was not solved, nothing is written\n";
    return numerics_fell_short;
  }
  const std::string text = text_of(repaired.file, repaired.repair, middles);
  if (!command.out.empty())
    if (const auto written = write_output(command.out, text); !written)
      return report(written.problems(), err, bad_input);
  const ChainRepair said{chain, options, repaired.repair};
  if (command.json) {
    out << repair_json(said);
  } else if (command.out.empty()) {
    const DataOutput data(out);
    out << text;
    err << repair_table(said);
  } else {
    out << repair_table(said);
  }
  return done;
}

}  // namespace strikenet::app
