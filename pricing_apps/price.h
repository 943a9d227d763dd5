#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "fit_settings.h"
#include "payoff_settings.h"

namespace strikenet::app {

/// What the command line says, for `price` and for `greeks`; words are checked by run_price and run_greeks.
struct PriceCommand {
  std::string surface;
  std::vector<std::string> expiries = {};  // each a list, as those below; empty: all of the file
  std::vector<std::string> strikes = {}, moneyness = {}, quantiles = {};
  std::string options_file = {};
  std::string payoff = {};
  PayoffWords payoff_words = {};
  std::string type = {};  // "call", "put", "both", "otm"; empty: otm
  std::string root = {};
  std::string as_of = {};   // of a file that has none
  std::string sticky = {};  // of greeks: "strike", "moneyness"; empty: moneyness
  std::optional<double> spot = {};
  double local_vol_cap = 1;
  std::string clock = {};  // "calendar", "trading-days"; empty: calendar
  std::optional<double> weekend = {}, holiday_weight = {};
  std::string holidays = {};  // dates, or the path of a file
  std::string out = {};       // empty: stdout
  FitWords explain = {};      // of price: the chain to explain prices by, none if it has no name
  int top = 10;               // quotes per option that explain it
  bool progress = false;      // whether err is a terminal
  bool json = false, table = false;
  bool quiet = false;
};

/// strikenet price: prices options on a surface file, and says what the surface is there: vol, law, local vol. Returns
/// the exit status: 0 done, 2 a wrong option, 3 a file that cannot be read, or an expiry that the surface does not
/// have.
int run_price(const PriceCommand& command, std::ostream& out, std::ostream& err);

/// strikenet greeks: the same for prices and their derivatives.
int run_greeks(const PriceCommand& command, std::ostream& out, std::ostream& err);

}  // namespace strikenet::app
