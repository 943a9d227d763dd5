#include "strikenet/core/expiry_key.h"

#include <gtest/gtest.h>

namespace strikenet {
namespace {

TEST(ExpiryKey, IsShownWithItsRootIfItHasOne) {
  EXPECT_EQ(to_string(ExpiryKey{"2019-06-28", "SPXW"}), "2019-06-28 SPXW");
  EXPECT_EQ(to_string(ExpiryKey{"T=0.025"}), "T=0.025");
}

TEST(SharedExpiryKey, IsTheKeyThatItWasMadeOf) {
  const SharedExpiryKey key("2019-06-28", "SPXW"), copy = key, other{ExpiryKey{"2019-06-28", "SPX"}};
  EXPECT_EQ(key->expiry, "2019-06-28");
  EXPECT_EQ((*key).root, "SPXW");
  EXPECT_EQ(&*key, &*copy);
  EXPECT_EQ(key, SharedExpiryKey("2019-06-28", "SPXW"));
  EXPECT_EQ(key, (ExpiryKey{"2019-06-28", "SPXW"}));
  EXPECT_FALSE(key == other);
  EXPECT_EQ(SharedExpiryKey(), ExpiryKey{});
}

}  // namespace
}  // namespace strikenet
