#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace strikenet {

/// Threads that do pieces of work together with the one that asks for it, and wait in between. They belong to one call
/// of the library, which makes them once and hands them down to whatever can use them; they end with it. None is
/// started before there is work for it, and never more than there are pieces of work. Where the system gives no more
/// threads those that are there do the work, if need be the caller alone.
class Workers {
 public:
  /// At most `threads` >= 1 at a time, the caller's own among them.
  explicit Workers(int threads);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  /// work(0), ..., work(count - 1), in no order. Returns when all are done; where one throws the others are not begun,
  /// and the first exception is thrown again. Work must not ask these workers for more.
  void each(std::size_t count, const std::function<void(std::size_t)>& work);

  /// That were started so far, without the caller's.
  std::size_t started() const { return pool_.size(); }

 private:
  struct Job;
  void start(std::size_t helpers);
  void help();

  std::size_t threads_;  // with the caller's: less than asked for where the system gave less
  std::mutex guard_;     // of what follows
  std::condition_variable wake_, done_;
  Job* job_ = nullptr;
  std::size_t wanted_ = 0;  // helpers that have still to join the job
  std::size_t active_ = 0;  // that have joined it
  bool over_ = false;
  std::vector<std::jthread> pool_;  // last, so that it is joined before what it uses is gone
};

}  // namespace strikenet
