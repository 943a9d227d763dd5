#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "core/problem_list.h"
#include "market/expiry_rows.h"
#include "strikenet/market/hygiene_rules.h"

namespace strikenet {

/// Which rules are on, with their limits: the defaults and what the settings change.
class RuleBook {
 public:
  explicit RuleBook(std::span<const RuleSetting> settings = {});

  bool on(Drop reason) const { return limits_[static_cast<std::size_t>(reason)].has_value(); }
  /// Of a rule that is on.
  double limit(Drop reason) const { return *limits_[static_cast<std::size_t>(reason)]; }

 private:
  std::array<std::optional<double>, static_cast<std::size_t>(Drop::off_parity) + 1> limits_;
};

/// What a rule needs of a file and this one lacks: "each quote's last trade". Empty when it lacks nothing.
std::string_view lacks_for(Drop reason, const RawChain& raw, std::optional<Instant> as_of);

/// Why each row of the chain is not used, by row; Drop::none for those that are. When `strict`, what would be dropped
/// as crossed, duplicate, expired, thin or no_forward is noted as a problem as well. Vols without a forward always are.
std::vector<Drop> judge(const RawChain& raw, const std::vector<ExpiryRows>& expiries, std::optional<Instant> as_of,
                        bool strict, const RuleBook& rules, ProblemList& problems);

/// The type of a row: its own, else (a vol, which calls and puts share) that of the option out of the money.
OptionType type_of(const RawQuote& quote, double forward);

bool quotes_vols(QuoteKind kind);

/// A pair of a used call and a used put of one strike: indices into RawChain::quotes.
struct CallAndPut {
  std::size_t call, put;
};

/// By strike. Where duplicates are used, each call with each put.
std::vector<CallAndPut> pairs_of(const RawChain& raw, const ExpiryRows& expiry, const std::vector<Drop>& reasons);

}  // namespace strikenet
