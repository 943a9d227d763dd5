#pragma once

#include <cstdint>
#include <memory>
#include <ql/handle.hpp>
#include <ql/quote.hpp>
#include <ql/termstructures/volatility/equityfx/blackvoltermstructure.hpp>
#include <ql/termstructures/volatility/equityfx/localvoltermstructure.hpp>
#include <ql/termstructures/yieldtermstructure.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

#include "strikenet/core/export.h"
#include "strikenet/surface/call_surface.h"

namespace strikenet {

struct TermStructureOptions {
  /// Makes a date a time: t is its year fraction from the reference date on. QuantLib's dates are whole days, so with
  /// ACT/365 an option of a date is priced at whole days, and what lies between the hour of the surface's as-of and
  /// that of settlement is lost: less than a day. Calls that pass a Time lose nothing.
  QuantLib::DayCounter day_counter = QuantLib::Actual365Fixed();
  double local_vol_cap = 1;  ///< per square root of a year: local vols above are this, and counted
};

/// How often a local vol was asked for, and how often the answer was not the surface's own.
struct LocalVolCounts {
  std::uint64_t evaluations = 0;
  std::uint64_t capped = 0;   ///< above the cap, or infinite: density vanishes where prices still rise in time
  std::uint64_t without = 0;  ///< there was none, and 0 was given: see TermStructures::local_vol
};

/// A surface as the term structures of QuantLib that a GeneralizedBlackScholesProcess is made of:
///
///     GeneralizedBlackScholesProcess(spot(), dividend(), discount(), black_vol(), local_vol())
///
/// with spot * dividend(t) / discount(t) = forward(t). A Time of QuantLib is t of the surface, in years, exactly; a
/// date is what the day counter makes of it, the same for all four. The reference date is fixed: QuantLib's evaluation
/// date is neither read nor set. (QuantLib's instruments do read it, to see whether they have expired.)
///
/// All times from 0 on and all strikes from 0 on are in range, with `extrapolate` or without, as for CallSurface.
/// Vols at t below a minute, 1 / 525,600 years, are those of a minute; QuantLib asks for a local vol at 0.
///
/// QuantLib asks for many strikes at one time, so the smile of the time last asked for is kept: then a local vol costs
/// about 0.1 us, else what CallSurface::at costs on top.
///
/// Copies share their term structures and counts, and moving one copies it. Those may be read from any thread, but
/// threads that ask for different times wait for each other: one TermStructures each is faster, and the surface is
/// shared all the same. What registers with them - processes, engines, instruments - is as unsafe between threads as
/// QuantLib was compiled to be.
class STRIKENET_EXPORT TermStructures {
 public:
  /// Throws PreconditionError unless the reference date is set, the surface has order in time (Surface::calendar), and
  /// local_vol_cap is positive and finite.
  TermStructures(const CallSurface& surface, const QuantLib::Date& reference, const TermStructureOptions& options = {});
  TermStructures(const TermStructures&) = default;
  TermStructures& operator=(const TermStructures&) = default;

  /// forward(0) of the surface: CallSurfaceOptions::spot, or the forwards extrapolated.
  QuantLib::Handle<QuantLib::Quote> spot() const { return spot_; }
  QuantLib::Handle<QuantLib::YieldTermStructure> discount() const { return discount_; }
  /// forward(t) discount(t) / spot.
  QuantLib::Handle<QuantLib::YieldTermStructure> dividend() const { return dividend_; }

  /// SurfaceSmile::vol; 0 where the price is intrinsic, at which Black's formula gives it. Asking throws
  /// PreconditionError where the out-of-the-money price is negative or beyond what any vol gives, which no surface does
  /// that is proved free of arbitrage. QuantLib's forward variances are at fixed strike, not at fixed strike / forward:
  /// nothing keeps them from being negative where forwards move.
  QuantLib::Handle<QuantLib::BlackVolTermStructure> black_vol() const { return black_vol_; }

  /// SurfaceSmile::local_vol at the underlying's level, at most the cap. Where there is none, 0: beyond the knots,
  /// where no probability gets, and where neither density nor rise in prices is left. It is the limit from inside:
  /// towards the last knot prices stop to rise faster than the density falls. A law of points (`relu`) has none
  /// anywhere: throws PreconditionError.
  QuantLib::Handle<QuantLib::LocalVolTermStructure> local_vol() const;
  LocalVolCounts local_vol_counts() const;  ///< since construction, of all threads

 private:
  struct Counters;
  bool relu_;
  std::shared_ptr<Counters> counters_;
  QuantLib::Handle<QuantLib::Quote> spot_;
  QuantLib::Handle<QuantLib::YieldTermStructure> discount_, dividend_;
  QuantLib::Handle<QuantLib::BlackVolTermStructure> black_vol_;
  QuantLib::Handle<QuantLib::LocalVolTermStructure> local_vol_;
};

}  // namespace strikenet
