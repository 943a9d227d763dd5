#include <fmt/format.h>

#include <tuple>

#include "io/chain_format.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

bool recognises(const ChainText& text) {
  const CsvTable& table = text.table();
  return table.column("strike") && table.column("vol") && !table.column("expiry");
}

/// The number after "NAME=" in a comment before the header.
std::optional<double> remark(std::string_view text, std::string_view name) {
  while (text.starts_with('#')) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (const std::size_t at = line.find(fmt::format("{}=", name)); at != std::string_view::npos) {
      const std::string_view value = line.substr(at + name.size() + 1);
      return parse_number(value.substr(0, value.find_first_of(" \r\t,;")));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::nullopt;
}

RawChain read(const ChainText& text, ProblemList& problems) {
  const CsvTable& table = text.table();
  RawChain chain{.kind = QuoteKind::vol, .strict = false};
  require_columns(table, {"strike", "vol"}, "format vol-slice", problems);
  const auto forward = remark(text.text(), "forward"), t = remark(text.text(), "tte");
  for (const auto& [name, value, rule] : {std::tuple("forward", forward, kAboveZero), std::tuple("tte", t, kYears)})
    if (!rule.broken_by(value).empty())
      problems.add(
          1, fmt::format("'# {}=' is missing or not {}, but format vol-slice needs it", name, rule.broken_by(value)));
  SharedExpiryKey key;
  if (t) key = SharedExpiryKey(fmt::format("T={}", *t));
  for_each_row(table, problems, [&](RowReader row) {
    RawQuote quote{.line = row.line(), .key = key, .t = t ? std::optional(YearFraction(*t)) : std::nullopt};
    quote.strike = row.required_number("strike", kAboveZero).value_or(0);
    quote.bid = quote.ask = row.required_number("vol", kAtLeastZero);
    row.number("weight", kAtLeastZero);
    quote.forward = forward;
    chain.quotes.push_back(quote);
  });
  return chain;
}

}  // namespace

const ChainFormatReader& vol_slice_format() {
  static constexpr ChainFormatReader format{
      {"vol-slice", "vols of one expiry, decimal; comments before the header carry forward and years",
       "strike,vol[,weight], and lines '# forward=...' and '# tte=...'",
       "# forward=356.73 tte=1.5918\nstrike,vol\n350,0.4487"},
      recognises,
      read};
  return format;
}

}  // namespace strikenet
