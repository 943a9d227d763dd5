#pragma once

#include <string>
#include <vector>

namespace strikenet::app {

/// What a command gave back.
struct ChildResult {
  bool started = false;  ///< false: there is no such command
  int status = -1;       ///< as the shell sees it; -1 when a signal ended it
  std::string out, err;
};

/// Runs a command found on the PATH, without a shell, with `input` on its standard input, and waits for it.
ChildResult run_child(const std::vector<std::string>& command, const std::string& input);

}  // namespace strikenet::app
