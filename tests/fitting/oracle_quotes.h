#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "oracle/quantlib_smiles.h"
#include "strikenet/fitting/fit_smile.h"

/// Quotes of one expiry whose prices QuantLib's engines supply.
namespace strikenet::oracle {

enum class Engine { black, heston, bates };

inline std::string name_of(Engine engine) {
  return engine == Engine::black ? "Black" : engine == Engine::heston ? "Heston" : "Bates";
}

struct ModelSmile {
  double forward, t;
  std::vector<double> strikes, calls, puts;  // undiscounted
};

inline ModelSmile model_smile(Engine engine, double forward, double t, const std::vector<double>& strikes) {
  switch (engine) {
    case Engine::black: break;
    case Engine::heston:
      return {forward, t, strikes, heston_calls(kIndexHeston, forward, t, strikes),
              heston_puts(kIndexHeston, forward, t, strikes)};
    case Engine::bates:
      return {forward, t, strikes, bates_calls(kIndexBates, forward, t, strikes),
              bates_puts(kIndexBates, forward, t, strikes)};
  }
  return {forward, t, strikes, black_calls(0.2, forward, t, strikes), black_puts(0.2, forward, t, strikes)};
}

/// `count` strikes at equal steps of ln(strike / forward), from `low` to `high` standard deviations.
inline std::vector<double> strikes_between(double forward, double sd, double low, double high, int count) {
  std::vector<double> strikes;
  for (int i = 0; i < count; ++i)
    strikes.push_back(forward * std::exp(sd * (low + (high - low) * i / (count - 1))));
  return strikes;
}

inline SmileQuote quote(double strike, OptionType type, double bid, double ask) {
  return {Strike(strike), type, Price(bid), Price(ask)};
}

/// A call and a put at every strike, on the tick, `ticks` and up to one more away from the price on either side.
inline std::vector<SmileQuote> quotes_around(const ModelSmile& smile, double tick, int ticks) {
  std::vector<SmileQuote> quotes;
  const auto add = [&](double strike, OptionType type, double price) {
    quotes.push_back(quote(strike, type, std::max(0.0, tick * (std::floor(price / tick) - ticks)),
                           tick * (std::ceil(std::max(price, 0.0) / tick) + ticks)));
  };
  for (std::size_t i = 0; i < smile.strikes.size(); ++i) {
    add(smile.strikes[i], OptionType::call, smile.calls[i]);
    add(smile.strikes[i], OptionType::put, smile.puts[i]);
  }
  return quotes;
}

/// Out-of-the-money prices without a spread.
inline std::vector<SmileQuote> exact_quotes(const ModelSmile& smile) {
  std::vector<SmileQuote> quotes;
  for (std::size_t i = 0; i < smile.strikes.size(); ++i) {
    const bool put = smile.strikes[i] < smile.forward;
    const double price = put ? smile.puts[i] : smile.calls[i];
    quotes.push_back(quote(smile.strikes[i], put ? OptionType::put : OptionType::call, price, price));
  }
  return quotes;
}

}  // namespace strikenet::oracle
