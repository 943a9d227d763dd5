#pragma once

#include <string_view>
#include <vector>

#include "io/row_reader.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// The columns of a layout of one strike a row, calls beside puts.
struct StrikeColumns {
  std::string_view expiry, strike, call_bid, call_ask, put_bid, put_ask;
};

/// A call and a put of every row, in this order.
std::vector<RawQuote> read_strike_rows(const CsvTable& table, const StrikeColumns& columns, ProblemList& problems);

}  // namespace strikenet
