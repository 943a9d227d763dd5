#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strikenet/core/export.h"

namespace strikenet {

/// One test of a JUnit report.
struct JunitCase {
  enum class Outcome {
    passed,
    failed,  ///< what was tested does not hold
    error,   ///< it is not known whether it holds
  };
  std::string name = {};
  Outcome outcome = Outcome::passed;
  std::string message = {};  ///< one line; empty where it passed
  std::string text = {};     ///< any number of them
};

/// The cases as one test suite in the XML that build servers read, after JUnit's of Apache Ant: `testsuites`, in it a
/// `testsuite` with its `tests`, `failures` and `errors`, in it a `testcase` each, and in that a `failure` or an
/// `error` with its `message` and its text. UTF-8. What XML 1.0 cannot say - control characters but tab and line end -
/// is written as U+FFFD. `seconds` is the suite's `time`; 0 leaves it out, and the text is then the same from run to
/// run.
STRIKENET_EXPORT std::string junit_xml(std::string_view suite, const std::vector<JunitCase>& cases, double seconds = 0);

}  // namespace strikenet
