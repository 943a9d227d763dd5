// strikenet COMMAND: parses the command line into one plain struct per command and runs it. This is the only file of
// the command that sees the argument parser.
#include <glog/logging.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>

#include "check.h"
#include "exit_status.h"
#include "formats.h"

namespace strikenet::app {
namespace {

/// What the parser has chosen; runs when all of the command line is known to be right.
using Chosen = std::function<int()>;

void add_check(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<CheckCommand>();
  CLI::App* sub =
      app.add_subcommand("check", "Is a surface free of arbitrage? Proves it, or lists what stands in the way");
  sub->add_option("surface", command->surface, "surface.json, as calibrate writes it")->required();
  sub->add_flag("--json", command->json, "print the certificate as JSON, with every violation");
  sub->add_flag("--quiet", command->quiet, "print nothing: the exit status says it");
  sub->footer("Exit status: 0 proved, 1 not, 3 the file is no surface.\nExample: strikenet check fit/surface.json");
  sub->callback([=, &chosen] { chosen = [=] { return run_check(*command, std::cout, std::cerr); }; });
}

void add_formats(CLI::App& app, Chosen& chosen) {
  CLI::App* sub = app.add_subcommand("formats", "The chain files that can be read, and when their options settle");
  sub->footer("Example: strikenet formats");
  sub->callback([&chosen] { chosen = [] { return run_formats(std::cout); }; });
}

/// Help and version go to stdout; of everything else, one line to stderr.
int explain(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  std::cerr << "strikenet: " << error.what() << "; see strikenet --help\n";
  return wrong_usage;
}

int run(int argc, char** argv) {
  CLI::App app("Arbitrage-free option surfaces as books of calls: one ReLU network per expiry, with proof",
               "strikenet");
  app.set_version_flag("--version", "strikenet " STRIKENET_VERSION);
  app.require_subcommand(0, 1);  // of none, we know better words
  app.footer(
      "Examples:\n"
      "  strikenet check fit/surface.json\n"
      "  strikenet formats\n"
      "'strikenet COMMAND --help' explains one of them.");
  Chosen chosen;
  add_check(app, chosen);
  add_formats(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return explain(app, error);
  }
  if (!chosen) {
    std::cerr << "strikenet: command is missing; see strikenet --help\n";
    return wrong_usage;
  }
  const int status = chosen();
  if (std::cout.flush()) return status;
  std::cerr << "strikenet: standard output cannot be written\n";
  return bad_input;
}

}  // namespace
}  // namespace strikenet::app

int main(int argc, char** argv) try {
  FLAGS_minloglevel = google::GLOG_FATAL;  // solver libraries print nothing
  return strikenet::app::run(argc, argv);
} catch (const std::exception& error) {
  std::cerr << "strikenet: " << error.what() << '\n';
  return strikenet::app::bad_input;
}
