#pragma once

#include <istream>
#include <span>
#include <string>
#include <string_view>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// A layout of chain files that strikenet reads.
struct ChainFormat {
  std::string_view name;      ///< for --format: "generic"
  std::string_view title;     ///< "CBOE DataShop end-of-day snapshot"
  std::string_view columns;   ///< required ones first; optional ones in brackets
  std::string_view example;   ///< a header and one row
};

/// Every format, in the order in which a file is tried against them.
STRIKENET_EXPORT std::span<const ChainFormat> chain_formats();

/// Reads a chain. The format is recognised by its columns unless `format` names one. Reads to the end even after a bad
/// line, so one run shows every problem: "quotes.csv:4: bid is 'abc', but must be a number of at least 0". Column
/// order is free; a byte-order mark, CRLF, quoted fields and blank lines are accepted.
/// `name` is only used in messages and as RawChain::file.
STRIKENET_EXPORT Result<RawChain> read_chain(std::istream& csv, std::string_view name, std::string_view format = {});

/// The same for a file by its path; a missing, empty or unreadable one is a problem too.
STRIKENET_EXPORT Result<RawChain> read_chain_file(const std::string& path, std::string_view format = {});

}  // namespace strikenet
