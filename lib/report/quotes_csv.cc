#include <csv.h>
#include <fmt/format.h>

#include "strikenet/report/calibration.h"

namespace strikenet {
namespace {

/// A text field, quoted as CSV wants it.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string buffer(2 * text.size() + 2, '\0');
  buffer.resize(csv_write(buffer.data(), buffer.size(), text.data(), text.size()));
  return buffer;
}

std::string number(std::optional<double> value) { return value ? fmt::format("{}", *value) : std::string(); }

std::string line(const Quote& quote, const QuoteComparison& comparison) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", quote.line, quoted(quote.key.expiry),
                     quoted(quote.key.root), quote.strike, letter(quote.type), quote.bid, quote.ask,
                     quote.used() ? 1 : 0, quote.used() ? "" : to_string(quote.dropped), number(comparison.model),
                     number(comparison.model_vol), number(comparison.bid_vol), number(comparison.ask_vol),
                     comparison.inside ? (*comparison.inside ? "1" : "0") : "");
}

}  // namespace

std::string quotes_csv(const Calibration& calibration) {
  std::string text = "row,expiry,root,strike,type,bid,ask,used,reason,model,model_vol,bid_vol,ask_vol,inside\n";
  for (std::size_t i = 0; i < calibration.chain.quotes.size(); ++i)
    text += line(calibration.chain.quotes[i], calibration.comparison.quotes[i]);
  return text;
}

}  // namespace strikenet
