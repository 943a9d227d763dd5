#pragma once

#include <string>

#include "core/problem_list.h"
#include "strikenet/market/raw_chain.h"

namespace strikenet {

/// Where a file, or a page of several, has the quote.
inline FileLine place_of(const RawQuote& quote) { return {quote.line, quote.page}; }

/// "line 7", and of which file, where that is not the one `seen_from`.
inline std::string line_of(const RawQuote& quote, const RawQuote& seen_from, const RawChain& raw) {
  std::string text = "line " + std::to_string(quote.line);
  if (quote.page != seen_from.page) text += " of " + raw.pages[quote.page];
  return text;
}

inline Problems by_line(const ProblemList& problems, const RawChain& raw) {
  return raw.pages.empty() ? problems.by_line(raw.file) : problems.by_line(raw.pages);
}

}  // namespace strikenet
