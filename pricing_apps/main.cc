// strikenet COMMAND: parses the command line into one plain struct per command and runs it. This is the only file of
// the command that sees the argument parser.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>

#include "calibrate.h"
#include "check.h"
#include "colour.h"
#include "convert.h"
#include "exit_status.h"
#include "failure.h"
#include "formats.h"
#include "inspect.h"
#include "output_files.h"
#include "price.h"
#include "printable_output.h"
#include "repair.h"
#include "replicate.h"
#include "report.h"
#include "strikenet/payoff/payoff_language.h"
#include "varswap.h"

namespace strikenet::app {
namespace {

/// What the parser has chosen; runs when all of the command line is known to be right.
using Chosen = std::function<int()>;

/// Of every command that reads a chain: how it is read, what is left out of it, and where its forwards come from.
/// `with` is put before the descriptions.
void add_chain_options(CLI::App* sub, FitWords& words, const std::string& with) {
  sub->add_option("--format", words.format, with + "read the file as this format [recognised by its columns]");
  sub->add_option("--rule", words.rules,
                  with +
                      "rules of hygiene: NAME, NAME=LIMIT or NAME=off, in a list or repeated; 'strikenet formats' "
                      "lists them")
      ->delimiter(',')
      ->allow_extra_args(false);
  sub->add_option("--rate", words.rate, with + "continuously compounded rate for the discount factors [from parity]");
  sub->add_option("--forward", words.forward_file,
                  with + "CSV of forwards: expiry,forward[,discount][,root] [from parity]");
  sub->add_option("--term-structure", words.term_structure,
                  with +
                      "by-expiry: each forward inside its own parity band; smooth: on one curve inside all "
                      "[by-expiry]");
}

/// Of `calibrate`, and of `price --explain`, which fits again.
void add_fit_options(CLI::App* sub, FitWords& words, const std::string& with) {
  add_chain_options(sub, words, with);
  sub->add_option("--loss", words.loss,
                  with +
                      "squared, huber, soft-l1 or cauchy [squared; of quotes without a spread the largest error "
                      "first]");
  sub->add_option("--engine", words.engine,
                  with + "ceres or interior: who minimises where order in time is enforced [ceres]");
  sub->add_option("--smoothness", words.smoothness, with + "times the default weight of the roughness")
      ->capture_default_str();
  sub->add_option("--hygiene", words.hygiene,
                  with + "strict: bad quotes are errors; lenient: they are left out and counted [generic: strict]");
  sub->add_option("--threads", words.threads,
                  with + "expiries fitted at a time; the result is the same [one a processor]");
}

void add_calibrate(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<CalibrateCommand>();
  FitWords& fit = command->fit;
  CLI::App* sub = app.add_subcommand("calibrate", "Fits a chain: one arbitrage-free network per expiry, with proof");
  sub->add_option("chain", fit.chain,
                  "a file of quotes, or several that are pages of one chain; 'strikenet formats' lists the layouts")
      ->required();
  sub->add_option("--out", command->out, "directory for the files it writes [./<chain>-fit]");
  sub->add_option("--as-of", fit.as_of, "instant of the quotes, 2019-06-26T15:45-04:00, when the file has none");
  sub->add_option("--root", fit.root, "root of rows that name none: chooses their settlement");
  add_fit_options(sub, fit, "");
  sub->add_option("--activation", fit.activation, "relu, quadratic or cubic [cubic; relu with --train-strikes]");
  sub->add_option("--units", fit.units, "hidden units per expiry [as many as the quotes need]");
  sub->add_flag("--train-strikes", fit.train_strikes,
                "fit the strikes of --units relu units too: the best small network");
  sub->add_option("--seed", fit.seed, "of the first of the starts of --train-strikes")->capture_default_str();
  sub->add_option("--starts", fit.starts, "local minima that --train-strikes tries")->capture_default_str();
  sub->add_option("--calendar", fit.calendar,
                  "order in time: enforce, report, or off for expiries on different underlyings [enforce; report where "
                  "units differ by expiry]");
  sub->add_flag("--no-report", command->no_report, "do not write report.html");
  sub->add_flag("--json", command->json, "print summary.json on stdout instead of the table");
  sub->add_flag("--quiet", command->quiet, "print nothing but errors");
  sub->footer(
      "Exit status: 0 proved, 3 bad input or an output that cannot be written, 4 the numerics fell short,\n"
      "5 no fault of the input.\n"
      "Example: strikenet calibrate market_data/bates_2026/chain.csv --out fit");
  command->progress = isatty(STDERR_FILENO) != 0;
  command->colour = wants_colour();
  sub->callback([=, &chosen] { chosen = [=] { return run_calibrate(*command, std::cout, std::cerr); }; });
}

void add_inspect(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<InspectCommand>();
  CLI::App* sub = app.add_subcommand("inspect", "What is in a chain file, per expiry, before anything is fitted");
  FitWords& words = command->words;
  sub->add_option("chain", words.chain, "a file of quotes, or several that are pages of one chain")->required();
  sub->add_option("--as-of", words.as_of, "instant of the quotes, 2019-06-26T15:45-04:00, when the file has none");
  sub->add_option("--root", words.root, "root of rows that name none: chooses their settlement");
  add_chain_options(sub, words, "");
  sub->add_flag("--json", command->json, "print JSON instead of the table");
  sub->footer(
      "Exit status: 0 read, 3 bad input, 5 no fault of the input. What keeps a chain from being fitted is part of the "
      "answer.\n"
      "Example: strikenet inspect market_data/bates_2026/chain.csv");
  sub->callback([=, &chosen] { chosen = [=] { return run_inspect(*command, std::cout, std::cerr); }; });
}

/// How a payoff that is no finite book of options becomes one.
void add_payoff_options(CLI::App* sub, PayoffWords& words) {
  sub->add_option("--range", words.range, "of a curve, LOW:HIGH: the spots between which the book follows it");
  sub->add_option("--pieces", words.pieces, "of a curve: straight pieces, with the least error");
  sub->add_option("--error", words.error,
                  "of a curve: largest error, with the fewest pieces; of a network: of each smooth activation");
  sub->add_option("--side", words.side, "of a curve or a jump: below, nearest or above it [nearest]");
  sub->add_option("--width", words.width, "of a jump: of the call spread for it, over its strike [0.0001]");
}

/// "Payoffs:" and how each is written.
std::string payoffs_in_words() {
  std::string text = "Payoffs:\n";
  constexpr std::size_t kWidth = 28;
  for (const PayoffForm& form : payoff_forms()) {
    std::string written = "  " + std::string(form.name) + ":" + std::string(form.arguments);
    written.resize(std::max(kWidth, written.size() + 1), ' ');
    text.append(written).append(form.meaning).append("\n");
  }
  return text;
}

void add_convert(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<ConvertCommand>();
  CLI::App* sub = app.add_subcommand(
      "convert", "Networks, payoffs and portfolios into each other; a chain of any format into the generic one");
  sub->add_option("input", command->inputs,
                  "a payoff, butterfly:90,100,110; a file of a network (.onnx, JSON) or a portfolio; or of quotes, "
                  "also several that "
                  "are pages of one chain")
      ->required();
  sub->add_option(
         "--to", command->to,
         "csv: of a chain the generic format, else the legs; table or json: the legs and what is true of them; "
         "network: JSON; onnx: an ONNX model, into the file of --out")
      ->required();
  add_payoff_options(sub, command->words);
  sub->add_option("--forward", command->forward, "puts below it and calls from there on [calls]");
  sub->add_option("--band", command->band, "SPOT:LOW:HIGH: how far spot may move before the value leaves the band");
  sub->add_option("--format", command->format, "read the file as this format [recognised by its columns]");
  sub->add_option("--out", command->out, "file to write instead of stdout, whole or not at all");
  sub->footer(payoffs_in_words() +
              "Exit status: 0 done, 3 bad input, 5 no fault of the input.\n"
              "Example: strikenet convert market_data/bates_2026/chain.csv --to csv\n"
              "Example: strikenet convert butterfly:90,100,110 --to table\n"
              "Example: strikenet convert 'expr:max(S-100,0)^2' --range 50:150 --pieces 8 --to network");
  sub->callback([=, &chosen] { chosen = [=] { return run_convert(*command, std::cout, std::cerr); }; });
}

void add_check(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<CheckCommand>();
  CLI::App* sub = app.add_subcommand(
      "check", "Is a chain or a surface free of arbitrage? Proves it, or prints the trades or what stands in the way");
  FitWords& words = command->words;
  sub->add_option("file", words.chain, "surface.json, as calibrate writes it; or a chain, of one file or more pages")
      ->required();
  sub->add_option("--as-of", words.as_of, "of a chain: instant of the quotes, when the file has none");
  sub->add_option("--root", words.root, "of a chain: root of rows that name none");
  add_chain_options(sub, words, "of a chain: ");
  sub->add_flag("--mid", command->mid, "judge the middles of bid and ask, as if one could trade at them");
  sub->add_option("--calendar", words.calendar,
                  "of a chain: off for expiries on different underlyings, which are then not looked at together");
  sub->add_option("--trades", command->trades, "of each expiry, and across expiries, at most so many trades")
      ->capture_default_str();
  sub->add_option("--fee", command->fee, "per contract, in currency: what trades leave after it")
      ->capture_default_str();
  sub->add_option("--multiplier", command->multiplier, "units of the underlying to a contract")->capture_default_str();
  sub->add_option("--tick", command->tick,
                  "least step of prices [the largest that all prices of the file are multiples of]");
  sub->add_option("--threads", words.threads, "expiries at a time; the result is the same [one a processor]");
  sub->add_flag("--json", command->json, "print JSON: of a surface its certificate, of a chain its trades");
  sub->add_option("--junit", command->junit, "write a JUnit report: a test per expiry, which fails with its trades");
  sub->add_flag("--quiet", command->quiet, "print nothing: the exit status says it");
  sub->footer(
      "Of a chain, trades within an expiry assume nothing; those across expiries that forwards keep their "
      "proportions.\n"
      "Exit status: 0 proved free of arbitrage, 1 not, 3 the file is neither, 4 neither is proved, 5 no fault of the "
      "input.\n"
      "Example: strikenet check fit/surface.json\n"
      "Example: strikenet check market_data/bates_2026/chain.csv");
  command->colour = wants_colour();
  sub->callback([=, &chosen] { chosen = [=] { return run_check(*command, std::cout, std::cerr); }; });
}

void add_repair(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<RepairCommand>();
  CLI::App* sub = app.add_subcommand("repair", "The smallest change of quotes that leaves no static arbitrage, as CSV");
  FitWords& words = command->words;
  sub->add_option("chain", words.chain, "a chain, of one file or more pages")->required();
  sub->add_option("--as-of", words.as_of, "instant of the quotes, when the file has none");
  sub->add_option("--root", words.root, "root of rows that name none");
  add_chain_options(sub, words, "");
  sub->add_flag("--mid", command->mid, "repair the middles of bid and ask, and not bid and ask");
  sub->add_option("--norm", command->norm, "l1: few quotes change; l2: each changes little")->capture_default_str();
  sub->add_option("--calendar", words.calendar, "off: every expiry by itself");
  sub->add_option("--out", command->out, "file to write instead of stdout, whole or not at all");
  sub->add_flag("--json", command->json, "print what changed as JSON, and the chain to --out alone");
  sub->footer(
      "Changes are measured in spreads of the quote. What is printed beside the chain: the quotes that change most.\n"
      "Exit status: 0 done, 3 bad input, 4 not solved, 5 no fault of the input.\n"
      "Example: strikenet repair market_data/bates_2026/chain.csv --out repaired.csv");
  sub->callback([=, &chosen] { chosen = [=] { return run_repair(*command, std::cout, std::cerr); }; });
}

/// Of `price` and `greeks`: which options, on which surface, and what is printed how.
void add_pricing_options(CLI::App* sub, PriceCommand& command) {
  const auto list = [&](const char* name, std::vector<std::string>& words, const char* description) {
    sub->add_option(name, words, description)->allow_extra_args(false);
  };
  sub->add_option("surface", command.surface, "surface.json, as calibrate writes it")->required();
  list("--strike", command.strikes, "strikes: a list, 2800,2850, with ranges, 2500:3500:50, in it");
  list("--moneyness", command.moneyness, "strikes over the forward of each expiry, listed in the same way");
  list("--quantile", command.quantiles,
       "probabilities of ending below: the strikes at which the law of each expiry has "
       "them");
  sub->add_option("--payoff", command.payoff,
                  "a payoff, butterfly:90,100,110, or a file of a network or a portfolio: on each expiry, leg by leg");
  add_payoff_options(sub, command.payoff_words);
  sub->add_option("--options", command.options_file, "CSV of options instead of lists: expiry,strike[,type][,root]");
  list("--expiry", command.expiries,
       "dates, of the surface or other ones, and year fractions, T=0.5 [all of the "
       "surface]");
  sub->add_option("--type", command.type, "call, put, both, or otm: what is out of the money [otm]");
  sub->add_option("--root", command.root, "only expiries of this root; says when other dates settle [all]");
  sub->add_option("--as-of", command.as_of,
                  "instant from which dates count, 2019-06-26T15:45-04:00, when the file has "
                  "none");
  sub->add_option("--spot", command.spot,
                  "today's price of the underlying: forwards before the first expiry start from it");
  sub->add_option("--local-vol-cap", command.local_vol_cap,
                  "decimal: largest local vol beyond the last expiry and in the "
                  "output")
      ->capture_default_str();
  sub->add_option("--clock", command.clock,
                  "in which variance runs between expiries: calendar or trading-days "
                  "[calendar]");
  sub->add_option("--weekend", command.weekend, "what a day of the weekend counts, of a trading day's 1 [0.2]");
  sub->add_option("--holiday-weight", command.holiday_weight, "what a holiday counts, of a trading day's 1 [0.2]");
  sub->add_option("--holidays", command.holidays, "dates, 2019-07-04,2019-09-02, or a CSV with a column date [none]");
  sub->add_option("--out", command.out, "file to write instead of stdout, whole or not at all");
  sub->add_flag("--json", command.json, "print JSON instead of CSV, with what the numbers rest on");
  sub->add_flag("--table", command.table, "print aligned columns, rounded, instead of CSV");
  sub->add_flag("--quiet", command.quiet, "no notes on stderr");
}

void add_price(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<PriceCommand>();
  CLI::App* sub = app.add_subcommand("price", "Prices options on a surface: any strike, any expiry, with vol and law");
  add_pricing_options(sub, *command);
  sub->add_option(
      "--explain", command->explain.chain,
      "the chain that the surface was fitted to: print the quotes that each price leans on, by a fit like the "
      "first");
  sub->add_option("--top", command->top, "with --explain: quotes per option")->capture_default_str();
  add_fit_options(sub, command->explain, "with --explain: ");
  command->progress = isatty(STDERR_FILENO) != 0;
  sub->footer(
      "Exit status: 0 done, 3 bad input, or an expiry that the surface does not have, 5 no fault of the input.\n"
      "Example: strikenet price fit/surface.json --strike 4500:5500:250 --expiry 2026-06-26,T=0.75");
  sub->callback([=, &chosen] { chosen = [=] { return run_price(*command, std::cout, std::cerr); }; });
}

void add_greeks(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<PriceCommand>();
  CLI::App* sub = app.add_subcommand("greeks", "Prices and Greeks of options on a surface");
  add_pricing_options(sub, *command);
  sub->add_option("--sticky", command->sticky,
                  "what keeps its vol when the forward moves: strike or moneyness [moneyness]");
  sub->footer(
      "Exit status: 0 done, 3 bad input, or an expiry that the surface does not have, 5 no fault of the input.\n"
      "Example: strikenet greeks fit/surface.json --moneyness 0.9:1.1:0.05 --spot 5000");
  sub->callback([=, &chosen] { chosen = [=] { return run_greeks(*command, std::cout, std::cerr); }; });
}

void add_replicate(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<ReplicateCommand>();
  CLI::App* sub = app.add_subcommand("replicate", "A payoff from listed options: the best fit, or a bound with proof");
  FitWords& words = command->words;
  sub->add_option(
         "--payoff", command->payoff,
         "what is replicated: butterfly:90,100,110, expr:max(S-100,0)^2, or a file of a network or a portfolio")
      ->required();
  sub->add_option("--chain", words.chain, "a file of quotes, or several that are pages of one chain")->required();
  sub->add_option("--expiry", command->expiry, "of the chain: a date, or T=0.5; with a root where there are several")
      ->required();
  sub->add_option("--side", command->side, "fit, super: at least the payoff, or sub: at most, with proof")
      ->capture_default_str();
  sub->add_option("--surface", command->surface, "surface.json, whose law weighs the fit [the expiry is fitted alone]");
  sub->add_option("--legs", command->legs, "at most so many options; shows what each leg less costs");
  sub->add_flag("--lots", command->lots, "options in whole contracts");
  sub->add_option("--multiplier", command->multiplier, "units of the underlying a contract is on")
      ->capture_default_str();
  sub->add_option("--size", command->size, "payoffs that are replicated")->capture_default_str();
  sub->add_option("--nodes", command->nodes, "with --lots: nodes of the search for a cheaper bound")
      ->capture_default_str();
  sub->add_flag("--convex", command->convex, "of a fit: no option is sold");
  sub->add_flag("--no-forward", command->no_forward, "trade options and cash alone, no forward");
  sub->add_option("--range", command->payoff_words.range,
                  "of a curved payoff, LOW:HIGH: where straight pieces follow it");
  sub->add_option("--pieces", command->payoff_words.pieces, "of a curved payoff: so many pieces, with the least error");
  sub->add_option("--error", command->payoff_words.error, "of a curved payoff: largest error, with the fewest pieces");
  sub->add_option("--as-of", words.as_of, "instant of the quotes, 2019-06-26T15:45-04:00, when the file has none");
  sub->add_option("--root", words.root, "root of rows that name none, and the only one that counts");
  add_chain_options(sub, words, "");
  sub->add_flag("--json", command->json, "print JSON instead of the table");
  sub->footer(
      "Exit status: 0 done, 3 bad input, or a payoff that nothing bounds, 4 not proved, or more legs than asked for, 5 "
      "no fault of the input.\n"
      "Example: strikenet replicate --payoff digital-call:5000 --chain market_data/bates_2026/chain.csv --expiry "
      "2026-06-26 --side super");
  sub->callback([=, &chosen] { chosen = [=] { return run_replicate(*command, std::cout, std::cerr); }; });
}

void add_varswap(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<VarswapCommand>();
  CLI::App* sub = app.add_subcommand("varswap", "Fair variance of an expiry, from quotes or a surface, and its strip");
  FitWords& words = command->words;
  sub->add_option("file", words.chain, "surface.json, as calibrate writes it; or a chain, of one file or more pages")
      ->required();
  sub->add_option("--expiry", command->expiry, "a date, or T=0.5; with a root where there are several [the only one]");
  sub->add_option("--surface", command->surface, "of a chain: surface.json, whose law is used [fitted alone]");
  sub->add_option("--strikes", command->strikes, "of a surface: strikes of a strip, a list with ranges, 50:150:5")
      ->allow_extra_args(false);
  sub->add_option("--weights", command->weights, "of the strip: chords or trapezoid")->capture_default_str();
  sub->add_option("--ends", command->ends,
                  "LOW:HIGH beyond the strikes, where the strip's last pieces end [at the last strikes]");
  sub->add_option("--corridor", command->corridor, "LOW:HIGH or LOW:, variance while the forward is in between");
  sub->add_option("--as-of", words.as_of, "of a chain: instant of the quotes, when the file has none");
  sub->add_option("--root", words.root, "root of rows that name none, and the only one that counts");
  add_chain_options(sub, words, "of a chain: ");
  sub->add_flag("--json", command->json, "print JSON instead of the table");
  sub->footer(
      "Exit status: 0 done, 3 bad input, 5 no fault of the input.\n"
      "Example: strikenet varswap market_data/bates_2026/chain.csv --expiry 2026-06-26");
  sub->callback([=, &chosen] { chosen = [=] { return run_varswap(*command, std::cout, std::cerr); }; });
}

void add_vix(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<VixCommand>();
  CLI::App* sub = app.add_subcommand("vix", "The variance of 30 days by the rules of Cboe's VIX");
  FitWords& words = command->words;
  sub->add_option("file", words.chain, "a chain, of one file or more pages; or a strip: term,strike,type,Q_mid")
      ->required();
  sub->add_option("--expiry", command->expiries, "of a chain: NEAR,NEXT [those around 30 days]");
  const auto two = [&](const char* name, std::vector<double>& numbers, const char* description) {
    sub->add_option(name, numbers, description)->delimiter(',')->allow_extra_args(false);
  };
  two("--minutes", command->minutes, "of a strip: NEAR,NEXT, minutes to settlement");
  two("--rates", command->rates, "of a strip: NEAR,NEXT, continuously compounded, decimal");
  two("--forwards", command->forwards, "of a strip: NEAR,NEXT, forwards");
  sub->add_option("--as-of", words.as_of, "of a chain: instant of the quotes, when the file has none");
  sub->add_option("--root", words.root, "root of rows that name none, and the only one that counts");
  add_chain_options(sub, words, "of a chain: ");
  sub->add_flag("--json", command->json, "print JSON instead of the table");
  sub->footer(
      "Exit status: 0 done, 3 bad input, 5 no fault of the input.\n"
      "Example: strikenet vix market_data/bates_2026/chain.csv");
  sub->callback([=, &chosen] { chosen = [=] { return run_vix(*command, std::cout, std::cerr); }; });
}

void add_formats(CLI::App& app, Chosen& chosen) {
  CLI::App* sub = app.add_subcommand("formats", "The chain files that can be read, and when their options settle");
  sub->footer("Example: strikenet formats");
  sub->callback([&chosen] { chosen = [] { return run_formats(std::cout); }; });
}

void add_report(CLI::App& app, Chosen& chosen) {
  const auto command = std::make_shared<ReportCommand>();
  CLI::App* sub = app.add_subcommand("report", "Draws a calibration: smiles, densities, residuals and the surface");
  sub->add_option("directory", command->directory, "where calibrate has written its files")->required();
  sub->add_option("--plot", command->plot, "draw one expiry into this .svg or .png file instead, by gnuplot");
  sub->add_option("--expiry", command->expiry, "the expiry that --plot draws, as the table shows it");
  sub->add_flag("--density", command->density, "--plot draws its density [its smile]");
  sub->add_flag("--quiet", command->quiet, "print nothing but errors");
  sub->footer(
      "Writes DIRECTORY/report.html.\n"
      "Examples:\n"
      "  strikenet report fit\n"
      "  strikenet report fit --plot smile.svg --expiry 2026-04-17");
  sub->callback([=, &chosen] { chosen = [=] { return run_report(*command, std::cout, std::cerr); }; });
}

/// Help and version go to stdout; of everything else, one line to stderr.
int explain(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  std::cerr << "strikenet: " << one_line(error.what()) << "; see strikenet --help\n";
  return wrong_usage;
}

/// The status, unless what was printed is lost.
int printed(int status) {
  if (std::cout.flush()) return status;
  std::cerr << "strikenet: standard output cannot be written\n";
  return bad_input;
}

int run(int argc, char** argv) {
  CLI::App app("Arbitrage-free option surfaces as books of calls: one ReLU network per expiry, with proof",
               "strikenet");
  app.set_version_flag("--version", "strikenet " STRIKENET_VERSION);
  app.require_subcommand(0, 1);  // of none, we know better words
  app.footer(
      "Examples:\n"
      "  strikenet calibrate market_data/bates_2026/chain.csv --out fit\n"
      "  strikenet inspect market_data/bates_2026/chain.csv\n"
      "  strikenet convert market_data/bates_2026/chain.csv --to csv\n"
      "  strikenet check fit/surface.json\n"
      "  strikenet price fit/surface.json --strike 4500:5500:250 --expiry 2026-06-26\n"
      "  strikenet greeks fit/surface.json --moneyness 0.9:1.1:0.05 --spot 5000\n"
      "  strikenet replicate --payoff call:5000 --chain market_data/bates_2026/chain.csv --expiry 2026-06-26\n"
      "  strikenet varswap market_data/bates_2026/chain.csv --expiry 2026-06-26\n"
      "  strikenet vix market_data/bates_2026/chain.csv\n"
      "  strikenet report fit\n"
      "  strikenet formats\n"
      "'strikenet COMMAND --help' explains one of them.");
  Chosen chosen;
  add_calibrate(app, chosen);
  add_inspect(app, chosen);
  add_convert(app, chosen);
  add_check(app, chosen);
  add_repair(app, chosen);
  add_price(app, chosen);
  add_greeks(app, chosen);
  add_replicate(app, chosen);
  add_varswap(app, chosen);
  add_vix(app, chosen);
  add_report(app, chosen);
  add_formats(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return printed(explain(app, error));
  }
  if (!chosen) {
    std::cerr << "strikenet: command is missing; see strikenet --help\n";
    return wrong_usage;
  }
  return printed(chosen());
}

/// Of those that the command was started without, each is taken by something that fails as a closed one does: else the
/// first file that is opened would become standard output, and get what is printed.
void take_closed_descriptors() {
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(standard, F_GETFD) < 0)
      static_cast<void>(open("/dev/null", standard == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

}  // namespace
}  // namespace strikenet::app

int main(int argc, char** argv) {
  using namespace strikenet::app;
  say_what_ends_it();
  take_closed_descriptors();
  remove_temporaries_when_ended();
  const PrintableOutput out(std::cout, isatty(STDOUT_FILENO) != 0), err(std::cerr, isatty(STDERR_FILENO) != 0);
  try {
    return run(argc, argv);
  } catch (...) {
    return failure_of_exception();
  }
}
