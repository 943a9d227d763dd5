#pragma once

#include <cstddef>
#include <functional>

namespace strikenet {

/// work(0), ..., work(count - 1), `threads` >= 1 at a time, in no order. Returns when all are done; rethrows the first
/// exception.
void in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace strikenet
