#include "repair.h"

#include <ostream>
#include <sstream>
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

/// The file with its repaired prices. Of vols there are prices, with the forwards that they are prices at.
RawChain repaired_file(RawChain raw, const Chain& chain, const Repair& repair, bool middles) {
  const bool vols = is_of_vols(raw.kind);
  if (middles)
    raw.kind = QuoteKind::price;
  else if (vols)
    raw.kind = QuoteKind::bid_ask;
  const auto set = [&](RawQuote& row, double bid, double ask) {
    row.bid = bid;
    row.ask = ask;
  };
  for (std::size_t i = 0; i < raw.quotes.size(); ++i) {
    const Quote& quote = chain.quotes[i];
    RawQuote& row = raw.quotes[i];
    if (middles && quote.bid > 0 && quote.ask > 0) set(row, (quote.bid + quote.ask) / 2, (quote.bid + quote.ask) / 2);
    if (!vols) continue;
    if (!middles) set(row, quote.bid, quote.ask);
    row.type = quote.type;
    if (quote.slice < 0) continue;
    const ChainSlice& slice = chain.slices[static_cast<std::size_t>(quote.slice)];
    row.forward = slice.forward.value();
    row.discount = slice.discount.value();
  }
  for (const QuoteRepair& one : repair.quotes)
    set(raw.quotes[one.quote], one.bid, one.ask);
  return raw;
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
  const auto chain = prepare(raw.value(), settings.prepare);
  if (!chain) return report(chain.problems(), err, bad_input);

  const RepairOptions options{
      .mid = command.mid, .calendar = settings.calendar != Calendar::off, .squares = command.norm == "l2"};
  const Repair repair = strikenet::repair(chain.value(), options);
  if (!repair.solved) {
    err << "repair: the linear program was not solved, nothing is written\n";
    return numerics_fell_short;
  }
  const bool middles = command.mid || !chain.value().has_spread;
  const std::string text = text_of(repaired_file(raw.value(), chain.value(), repair, middles), repair, middles);
  if (!command.out.empty())
    if (const auto written = write_output(command.out, text); !written)
      return report(written.problems(), err, bad_input);
  const ChainRepair said{chain.value(), options, repair};
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
