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
  proved,          ///< every gap is >= 0
  reported,        ///< some are negative; they are listed. An arbitrage for `relu`, not always for smoother units
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
  };
  Kind kind;
  ExpiryKey key;  ///< of the slice; for `calendar` the later of the two
  double node;    ///< strike / forward; NaN for `moments`
  double by;      ///< > 0: how negative the weight (probability) or gap (forwards) is; of `moments` see there
};

STRIKENET_EXPORT std::string_view to_string(Violation::Kind kind);  ///< "weight", "moments", "calendar"

/// "2019-06-28 SPXW: a call at k = 1 is cheaper than at the expiry before by 0.125 forwards".
STRIKENET_EXPORT std::string sentence(const Violation& violation);

/// The outcome of a proof in exact rational arithmetic. `slices_proved` and `calendar` are statements about the
/// doubles of the surface, not about rounded sums of them.
struct Certificate {
  bool slices_proved = false;  ///< no butterfly, vertical or outright arbitrage in any slice
  CalendarStatus calendar = CalendarStatus::not_applicable;
  std::size_t inequalities = 0;            ///< weights and gaps examined
  double largest_move = 0;                 ///< of the two weights per slice that make mass and mean exactly 1
  double worst_calendar_gap = 0;           ///< 0, or the most negative gap, in forwards
  std::vector<Violation> violations = {};  ///< every one

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
///
/// with g(x) = sum_j w_j (m_j - x)+. Because B-spline densities are totally positive and keep linear functions, this
/// finite list proves the smoothed prices ordered at EVERY strike (Karlin 1968): see docs/theory. A negative weight is
/// an arbitrage with any units, a negative gap with `relu` units; with smoother ones it may be none. The order of two
/// neighbours is not looked at when the surface says that no order applies. A surface without slices is proved: it says
/// nothing.
///
/// No number is rounded before it is judged, so the smallest double below zero is a violation. `by`, moves and gaps are
/// rounded for display only: to the nearest double, away from 0 where that is none.
/// Throws PreconditionError when t is not positive and increasing, when slices differ in activation, or when they
/// differ in knots and are not `relu`: the theorem needs common units. Cost: about 0.2 ms per slice of 250 units; more
/// when weights reach down to the smallest doubles.
STRIKENET_EXPORT Certificate prove_arbitrage_free(const Surface& surface);

}  // namespace strikenet
