#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/expiry_key.h"
#include "strikenet/core/export.h"
#include "strikenet/surface/surface.h"

namespace strikenet {

/// What the certificate says about order in time.
enum class CalendarStatus {
  proved,          ///< every gap is >= 0, and 0 where two roots settle at one instant
  reported,        ///< some are not; they are listed. An arbitrage for `relu`, not always for smoother units
  not_applicable,  ///< the surface says so, or has one slice
};

STRIKENET_EXPORT std::string_view to_string(CalendarStatus status);  ///< "proved", "reported", "not applicable"

struct Violation {
  enum class Kind {
    weight,    ///< a weight is negative: a butterfly is paid for being taken
    moments,   ///< mass and mean are 1 only after a move of `by` > 1e-12, or fewer than two weights are large enough to
               ///< be moved; `by` is then the larger distance of mass and mean from 1, which may be 0
    calendar,  ///< a gap is negative: in forwards, a call on the nodes is cheaper than at an earlier expiry. With
               ///< `relu` units that is the model's call. The smooth prices of `quadratic` and `cubic` units may be in
               ///< order all the same: for them a gap >= 0 is sufficient, not necessary, and this says only not proved
    same_instant,  ///< a gap is not 0 between two roots that settle at one instant: one of their calls is cheaper than
                   ///< the other's
    discount,      ///< two roots that settle at one instant have different discount factors: cash is paid for twice
  };
  Kind kind;
  ExpiryKey key;         ///< of the slice; of two neighbours the second
  double node;           ///< strike / forward; NaN for `moments` and `discount`
  double by;             ///< > 0: how negative the weight (probability), how far from what the order asks the gap
                         ///< (forwards), how far apart the discount factors are; of `moments` see there
  ExpiryKey other = {};  ///< of two neighbours the first
};

/// "weight", "moments", "calendar", "same instant", "discount".
STRIKENET_EXPORT std::string_view to_string(Violation::Kind kind);

/// "2019-06-28 SPXW: a call at k = 1 is cheaper than at the expiry before by 0.125 forwards"; at one instant "...: a
/// call at k = 1 differs from that of 2019-06-28 SPXPM at the same instant by 0.125 forwards".
STRIKENET_EXPORT std::string sentence(const Violation& violation);

/// What a proof takes as given. It holds where these do, and says nothing where they do not.
enum class Assumption {
  one_underlying,          ///< all slices are laws of one underlying
  several_underlyings,     ///< the surface says that slices are on different underlyings: none is compared with another
  order_of_instants,       ///< slices settle in the order of t, and at one instant where t is the same
  ratios,                  ///< what is known today of the ratios of forwards, and of discount factors, stays: rates are
                           ///< deterministic and dividends proportional (docs/theory/order-in-time.md)
  forwards_and_discounts,  ///< those of every slice are what forwards and cash cost
  european_exercise,
};

STRIKENET_EXPORT std::string_view to_string(Assumption assumption);  ///< "one underlying", "European exercise", ...
/// "forwards and discount factors as given; European exercise".
STRIKENET_EXPORT std::string in_words(const std::vector<Assumption>& assumptions);

/// The outcome of a proof in exact rational arithmetic. `slices_proved` and `calendar` are statements about the
/// doubles of the surface, not about rounded sums of them.
struct Certificate {
  bool slices_proved = false;  ///< no butterfly, vertical or outright arbitrage in any slice
  CalendarStatus calendar = CalendarStatus::not_applicable;
  std::size_t inequalities = 0;            ///< weights and gaps examined
  double largest_move = 0;                 ///< of the two weights per slice that make mass and mean exactly 1
  double worst_calendar_gap = 0;           ///< 0, or the gap farthest from what the order asks, in forwards, below 0
  std::vector<Violation> violations = {};  ///< every one
  std::vector<Assumption> assumptions = {};

  /// No static arbitrage in strike or time.
  bool arbitrage_free() const { return slices_proved && calendar != CalendarStatus::reported; }
};

/// "arbitrage-free"; "slices-arbitrage-free" when only the calendar stands in the way; else "not-proved". What files
/// say.
STRIKENET_EXPORT std::string_view status(const Certificate& certificate);

/// Proves a surface free of static arbitrage, or lists everything that stands in the way.
///
/// Takes every double of the surface as the rational number it is. In each slice the first and the last weight that are
/// at least a tenth of the largest are moved until sum w = 1 and sum w m = 1 hold exactly (m_j the nodes); the move
/// must be at most 1e-12. Then, with no tolerance,
///
///     every weight                                    w_j >= 0                    (no butterfly)
///     at every node of either of two neighbours       g_n(m_i) >= g_{n-1}(m_i)    (no calendar spread)
///     and where they settle at one instant            g_n(m_i) <= g_{n-1}(m_i)    (one law under two roots)
///
/// with g(x) = sum_j w_j (m_j - x)+. Because B-spline densities are totally positive and keep linear functions, this
/// finite list proves the smoothed prices ordered at EVERY strike (Karlin 1968): see docs/theory. A negative weight is
/// an arbitrage with any units, a negative gap with `relu` units; with smoother ones it may be none. The order of two
/// neighbours is not looked at when the surface says that no order applies. Slices of one t are the roots that settle
/// at that instant: their laws over their forwards are one, whatever the ratio of the forwards (an option on a tenth of
/// an index has a tenth), and so is their discount factor. What is taken as given is listed in `assumptions`.
///
/// No number is rounded before it is judged, so the smallest double below zero is a violation. `by`, moves and gaps are
/// rounded for display only: to the nearest double, away from 0 where that is none.
/// Throws PreconditionError when there is no slice, when t falls from one slice to the next, or is the same under one
/// root, when t, a forward, a discount factor or the product of the two is not positive and finite, when slices differ
/// in activation, or when they differ in knots and are not `relu`: the theorem needs common units. Cost: about 0.2 ms
/// per slice of 250 units; more when weights reach down to the smallest doubles.
STRIKENET_EXPORT Certificate prove_arbitrage_free(const Surface& surface);

}  // namespace strikenet
