#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "io/row_reader.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// The columns of a layout of one strike a row, calls beside puts, and the one that says when they were quoted: the
/// same in every row.
struct StrikeColumns {
  std::string_view expiry, strike, call_bid, call_ask, put_bid, put_ask, quoted;
};

/// A call and a put of every row, in this order. `read_first` sees the first row.
std::vector<RawQuote> read_strike_rows(const CsvTable& table, const StrikeColumns& columns, ProblemList& problems,
                                       const std::function<void(RowReader& first)>& read_first);

}  // namespace strikenet
