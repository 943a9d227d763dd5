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
  reported,        ///< some are negative; they are listed
  not_applicable,  ///< the surface says so, or has one slice
};

STRIKENET_EXPORT std::string_view to_string(CalendarStatus status);  ///< "proved", "reported", "not applicable"

struct Violation {
  enum class Kind { weight, moments, calendar };
  Kind kind;
  ExpiryKey key;  ///< of the slice; for `calendar` the later of the two
  double node;    ///< strike / forward; NaN for `moments`
  double by;      ///< how negative the weight or gap is, or how far mass and mean would have to be moved; > 0
};

/// The outcome of a proof in exact rational arithmetic. `slices_proved` and `calendar` are statements about the
/// doubles of the surface, not about rounded sums of them.
struct Certificate {
  bool slices_proved = false;  ///< no butterfly, vertical or outright arbitrage in any slice
  CalendarStatus calendar = CalendarStatus::not_applicable;
  std::size_t inequalities = 0;   ///< weights and gaps examined
  double largest_move = 0;        ///< of the two weights per slice that make mass and mean exactly 1
  double worst_calendar_gap = 0;  ///< 0, or the most negative gap, in forwards
  std::vector<Violation> violations = {};  ///< every one

  /// No static arbitrage in strike or time.
  bool arbitrage_free() const { return slices_proved && calendar != CalendarStatus::reported; }
};

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
/// finite list proves the smoothed prices ordered at EVERY strike (Karlin 1968): see docs/theory.
/// Cost: about a millisecond per slice of 250 units.
STRIKENET_EXPORT Certificate prove_arbitrage_free(const Surface& surface);

}  // namespace strikenet
