#pragma once

#include <mutex>
#include <ql/settings.hpp>

namespace strikenet {

/// Sets QuantLib's evaluation date, which is one for the whole process, and puts back what was there - a floating
/// "today" stays floating. Holds a lock for its lifetime, so that two threads do not price under each other's date.
class EvaluationDate {
 public:
  explicit EvaluationDate(const QuantLib::Date& date)
      : lock_(mutex()), before_(QuantLib::Settings::instance().evaluationDate().value()) {
    QuantLib::Settings::instance().evaluationDate() = date;
  }
  ~EvaluationDate() { QuantLib::Settings::instance().evaluationDate() = before_; }
  EvaluationDate(const EvaluationDate&) = delete;
  EvaluationDate& operator=(const EvaluationDate&) = delete;

 private:
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }

  std::lock_guard<std::mutex> lock_;
  QuantLib::Date before_;  // the null date when none was set
};

}  // namespace strikenet
