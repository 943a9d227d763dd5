#include <fmt/format.h>

#include "io/csv_field.h"
#include "strikenet/report/calibration.h"

namespace strikenet {
namespace {

std::string number(std::optional<double> value) { return value ? fmt::format("{}", *value) : std::string(); }

std::string line(const Quote& quote, const QuoteComparison& comparison) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", quote.line, csv_field(quote.key.expiry),
                     csv_field(quote.key.root), quote.strike, letter(quote.type), quote.bid, quote.ask,
                     quote.used() ? 1 : 0, quote.used() ? "" : to_string(quote.dropped), number(comparison.model),
                     number(comparison.model_vol), number(comparison.bid_vol), number(comparison.ask_vol),
                     comparison.inside ? (*comparison.inside ? "1" : "0") : "", number(comparison.mid_vol));
}

}  // namespace

std::string quotes_csv(const Calibration& calibration) {
  std::string text = "row,expiry,root,strike,type,bid,ask,used,reason,model,model_vol,bid_vol,ask_vol,inside,mid_vol";
  const std::string run = calibration.run.empty() ? "" : "," + calibration.run;
  text.append(calibration.run.empty() ? "" : ",run").append("\n");
  for (std::size_t i = 0; i < calibration.chain.quotes.size(); ++i)
    text.append(line(calibration.chain.quotes[i], calibration.comparison.quotes[i])).append(run).append("\n");
  return text;
}

}  // namespace strikenet
