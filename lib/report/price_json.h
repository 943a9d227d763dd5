#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strikenet/report/price_table.h"

namespace strikenet {

/// Names, and values as JSON writes them.
using JsonMembers = std::vector<std::pair<std::string_view, std::string>>;

/// One object, a field a line.
std::string json_object(const JsonMembers& fields);

/// The fields that every answer about a surface begins with.
JsonMembers basis_fields(std::string_view schema, const PricingBasis& basis);

/// prices_json with further fields: of the whole in front of "options", and of each option behind its own.
std::string prices_json(const PricingBasis& basis, const OptionPrices& prices, const JsonMembers& fields,
                        const std::function<JsonMembers(std::size_t option)>& of_option);

}  // namespace strikenet
