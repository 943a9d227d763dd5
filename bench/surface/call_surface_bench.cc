// Reading a fitted surface beside QuantLib's Black variance surface of the same vols, at the same 41 strikes and time.
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <ql/math/interpolations/bicubicsplineinterpolation.hpp>
#include <ql/termstructures/volatility/equityfx/blackvariancesurface.hpp>
#include <ql/termstructures/volatility/equityfx/localvolsurface.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>
#include <vector>

#include "strikenet/fitting/fit_surface.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/surface/call_surface.h"

namespace strikenet {
namespace {

constexpr double kBetween = 0.3, kBeyond = 6;

const CallSurface& surface() {
  static const CallSurface fitted = [] {
    const auto raw = read_chain_file(STRIKENET_SOURCE_DIR "/market_data/bates_2026/chain.csv");
    return CallSurface(fit_surface(prepare(raw.value()).value(), {}).surface);
  }();
  return fitted;
}

std::vector<double> strikes() {
  const double forward = surface().forward(YearFraction(kBetween)).value();
  std::vector<double> result;
  for (int i = -20; i <= 20; ++i)
    result.push_back(forward * std::exp(0.01 * i));
  return result;
}

void one_time(benchmark::State& state, double t) {
  surface();
  for (auto _ : state)
    benchmark::DoNotOptimize(surface().at(YearFraction(t)));
}
BENCHMARK_CAPTURE(one_time, between, kBetween);
BENCHMARK_CAPTURE(one_time, beyond, kBeyond);

template <class OfSmile>
void at_strikes(benchmark::State& state, OfSmile of_smile) {
  const SurfaceSmile smile = surface().at(YearFraction(kBetween));
  const std::vector<double> at = strikes();
  for (auto _ : state)
    for (const double strike : at)
      benchmark::DoNotOptimize(of_smile(smile, Strike(strike)));
}

void price_ours(benchmark::State& state) {
  at_strikes(state, [](const auto& smile, Strike strike) { return smile.price(OptionType::put, strike); });
}
BENCHMARK(price_ours);

void vol_ours(benchmark::State& state) {
  at_strikes(state, [](const auto& smile, Strike strike) { return smile.vol(strike); });
}
BENCHMARK(vol_ours);

void greeks_ours(benchmark::State& state) {
  at_strikes(state,
             [](const auto& smile, Strike strike) { return smile.greeks(OptionType::put, strike, Sticky::moneyness); });
}
BENCHMARK(greeks_ours);

void quantile_ours(benchmark::State& state) {
  at_strikes(state, [](const auto& smile, Strike strike) { return smile.quantile(0.5 + 1e-4 * strike.value() / 1e4); });
}
BENCHMARK(quantile_ours);

/// As an engine asks: a time and a strike at each call.
void local_vol_ours(benchmark::State& state) {
  const std::vector<double> at = strikes();
  for (auto _ : state)
    for (const double strike : at)
      benchmark::DoNotOptimize(surface().at(YearFraction(kBetween)).local_vol(Strike(strike)));
}
BENCHMARK(local_vol_ours);

/// The vols of the expiries at 41 strikes, bicubic in strike and time.
QuantLib::ext::shared_ptr<QuantLib::BlackVarianceSurface> peer() {
  using namespace QuantLib;
  const QuantLib::Date today(1, January, 2026);
  const std::vector<double> at = strikes();
  std::vector<QuantLib::Date> dates;
  Matrix vols(at.size(), surface().surface().slices.size());
  for (std::size_t n = 0; n < vols.columns(); ++n) {
    const SurfaceSmile smile = surface().at(surface().surface().slices[n].t);
    dates.push_back(today + static_cast<int>(std::lround(365 * smile.t().value())));
    for (std::size_t i = 0; i < at.size(); ++i)
      vols[i][n] = smile.vol(strikenet::Strike(at[i])).value();
  }
  auto result = ext::make_shared<BlackVarianceSurface>(today, NullCalendar(), dates, at, vols, Actual365Fixed());
  result->setInterpolation<Bicubic>();
  return result;
}

void vol_quantlib(benchmark::State& state) {
  const auto of = peer();
  const std::vector<double> at = strikes();
  for (auto _ : state)
    for (const double strike : at)
      benchmark::DoNotOptimize(of->blackVol(kBetween, strike, true));
}
BENCHMARK(vol_quantlib);

void local_vol_quantlib(benchmark::State& state) {
  using namespace QuantLib;
  const auto of = peer();
  const QuantLib::Date today = of->referenceDate();
  const Handle<YieldTermStructure> flat(ext::make_shared<FlatForward>(today, 0.0, Actual365Fixed()));
  const double spot = surface().forward(YearFraction(kBetween)).value();
  const LocalVolSurface local(Handle<BlackVolTermStructure>(of), flat, flat, spot);
  const std::vector<double> at = strikes();
  for (auto _ : state)
    for (const double strike : at)
      benchmark::DoNotOptimize(local.localVol(kBetween, strike, true));
}
BENCHMARK(local_vol_quantlib);

}  // namespace
}  // namespace strikenet
