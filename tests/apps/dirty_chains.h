#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace strikenet::testing_support {

/// A small chain in the generic format, of prices or vols that contradict each other.
struct DirtyChain {
  std::string kind;  ///< "bid_ask", "mid" (bid and ask, of which the middles are asked), "price", "vol", "bid_ask_vol"
  std::string text;

  bool of_vols() const { return kind == "vol" || kind == "bid_ask_vol"; }
  bool one_number() const { return kind == "vol" || kind == "price"; }
  bool middles() const { return kind == "mid" || one_number(); }
};

/// Quotes of one to three expiries: of a vol that changes with the strike, a forward and a rate; then noise, stale
/// quotes, crossed ones, quotes ten times too high, bids and asks of nothing, strikes twice; prices in any unit.
class DirtyChains {
 public:
  explicit DirtyChains(unsigned seed) : random_(seed) {}

  DirtyChain next(const std::string& kind) {
    DirtyChain chain{kind, {}};
    unit_ = std::pow(10, std::floor(9 * uniform()) - 4);  // 1e-4 to 1e4
    states_forwards_ = chain.of_vols() || uniform() < 0.4;
    chain.text = "expiry,t,strike,type,";
    chain.text += kind == "price" || kind == "vol" ? kind : chain.of_vols() ? "bid_vol,ask_vol" : "bid,ask";
    chain.text += states_forwards_ ? ",forward,discount,hygiene\n" : ",hygiene\n";
    const int expiries = 1 + static_cast<int>(3 * uniform());
    dirt_ = uniform() < 0.2 ? 0 : std::pow(10, -1 - 3 * uniform());
    for (int i = 0; i < expiries; ++i)
      add_expiry(chain, i);
    return chain;
  }

 private:
  double uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  static double call_over_forward(double k, double total) {
    const auto normal = [](double x) { return std::erfc(-x / std::sqrt(2)) / 2; };
    const double d = -std::log(k) / total + total / 2;
    return normal(d) - k * normal(d - total);
  }

  void add_expiry(DirtyChain& chain, int index) {
    static constexpr const char* kExpiries[] = {"2026-06-19", "2026-07-17", "2026-12-18"};
    const double t = 0.2 + 0.1 * index, discount = std::round(1e4 * (0.9 + 0.12 * uniform())) / 1e4;
    const double forward = std::round(1e4 * (80 + 40 * uniform())) / 1e4, vol = 0.1 + 0.3 * uniform();
    const int strikes = 4 + static_cast<int>(7 * uniform());
    for (int j = 0; j < strikes; ++j) {
      const double digits = uniform() < 0.3 ? 100 : 1;  // of a strike, in the unit
      const double real = std::round(forward * (0.8 + 0.4 * j / (strikes - 1)) * digits) / digits, k = real / forward;
      const double at_strike = vol * (1 + 0.3 * (k - 1) * (k - 1));
      for (const char type : {'C', 'P'}) {
        if (uniform() < 0.25) continue;
        const double call = call_over_forward(k, at_strike * std::sqrt(t)), price = type == 'C' ? call : call - 1 + k;
        const std::string quoted =
            chain.of_vols() ? vols(chain, at_strike) : prices(chain, forward * discount * price, forward);
        const int times = uniform() < 0.03 ? 2 : 1;
        for (int n = 0; n < times; ++n)
          chain.text += fmt::format("{},{},{},{},{}", kExpiries[index], t, number(real), type, quoted) +
                        (states_forwards_ ? fmt::format(",{},{}", number(forward), discount) : "") + ",lenient\n";
      }
    }
  }

  /// A decimal of ten digits in the unit.
  std::string number(double value) const { return fmt::format("{:.10g}", value * unit_); }

  std::string prices(const DirtyChain& chain, double fair, double forward) {
    double price = std::max(fair, 0.01) * (1 + dirt_ * (2 * uniform() - 1));
    if (dirt_ > 0 && uniform() < 0.08) price += (uniform() < 0.5 ? 0.05 : 0.3) * forward * uniform();  // stale
    if (dirt_ > 0 && uniform() < 0.02) price *= 10;
    price = std::round(price * 100) / 100;
    if (chain.one_number()) return number(std::max(price, 0.01));
    const double half = std::max(0.0, std::round(100 * (0.01 + 0.1 * uniform() - 0.02)) / 100);
    double bid = std::max(price - half, 0.0), ask = price + half + (half == 0 && price == 0 ? 0.01 : 0);
    if (dirt_ > 0 && uniform() < 0.05) std::swap(bid, ask);
    if (uniform() < 0.03) bid = 0;
    if (dirt_ > 0 && uniform() < 0.03 && bid > 0) ask = 0;
    return number(bid) + "," + number(ask);
  }

  std::string vols(const DirtyChain& chain, double vol) {
    double dirty = vol * (1 + 3 * dirt_ * (2 * uniform() - 1));
    if (dirt_ > 0 && uniform() < 0.08) dirty *= 1.5;
    const double half = 0.01 * vol * uniform();
    return chain.one_number() ? fmt::format("{:.4f}", dirty) : fmt::format("{:.4f},{:.4f}", dirty - half, dirty + half);
  }

  std::mt19937_64 random_;
  double unit_ = 1, dirt_ = 0;
  bool states_forwards_ = false;
};

}  // namespace strikenet::testing_support
