#pragma once

#include <cstddef>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "strikenet/core/export.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// A number of some quotes, by their index in the chain.
struct ExtraColumn {
  std::string name;
  std::map<std::size_t, double> of_quote;
};

/// Writes a chain of any format in the generic one, a row a quote, in the order of the chain. Columns that no row needs
/// are left out; numbers have the fewest digits that are read back to the same double.
///
/// read_chain() of it is the same chain but for RawChain::file and format and RawQuote::line: the same quotes, prices
/// or vols, keys, year fractions, forwards, discount factors and last trades, as-of, underlying and RawChain::strict.
/// The last is the column `hygiene`, which says `lenient` in each row of what was an exchange's snapshot, so that the
/// copy is treated as one too (docs/decisions/0001).
///
/// `extra` columns come last; read_chain() leaves columns that it does not know alone.
///
/// What read_chain() gives can be written; a chain made otherwise must keep to the ranges that it names. Memory does
/// not grow with the chain.
STRIKENET_EXPORT void write_generic_csv(const RawChain& chain, std::ostream& out,
                                        const std::vector<ExtraColumn>& extra = {});

}  // namespace strikenet
