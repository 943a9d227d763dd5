#pragma once

#include <span>
#include <string>

#include "strikenet/arbitrage/families.h"

namespace strikenet {

/// One line per family, with the lines of the quotes in its worst violation; empty for none.
std::string families_table(std::span<const FamilyCount> families);

/// The member "families" of an object, with its comma and line end; empty for none.
std::string families_json(std::span<const FamilyCount> families);

}  // namespace strikenet
