#pragma once

#include "core/problem_list.h"
#include "io/chain_text.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// One layout of chain files. To add one: a file format_NAME.cc with a function like those below, and its line in the
/// list of read_chain.cc.
struct ChainFormatReader {
  ChainFormat description;

  /// Whether the text has this layout, well enough to read it as one and name what is wrong.
  bool (*recognises)(const ChainText& text);

  /// Reads everything and adds everything that is wrong to the problems - that of text.table() is added for it. Sets
  /// all fields of the chain but file and format.
  RawChain (*read)(const ChainText& text, ProblemList& problems);

  enum class Layout { table, lines, json } layout = Layout::table;
};

const ChainFormatReader& generic_format();
const ChainFormatReader& cboe_datashop_format();
const ChainFormatReader& iv_table_format();
const ChainFormatReader& cboe_quotedata_format();
const ChainFormatReader& cboe_quotedata_old_format();
const ChainFormatReader& yfinance_format();
const ChainFormatReader& optionsdx_format();
const ChainFormatReader& wide_format();
const ChainFormatReader& deribit_csv_format();
const ChainFormatReader& arbitragerepair_format();
const ChainFormatReader& vol_slice_format();
const ChainFormatReader& blocks_format();
const ChainFormatReader& deribit_json_format();
const ChainFormatReader& cboe_json_format();
const ChainFormatReader& yahoo_json_format();
const ChainFormatReader& nse_format();

}  // namespace strikenet
