#pragma once

#include <fstream>
#include <ql/shared_ptr.hpp>
#include <ql/time/daycounter.hpp>
#include <string>

#include "strikenet/fitting/fit_surface.h"
#include "strikenet/io/read_chain.h"
#include "strikenet/surface/call_surface.h"

/// The bundled chains, fitted with default options, for tests that hold QuantLib beside a real surface.
namespace strikenet::testing_support {

struct FittedChain {
  Chain chain;
  CallSurface surface;
};

/// `file` below market_data.
inline FittedChain fit_bundled(const std::string& file) {
  std::ifstream csv(std::string(STRIKENET_SOURCE_DIR "/market_data/") + file);
  Chain chain = prepare(read_chain(csv, file, "generic").value()).value();
  Surface surface = fit_surface(chain, {}).surface;
  return {std::move(chain), CallSurface(std::move(surface))};
}

inline FittedChain fit_sx5e() { return fit_bundled("sx5e_2010-03-01/vols.csv"); }
inline FittedChain fit_bates() { return fit_bundled("bates_2026/chain.csv"); }

/// A thousand days a year: QuantLib's dates are whole days, and published expiries thousandths of a year.
class ThousandDaysAYear : public QuantLib::DayCounter {
  class Count final : public QuantLib::DayCounter::Impl {
   public:
    std::string name() const override { return "1000 days a year"; }
    QuantLib::Time yearFraction(const QuantLib::Date& from, const QuantLib::Date& to, const QuantLib::Date&,
                                const QuantLib::Date&) const override {
      return static_cast<double>(to - from) / 1000;
    }
  };

 public:
  ThousandDaysAYear() : QuantLib::DayCounter(QuantLib::ext::make_shared<Count>()) {}
};

}  // namespace strikenet::testing_support
