#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"

namespace strikenet {

/// Why a quote is not used; `none` means that it is. What each means is in hygiene_rules().
enum class Drop {
  none,
  no_ask,
  crossed,
  expired,
  duplicate,
  placeholder,
  thin,
  no_forward,
  two_chains,
  one_side,
  locked,
  stale,
  absurd_spread,
  dead_wing,
  off_parity,
};

/// "none", "no-ask", "crossed", ...: as in quotes.csv, summary.json and on the command line.
STRIKENET_EXPORT std::string_view to_string(Drop reason);

/// One rule of hygiene: its name is that of its reason.
struct HygieneRule {
  enum class When {
    always,  ///< a quote that it leaves out cannot be fitted
    on,      ///< unless switched off
    off,     ///< unless switched on
  };

  Drop reason;
  When when;
  std::string_view words;       ///< "its bid is above its ask"; N stands for the limit
  double limit = 0;             ///< N by default
  std::string_view limit_rule;  ///< what N must be: "a number of days, at least 0"; empty for a rule without a limit
};

/// All of them, in the order of Drop.
STRIKENET_EXPORT std::span<const HygieneRule> hygiene_rules();
STRIKENET_EXPORT const HygieneRule& rule_of(Drop reason);

/// A rule that the user switches: on, with the default limit or another, or off.
struct RuleSetting {
  Drop reason = Drop::none;
  bool on = true;
  std::optional<double> limit = {};

  /// "", or what is wrong: "rule crossed is off, but must be on: ...".
  STRIKENET_EXPORT std::string problem() const;
};

/// "stale", "stale=10" or "stale=off".
STRIKENET_EXPORT Result<RuleSetting> parse_rule(std::string_view text);

/// As parse_rule reads it.
STRIKENET_EXPORT std::string to_string(const RuleSetting& setting);

}  // namespace strikenet
