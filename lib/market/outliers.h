#pragma once

#include <vector>

#include "market/expiry_rows.h"
#include "strikenet/market/hygiene_rules.h"

namespace strikenet {

// Rules that judge a quote by those around it. Each sees the rows of one expiry that are still used, and sets the
// reasons of those that break it.

/// Spreads of more than `times` the median of the up to four nearest on either side, of the same type; four in all at
/// least. Without a bid the ask is the spread; in files of vols such rows neither judge nor are judged.
void drop_absurd_spreads(const RawChain& raw, const ExpiryRows& expiry, double times, std::vector<Drop>& reasons);

/// From the money outwards: the first run of `strikes` neighbouring ones without a bid, and all beyond it - Cboe's rule
/// for VIX (two) with the run. The money is the forward, where it is known, else the strike at which call and put are
/// nearest. In-the-money options stay.
void drop_dead_wings(const RawChain& raw, const ExpiryRows& expiry, double strikes, std::vector<Drop>& reasons);

/// Of each pair that is off the parity of most (most_agreed_parity), the option in the money: it is the one that is
/// traded less, and whose price stands still. In-the-money options without the other of their pair go too, where their
/// ask is below what parity makes them worth at least. Nothing where there are fewer than five pairs, or where no
/// forward satisfies more than half of them.
void drop_off_parity(const RawChain& raw, const ExpiryRows& expiry, std::vector<Drop>& reasons);

}  // namespace strikenet
