#include "strikenet/quantlib/term_structures.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>
#include <ql/quotes/simplequote.hpp>
#include <utility>

#include "strikenet/core/result.h"

namespace strikenet {

struct TermStructures::Counters {
  std::atomic<std::uint64_t> evaluations = 0, capped = 0, without = 0;
};

namespace {

namespace ql = QuantLib;

constexpr double kMinute = 1.0 / 525600;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The smile of the time last asked for, by whichever thread.
class LastSmile {
 public:
  explicit LastSmile(CallSurface surface) : surface_(std::move(surface)) {}

  std::shared_ptr<const SurfaceSmile> at(double t) const {
    const YearFraction time(std::max(t, kMinute));
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!last_ || last_->t() != time) last_ = std::make_shared<const SurfaceSmile>(surface_.at(time));
    return last_;
  }

 private:
  CallSurface surface_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const SurfaceSmile> last_;
};

/// What all four say of their range: everything.
template <class Base>
class Everywhere : public Base {
 public:
  using Base::Base;
  ql::Date maxDate() const override { return ql::Date::maxDate(); }
  ql::Time maxTime() const override { return kInfinity; }
};

template <class Base>
class AtEveryStrike : public Everywhere<Base> {
 public:
  using Everywhere<Base>::Everywhere;
  ql::Rate minStrike() const override { return 0; }
  ql::Rate maxStrike() const override { return kInfinity; }
};

class Discount final : public Everywhere<ql::YieldTermStructure> {
 public:
  Discount(CallSurface surface, const ql::Date& reference, const ql::DayCounter& day_counter)
      : Everywhere(reference, ql::Calendar(), day_counter), surface_(std::move(surface)) {}

 private:
  ql::DiscountFactor discountImpl(ql::Time t) const override { return surface_.discount(YearFraction(t)).value(); }

  CallSurface surface_;
};

class Dividend final : public Everywhere<ql::YieldTermStructure> {
 public:
  Dividend(CallSurface surface, const ql::Date& reference, const ql::DayCounter& day_counter)
      : Everywhere(reference, ql::Calendar(), day_counter),
        surface_(std::move(surface)),
        spot_(surface_.forward(YearFraction(0)).value()) {}

 private:
  ql::DiscountFactor discountImpl(ql::Time t) const override {
    const YearFraction time(t);
    return surface_.forward(time).value() / spot_ * surface_.discount(time).value();
  }

  CallSurface surface_;
  double spot_;
};

class BlackVol final : public AtEveryStrike<ql::BlackVolatilityTermStructure> {
 public:
  BlackVol(CallSurface surface, const ql::Date& reference, const ql::DayCounter& day_counter)
      : AtEveryStrike(reference, ql::Calendar(), ql::Following, day_counter), smile_(std::move(surface)) {}

 private:
  ql::Volatility blackVolImpl(ql::Time t, ql::Real strike) const override {
    const std::shared_ptr<const SurfaceSmile> smile = smile_.at(t);
    const double vol = smile->vol(Strike(strike)).value();
    if (!std::isnan(vol)) return vol;
    const double k = strike / smile->forward().value(), price = k < 1 ? smile->put(k) : smile->call(k);
    require(price == 0, "TermStructures::black_vol", "out-of-the-money price over forward", price,
            "must be at least 0 and what some vol gives");
    return 0;
  }

  LastSmile smile_;
};

/// Of any counters, since TermStructures keeps its own to itself.
template <class Counters>
class LocalVol final : public AtEveryStrike<ql::LocalVolTermStructure> {
 public:
  LocalVol(CallSurface surface, const ql::Date& reference, const TermStructureOptions& options,
           std::shared_ptr<Counters> counters)
      : AtEveryStrike<ql::LocalVolTermStructure>(reference, ql::Calendar(), ql::Following, options.day_counter),
        smile_(std::move(surface)),
        cap_(options.local_vol_cap),
        counters_(std::move(counters)) {}

 private:
  ql::Volatility localVolImpl(ql::Time t, ql::Real level) const override {
    const double vol = smile_.at(t)->local_vol(Strike(level)).value();
    count(counters_->evaluations);
    if (std::isnan(vol)) count(counters_->without);
    if (vol > cap_) count(counters_->capped);
    return std::isnan(vol) ? 0 : std::min(vol, cap_);
  }
  static void count(std::atomic<std::uint64_t>& counter) { counter.fetch_add(1, std::memory_order_relaxed); }

  LastSmile smile_;
  double cap_;
  std::shared_ptr<Counters> counters_;
};

template <class Base, class Derived, class... Arguments>
ql::Handle<Base> handle(Arguments&&... arguments) {
  return ql::Handle<Base>(ql::ext::make_shared<Derived>(std::forward<Arguments>(arguments)...));
}

void check(const CallSurface& surface, const ql::Date& reference, const TermStructureOptions& options) {
  constexpr std::string_view kWhere = "TermStructures";
  require(reference != ql::Date(), kWhere, "reference date", 0, "must be set");
  require(!options.day_counter.empty(), kWhere, "day counter", 0, "must be set");
  require(surface.surface().calendar, kWhere, "calendar of the surface", 0,
          "must be 1: expiries on different underlyings have no order in time");
  require(options.local_vol_cap > 0 && std::isfinite(options.local_vol_cap), kWhere, "local_vol_cap",
          options.local_vol_cap, "must be positive and finite");
}

}  // namespace

TermStructures::TermStructures(const CallSurface& surface, const ql::Date& reference,
                               const TermStructureOptions& options)
    : relu_(surface.surface().activation == Activation::relu), counters_(std::make_shared<Counters>()) {
  check(surface, reference, options);
  spot_ = handle<ql::Quote, ql::SimpleQuote>(surface.forward(YearFraction(0)).value());
  discount_ = handle<ql::YieldTermStructure, Discount>(surface, reference, options.day_counter);
  dividend_ = handle<ql::YieldTermStructure, Dividend>(surface, reference, options.day_counter);
  black_vol_ = handle<ql::BlackVolTermStructure, BlackVol>(surface, reference, options.day_counter);
  local_vol_ = handle<ql::LocalVolTermStructure, LocalVol<Counters>>(surface, reference, options, counters_);
}

ql::Handle<ql::LocalVolTermStructure> TermStructures::local_vol() const {
  require(!relu_, "TermStructures::local_vol", "density of the surface", 0,
          "local vols need one: a law of points ('relu') has none");
  return local_vol_;
}

LocalVolCounts TermStructures::local_vol_counts() const {
  return {.evaluations = counters_->evaluations.load(std::memory_order_relaxed),
          .capped = counters_->capped.load(std::memory_order_relaxed),
          .without = counters_->without.load(std::memory_order_relaxed)};
}

}  // namespace strikenet
