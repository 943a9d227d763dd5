#include "core/parallel.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace strikenet {
namespace {

TEST(Workers, DoEveryPieceOfWorkOnceHoweverOftenTheyAreAsked) {
  for (const int threads : {1, 2, 7}) {
    Workers workers(threads);
    for (const std::size_t count : {std::size_t{100}, std::size_t{3}, std::size_t{1}, std::size_t{100}}) {
      std::vector<int> done(count, 0);
      workers.each(count, [&](std::size_t i) { ++done[i]; });
      EXPECT_EQ(done, std::vector<int>(count, 1)) << threads;
    }
  }
}

TEST(Workers, AreTheSameThreadsAtEachCallAndNeverMoreThanThereArePiecesOfWork) {
  constexpr std::size_t kPieces = 4;
  Workers workers(128);
  std::mutex guard;
  std::set<std::thread::id> seen;
  for (int call = 0; call < 1000; ++call)
    workers.each(kPieces, [&](std::size_t) {
      const std::lock_guard lock(guard);
      seen.insert(std::this_thread::get_id());
    });
  EXPECT_EQ(workers.started(), kPieces - 1);
  EXPECT_LE(seen.size(), kPieces);
  workers.each(2 * kPieces, [](std::size_t) {});
  EXPECT_EQ(workers.started(), 2 * kPieces - 1);
}

TEST(Workers, WorkAtTheSameTime) {
  // Each of two pieces waits for the other: by one thread alone this would not end.
  Workers workers(2);
  for (int call = 0; call < 100; ++call) {
    std::atomic<int> here = 0;
    workers.each(2, [&](std::size_t) {
      for (++here; here < 2;)
        std::this_thread::yield();
    });
  }
}

TEST(Workers, DoNothingWhereThereIsNothingToDo) {
  Workers workers(3);
  workers.each(0, [](std::size_t) { FAIL(); });
  EXPECT_EQ(workers.started(), 0U);
}

TEST(Workers, AreTheCallerAloneWhereNoThreadOrLessIsAskedFor) {
  for (const int threads : {1, 0, -1}) {
    Workers workers(threads);
    int done = 0;
    workers.each(5, [&](std::size_t) { ++done; });
    EXPECT_EQ(done, 5);
    EXPECT_EQ(workers.started(), 0U);
  }
}

TEST(Workers, PassOnWhatTheWorkThrowsAndWorkOn) {
  for (const int threads : {1, 3}) {
    Workers workers(threads);
    for (int call = 0; call < 10; ++call)
      EXPECT_THROW(workers.each(10,
                                [](std::size_t i) {
                                  if (i == 4) throw std::runtime_error("four");
                                }),
                   std::runtime_error)
          << threads;
    std::atomic<int> done = 0;
    workers.each(10, [&](std::size_t) { ++done; });
    EXPECT_EQ(done, 10) << threads;
  }
}

#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)  // which need address space of their own
/// No room for the stack of another thread.
void leave_no_room_for_stacks() {
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = 1;
  setrlimit(RLIMIT_AS, &limit);
}

TEST(WorkersDeathTest, DoTheWorkWhereTheSystemGivesNoMoreThreads) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        Workers workers(8);
        std::vector<int> done(1000, 0);
        workers.each(2, [&](std::size_t i) { ++done[i]; });
        leave_no_room_for_stacks();
        workers.each(done.size(), [&](std::size_t i) { ++done[i]; });
        const bool all = std::ranges::count(done, 1) == 998 && std::ranges::count(done, 2) == 2;
        std::_Exit(all && workers.started() == 1 ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}
#endif

}  // namespace
}  // namespace strikenet
