#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expiry_finder.h"
#include "fit_settings.h"
#include "price.h"
#include "strikenet/core/result.h"
#include "strikenet/surface/call_surface.h"
#include "strikenet/surface/variance_clock.h"

namespace strikenet::app {

/// Which options of a strike.
enum class Types { call, put, both, out_of_the_money };

/// The options in their types, and everything wrong with their words.
struct PriceSettings {
  std::vector<std::pair<std::string, WrittenExpiry>> expiries = {};  // as written, and what that says
  std::vector<double> strikes = {}, moneyness = {}, quantiles = {};
  Types types = Types::out_of_the_money;
  Sticky sticky = Sticky::moneyness;
  bool trading_days = false;
  TradingDays days = {};
  std::string holiday_file = {};
  FitSettings fit = {};  // of --explain
  Problems problems = {};

  void reject(std::string_view option, std::string_view value, std::string_view rule);
};

PriceSettings price_settings_of(const PriceCommand& command);

}  // namespace strikenet::app
