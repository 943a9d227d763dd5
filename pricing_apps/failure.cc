#include "failure.h"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <new>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "exit_status.h"

namespace strikenet::app {
namespace {

/// In a signal handler, and without memory, nothing more is allowed.
void say(std::initializer_list<std::string_view> parts) noexcept {
  for (std::string_view part : parts)
    while (!part.empty()) {
      const ssize_t written = write(STDERR_FILENO, part.data(), part.size());
      if (written <= 0) return;
      part.remove_prefix(static_cast<std::size_t>(written));
    }
}

constexpr std::string_view kReport = "; please report it with the command line\n";

int out_of_memory() noexcept {
  say(
      {"strikenet: out of memory: what it was asked for needs more than there is, or than a limit allows; if that "
       "should not be so, please report it with the command line\n"});
  return failed;
}

int internal_fault(std::string_view what) noexcept {
  say({"strikenet: internal fault: ", what, kReport});
  return failed;
}

int of_system(const std::system_error& error) noexcept {
  if (error.code() != std::errc::resource_unavailable_try_again) return internal_fault(error.what());
  say(
      {"strikenet: out of threads: none more could be started, but --threads 1 does with one; if that should not be "
       "so, please report it with the command line\n"});
  return failed;
}

[[noreturn]] void on_terminate() noexcept {
  _exit(std::current_exception() ? failure_of_exception() : internal_fault("terminated without an exception"));
}

void on_signal(int signal) {
  const char* const name = sigdescr_np(signal);
  _exit(internal_fault(name ? name : "unknown signal"));
}

}  // namespace

int failure_of_exception() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  } catch (const std::length_error&) {  // more than any machine has
    return out_of_memory();
  } catch (const std::system_error& error) {
    return of_system(error);
  } catch (const std::exception& error) {
    return internal_fault(error.what());
  } catch (...) {
    return internal_fault("an exception without words");
  }
}

void say_what_ends_it() {
  std::set_terminate(on_terminate);
  // Of its own, for a stack that has run out has no room for a handler.
  static std::array<char, 1 << 16> room;
  stack_t stack = {};
  stack.ss_sp = room.data();
  stack.ss_size = room.size();
  sigaltstack(&stack, nullptr);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    struct sigaction action = {};
    if (sigaction(signal, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) continue;  // a sanitizer's, say
    action.sa_handler = on_signal;
    action.sa_flags = SA_ONSTACK;
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace strikenet::app
