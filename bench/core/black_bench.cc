// Black's formula and its inverse beside QuantLib's, over the same 41 strikes.
#include <benchmark/benchmark.h>

#include <cmath>
#include <ql/pricingengines/blackformula.hpp>
#include <vector>

#include "strikenet/core/black.h"

namespace strikenet {
namespace {

constexpr double kTotalVol = 0.2;

std::vector<double> strikes() {
  std::vector<double> result;
  for (int i = -20; i <= 20; ++i)
    result.push_back(100 * std::exp(kTotalVol * i / 5.0));
  return result;
}

OptionType side(double strike) { return strike < 100 ? OptionType::put : OptionType::call; }
QuantLib::Option::Type peer_side(double strike) {
  return strike < 100 ? QuantLib::Option::Put : QuantLib::Option::Call;
}

void price_ours(benchmark::State& state) {
  for (auto _ : state)
    for (const double strike : strikes())
      benchmark::DoNotOptimize(black_price(side(strike), Forward(100), Strike(strike), TotalVol(kTotalVol)));
}
BENCHMARK(price_ours);

void price_quantlib(benchmark::State& state) {
  for (auto _ : state)
    for (const double strike : strikes())
      benchmark::DoNotOptimize(QuantLib::blackFormula(peer_side(strike), strike, 100, kTotalVol));
}
BENCHMARK(price_quantlib);

std::vector<double> prices() {
  std::vector<double> result;
  for (const double strike : strikes())
    result.push_back(black_price(side(strike), Forward(100), Strike(strike), TotalVol(kTotalVol)).value());
  return result;
}

void implied_vol_ours(benchmark::State& state) {
  const std::vector<double> of = prices(), at = strikes();
  for (auto _ : state)
    for (std::size_t i = 0; i < at.size(); ++i)
      benchmark::DoNotOptimize(implied_total_vol(side(at[i]), Forward(100), Strike(at[i]), Price(of[i])));
}
BENCHMARK(implied_vol_ours);

void implied_vol_quantlib(benchmark::State& state) {
  const std::vector<double> of = prices(), at = strikes();
  for (auto _ : state)
    for (std::size_t i = 0; i < at.size(); ++i)
      benchmark::DoNotOptimize(QuantLib::blackFormulaImpliedStdDevLiRS(peer_side(at[i]), at[i], 100, of[i]));
}
BENCHMARK(implied_vol_quantlib);

}  // namespace
}  // namespace strikenet
