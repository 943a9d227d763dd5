#include "output_files.h"

#include <csignal>
#include <utility>

#include "printable_output.h"

namespace strikenet::app {
namespace {

TemporaryFiles temporaries;

/// Nothing but what a signal handler may do.
void on_end(int signal) {
  temporaries.remove();
  std::raise(signal);  // its own meaning is back
}

}  // namespace

void remove_temporaries_when_ended() {
  for (const int number : {SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM, SIGXFSZ}) {
    struct sigaction before = {}, action = {};
    if (sigaction(number, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) continue;
    action.sa_handler = on_end;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, nullptr);
  }
}

Result<std::vector<std::string>> write_output_files(const std::string& directory, const std::vector<OutputFile>& files,
                                                    std::vector<std::string> remove) {
  return write_files(directory, files, {std::move(remove), &temporaries});
}

Result<std::string> write_output(const std::string& path, std::string text) {
  return write_file(path, std::move(text), {{}, &temporaries});
}

void say_written(std::ostream& out, const std::string& path) { out << "written    " << one_line(path) << '\n'; }

}  // namespace strikenet::app
