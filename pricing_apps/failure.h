#pragma once

namespace strikenet::app {

/// From here on, what would end the process without a word of ours - an exception that nobody takes, abort() within a
/// library, a broken address, in any thread - ends it with a sentence on stderr and status 5. Left alone: signals that
/// somebody else handles already, and SIGPIPE, which ends the command quietly when nobody reads on.
void say_what_ends_it();

/// Of the exception that is being handled: its sentence on stderr, and status 5. Allocates nothing.
int failure_of_exception() noexcept;

}  // namespace strikenet::app
