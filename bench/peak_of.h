#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

/// Peak resident memory, in MB, of a process that does the work and nothing else.
template <class Work>
double peak_of(const Work& work) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    work();
    _exit(0);
  }
  int status = 0;
  rusage usage = {};
  if (wait4(child, &status, 0, &usage) != child || status != 0) throw std::runtime_error("the work failed");
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}
