#include "strikenet/io/write_chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "io/csv_field.h"
#include "io/row_reader.h"

namespace strikenet {
namespace {

bool is_of_vols(QuoteKind kind) { return kind == QuoteKind::vol || kind == QuoteKind::bid_ask_vol; }
bool has_one_number(QuoteKind kind) { return kind == QuoteKind::vol || kind == QuoteKind::price; }

bool is_years(const ExpiryKey& key) { return key.expiry.starts_with("T="); }

/// "2019-06-28"; of a key "T=0.025" the number.
std::string_view expiry_of(const ExpiryKey& key) { return std::string_view(key.expiry).substr(is_years(key) ? 2 : 0); }

/// Whether the expiry says the year fraction already.
bool is_told_by_expiry(const RawQuote& quote) {
  return !quote.t || (is_years(*quote.key) && parse_number(expiry_of(*quote.key)) == (*quote.t).value());
}

/// Which of the columns that may be missing are there.
struct Columns {
  explicit Columns(const RawChain& chain)
      : as_of(chain.as_of.has_value()), underlying(!chain.underlying.empty()), hygiene(!chain.strict) {
    type = !is_of_vols(chain.kind);
    for (const RawQuote& quote : chain.quotes) {
      root |= !quote.key->root.empty();
      t |= !is_told_by_expiry(quote);
      type |= quote.type.has_value();
      forward |= quote.forward.has_value();
      discount |= quote.discount.has_value();
      last_trade |= quote.last_trade.has_value();
      one_side |= quote.side_of_another;
      sizes |= quote.bid_size > 0 || quote.ask_size > 0;
    }
  }

  bool as_of, underlying, hygiene;
  bool root = false, t = false, type = false, forward = false, discount = false, last_trade = false, one_side = false,
       sizes = false;
};

/// One line of CSV, field by field.
class Line {
 public:
  void add(std::string_view text) {
    begin_field();
    buffer_.append(csv_field(text));
  }
  void add(const CompactOptional<double>& number) {
    begin_field();
    if (number) fmt::format_to(std::back_inserter(buffer_), "{}", *number);
  }
  void add_if(bool wanted, const auto& field) {
    if (wanted) add(field);
  }
  void end(std::ostream& out) {
    buffer_.push_back('\n');
    out.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    buffer_.clear();
  }

 private:
  void begin_field() {
    if (buffer_.size() > 0) buffer_.push_back(',');
  }

  fmt::memory_buffer buffer_;
};

CompactOptional<double> size_of(std::uint32_t contracts) {
  return contracts == 0 ? CompactOptional<double>() : CompactOptional<double>(contracts);
}

/// The names of the columns that hold the quotes.
std::pair<std::string_view, std::string_view> quote_columns(QuoteKind kind) {
  if (kind == QuoteKind::bid_ask) return {"bid", "ask"};
  if (kind == QuoteKind::bid_ask_vol) return {"bid_vol", "ask_vol"};
  return {kind == QuoteKind::vol ? "vol" : "price", ""};
}

void write_header(const RawChain& chain, const Columns& has, const std::vector<ExtraColumn>& extra, std::ostream& out) {
  const auto [first, second] = quote_columns(chain.kind);
  Line line;
  line.add_if(has.as_of, "as_of");
  line.add("expiry");
  line.add_if(has.root, "root");
  line.add("strike");
  line.add_if(has.type, "type");
  line.add(first);
  line.add_if(!second.empty(), second);
  line.add_if(has.one_side, "one_side");
  line.add_if(has.t, "t");
  line.add_if(has.forward, "forward");
  line.add_if(has.discount, "discount");
  line.add_if(has.last_trade, "last_trade");
  line.add_if(has.sizes, "bid_size");
  line.add_if(has.sizes, "ask_size");
  line.add_if(has.underlying, "underlying");
  line.add_if(has.hygiene, "hygiene");
  for (const ExtraColumn& column : extra)
    line.add(column.name);
  line.end(out);
}

void write_row(const RawChain& chain, const RawQuote& quote, const Columns& has, const std::string& as_of, Line& line) {
  line.add_if(has.as_of, as_of);
  line.add(expiry_of(*quote.key));
  line.add_if(has.root, quote.key->root);
  line.add(quote.strike);
  line.add_if(has.type, quote.type ? (*quote.type == OptionType::call ? "C" : "P") : "");
  const bool one_number = has_one_number(chain.kind);
  line.add(one_number && !quote.bid ? quote.ask : quote.bid);
  line.add_if(!one_number, quote.ask);
  line.add_if(has.one_side, !quote.side_of_another ? "" : quote.bid ? "bid" : "ask");
  line.add_if(has.t, quote.t ? CompactOptional<double>((*quote.t).value()) : std::nullopt);
  line.add_if(has.forward, quote.forward);
  line.add_if(has.discount, quote.discount);
  line.add_if(has.last_trade, quote.last_trade ? to_string(*quote.last_trade) : std::string());
  line.add_if(has.sizes, size_of(quote.bid_size));
  line.add_if(has.sizes, size_of(quote.ask_size));
  line.add_if(has.underlying, chain.underlying);
  line.add_if(has.hygiene, "lenient");
}

}  // namespace

void write_generic_csv(const RawChain& chain, std::ostream& out, const std::vector<ExtraColumn>& extra) {
  const Columns has(chain);
  const std::string as_of = chain.as_of ? to_string(*chain.as_of) : std::string();
  write_header(chain, has, extra, out);
  Line line;
  for (std::size_t i = 0; i < chain.quotes.size(); ++i) {
    write_row(chain, chain.quotes[i], has, as_of, line);
    for (const ExtraColumn& column : extra) {
      const auto number = column.of_quote.find(i);
      line.add(number == column.of_quote.end() ? CompactOptional<double>() : CompactOptional<double>(number->second));
    }
    line.end(out);
  }
}

}  // namespace strikenet
