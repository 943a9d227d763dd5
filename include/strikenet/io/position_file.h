#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "strikenet/core/export.h"
#include "strikenet/core/result.h"
#include "strikenet/network/deep_network.h"
#include "strikenet/payoff/option_portfolio.h"

namespace strikenet {

/// A network and a book of options, the two ways to write down a payoff of straight pieces.
using Position = std::variant<DeepNetwork, OptionPortfolio>;

/// Reads one, schemas "strikenet.network/1" and "strikenet.portfolio/1" or CSV:
/// docs/reference/networks-and-portfolios.md. All problems of the file in one run, each with the JSON pointer of its
/// field or its line:
///
///     net.json: /layers/0/weights/1 is 'x', but must be a number
///     book.csv:3: units is 'x', but must be a number
///
/// What the constructors of DeepNetwork and OptionPortfolio require is checked last, in their words.
STRIKENET_EXPORT Result<Position> read_position_file(const std::string& path);

/// The same of a text; `name` is only used in messages.
STRIKENET_EXPORT Result<Position> read_position(std::string_view text, std::string_view name);

/// The texts that read back to the same network and the same portfolio, number for number. Layers are renamed where
/// their names are empty or not unique.
STRIKENET_EXPORT std::string network_json(const DeepNetwork& network);
STRIKENET_EXPORT std::string portfolio_csv(const OptionPortfolio& portfolio);

}  // namespace strikenet
