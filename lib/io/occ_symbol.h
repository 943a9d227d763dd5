#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "strikenet/core/instant.h"
#include "strikenet/core/option_type.h"

namespace strikenet {

/// An option's name as the Options Clearing Corporation writes it: "SPXW260202C02800000" is the SPXW call of 2 February
/// 2026 struck at 2800. Blanks between root and date are accepted.
struct OccSymbol {
  std::string root;
  Date expiry;
  OptionType type;
  double strike;
};

/// What a text that is none must be.
inline constexpr std::string_view kOccSymbolRule =
    "a root, yymmdd, C or P, and the strike in thousandths: SPXW260202C02800000";

/// Empty for anything else.
std::optional<OccSymbol> parse_occ_symbol(std::string_view text);

}  // namespace strikenet
