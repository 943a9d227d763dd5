#include "io/expiry_keys.h"

#include <gtest/gtest.h>

namespace strikenet {
namespace {

TEST(ExpiryKeys, GivesOneKeyForTheSameTexts) {
  ExpiryKeys keys;
  const SharedExpiryKey a = keys.of("2019-06-28", "SPX"), b = keys.of("2019-06-28", "SPXW"), c = keys.of("T=1", "");
  EXPECT_EQ(a, (ExpiryKey{"2019-06-28", "SPX"}));
  EXPECT_EQ(b, (ExpiryKey{"2019-06-28", "SPXW"}));
  EXPECT_EQ(c, ExpiryKey{"T=1"});
  EXPECT_EQ(&*keys.of("2019-06-28", "SPX"), &*a);
  EXPECT_EQ(&*keys.of("2019-06-28", "SPXW"), &*b);
  EXPECT_EQ(keys.of("", ""), ExpiryKey{});
}

}  // namespace
}  // namespace strikenet
