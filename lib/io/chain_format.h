#pragma once

#include "core/problem_list.h"
#include "io/csv_table.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// One layout of chain files. To add one: a file format_NAME.cc with a function like those below, and its line in the
/// list of read_chain.cc.
struct ChainFormatReader {
  ChainFormat description;

  /// Whether the columns are those of this layout, well enough to read the table as one and name what is wrong.
  bool (*recognises)(const CsvTable& table);

  /// Reads every row and adds everything that is wrong to the problems. Sets all fields of the chain but file and
  /// format.
  RawChain (*read)(const CsvTable& table, ProblemList& problems);
};

const ChainFormatReader& generic_format();
const ChainFormatReader& cboe_datashop_format();
const ChainFormatReader& iv_table_format();

}  // namespace strikenet
