#include "parallel.h"

#include <algorithm>
#include <atomic>
#include <system_error>

namespace strikenet {

struct Workers::Job {
  std::size_t count;
  const std::function<void(std::size_t)>& work;
  std::atomic<std::size_t> next = 0;
  std::mutex guard = {};
  std::exception_ptr failure = {};

  void run() {
    for (std::size_t i = next++; i < count; i = next++)
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(guard);
        if (!failure) failure = std::current_exception();
        next = count;
      }
  }
};

Workers::Workers(int threads) : threads_(static_cast<std::size_t>(std::max(threads, 1))) {}

Workers::~Workers() {
  {
    const std::lock_guard lock(guard_);
    over_ = true;
  }
  wake_.notify_all();
}

void Workers::start(std::size_t helpers) {
  try {
    while (pool_.size() < helpers)
      pool_.emplace_back([this] { help(); });
  } catch (const std::system_error&) {  // no more threads now: nor are they asked for again
    threads_ = pool_.size() + 1;
  }
}

void Workers::help() {
  std::unique_lock lock(guard_);
  for (;;) {
    wake_.wait(lock, [this] { return over_ || wanted_ > 0; });
    if (over_) return;
    --wanted_;
    ++active_;
    Job& job = *job_;
    lock.unlock();
    job.run();
    lock.lock();
    if (--active_ == 0) done_.notify_one();
  }
}

void Workers::each(std::size_t count, const std::function<void(std::size_t)>& work) {
  if (count == 0) return;
  start(std::min(threads_, count) - 1);
  Job job{.count = count, .work = work};
  const std::size_t helpers = std::min(pool_.size(), count - 1);
  {
    const std::lock_guard lock(guard_);
    job_ = &job;
    wanted_ = helpers;
  }
  for (std::size_t i = 0; i < helpers; ++i)
    wake_.notify_one();
  job.run();
  {
    std::unique_lock lock(guard_);
    wanted_ = 0;  // who has not joined by now would find nothing to do
    done_.wait(lock, [this] { return active_ == 0; });
    job_ = nullptr;
  }
  if (job.failure) std::rethrow_exception(job.failure);
}

}  // namespace strikenet
