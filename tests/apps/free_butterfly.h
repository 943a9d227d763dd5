#pragma once

namespace strikenet::testing_support {

/// A chain of two expiries. In the first, of calls alone, the butterfly around line 3 is sold at 1.8; the second is
/// free of arbitrage and has a forward.
inline constexpr const char* kFreeButterfly =
    "as_of,expiry,strike,type,bid,ask\n"
    "2026-01-02T16:00-05:00,2026-06-19,90,C,12,12.1\n"
    "2026-01-02T16:00-05:00,2026-06-19,100,C,9,9.1\n"
    "2026-01-02T16:00-05:00,2026-06-19,110,C,4,4.1\n"
    "2026-01-02T16:00-05:00,2026-12-18,90,C,15,15.1\n"
    "2026-01-02T16:00-05:00,2026-12-18,90,P,5,5.1\n"
    "2026-01-02T16:00-05:00,2026-12-18,100,C,9,9.1\n"
    "2026-01-02T16:00-05:00,2026-12-18,100,P,9,9.1\n"
    "2026-01-02T16:00-05:00,2026-12-18,110,P,14.6,14.9\n";

}  // namespace strikenet::testing_support
