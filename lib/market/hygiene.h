#pragma once

#include <vector>

#include "core/problem_list.h"
#include "market/expiry_rows.h"

namespace strikenet {

/// Why each row of the chain is not used, by row; Drop::none for those that are. When `strict`, what would be dropped
/// as crossed, duplicate, expired, thin or no_forward is noted as a problem as well. Vols without a forward always are.
std::vector<Drop> judge(const RawChain& raw, const std::vector<ExpiryRows>& expiries, std::optional<Instant> as_of,
                        bool strict, ProblemList& problems);

/// The type of a row: its own, else (a vol, which calls and puts share) that of the option out of the money.
OptionType type_of(const RawQuote& quote, double forward);

bool quotes_vols(QuoteKind kind);

/// A pair of a used call and a used put of one strike: indices into RawChain::quotes.
struct CallAndPut {
  std::size_t call, put;
};

/// By strike.
std::vector<CallAndPut> pairs_of(const RawChain& raw, const ExpiryRows& expiry, const std::vector<Drop>& reasons);

}  // namespace strikenet
