#pragma once

#include "strikenet/market/chain.h"

namespace strikenet {

/// Throws PreconditionError, "Chain: what is VALUE, but RULE", unless the chain is one that prepare() could have made,
/// as far as others rely on it: forwards and discount factors positive and finite, times too, none before that of the
/// slice before it, keys of slices different; every quote's slice is -1 or one of them, with the quote's key; strikes
/// of quotes with a price positive and finite; prices finite; of used quotes bid >= 0 and ask > 0; a bid above
/// the ask is a trade to find. Cost: O(quotes).
void require_valid(const Chain& chain);

}  // namespace strikenet
