// What the command says where it cannot go on: out of memory, and nobody who reads on.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "apps/run_command.h"
#include "apps/small_chain.h"

namespace strikenet {
namespace {

using testing_support::SmallChain;
using testing_support::TemporaryFolder;
using testing_support::text_of;

struct Ended {
  int status;  // as the shell sees it: 128 + N of signal N
  std::string err;
};

/// Runs the command after `before`, in the child.
Ended run_after(const std::function<void()>& before, std::vector<std::string> arguments) {
  const TemporaryFolder folder;
  const std::string err = (folder.path() / "err").string(), out = (folder.path() / "out").string();
  arguments.insert(arguments.begin(), STRIKENET_COMMAND);
  std::vector<char*> words;
  for (std::string& argument : arguments)
    words.push_back(argument.data());
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    if (!std::freopen(out.c_str(), "w", stdout) || !std::freopen(err.c_str(), "w", stderr)) _exit(126);
    before();
    execv(words[0], words.data());
    _exit(127);
  }
  int ended = 0;
  waitpid(child, &ended, 0);
  return {WIFSIGNALED(ended) ? 128 + WTERMSIG(ended) : WEXITSTATUS(ended), text_of(err)};
}

void limit_memory(std::size_t megabytes) {
  const rlimit limit{megabytes << 20, megabytes << 20};
  setrlimit(RLIMIT_AS, &limit);
}

bool has_words_of_its_own(const std::string& err) {
  for (const char* words : {"strikenet: out of memory: ", "strikenet: out of threads: ", "strikenet: internal fault: "})
    if (err.find(words) != std::string::npos &&
        err.find("please report it with the command line\n") != std::string::npos)
      return true;
  return false;
}

// Below some limit the shared libraries cannot be loaded: that is the loader's to say, with 127, before there is a
// command. Above it: done, or 5 and a sentence, wherever memory runs out.
TEST(StrikenetOutOfMemory, IsStatusFiveAndASentence) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer needs more address space than any limit here";
#endif
  const TemporaryFolder folder;
  const std::string chain = folder.file("chain.csv", SmallChain().text());
  int failed = 0, done = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    const std::size_t megabytes = 30 + 370 * i / 39;
    const Ended ended = run_after([&] { limit_memory(megabytes); },
                                  {"calibrate", chain, "--out", (folder.path() / "fit").string(), "--threads", "4"});
    if (ended.status == 127) {
      EXPECT_NE(ended.err.find("error while loading shared libraries"), std::string::npos) << megabytes << ended.err;
      continue;
    }
    EXPECT_TRUE(ended.status == 0 || ended.status == 5) << megabytes << " MB: " << ended.status << '\n' << ended.err;
    EXPECT_TRUE(ended.status != 5 || has_words_of_its_own(ended.err)) << megabytes << " MB\n" << ended.err;
    (ended.status == 0 ? done : failed) += 1;
  }
  RecordProperty("done", done);
  RecordProperty("failed", failed);
  EXPECT_GT(done + failed, 0);
}

// A file that needs more memory than there is, whatever the libraries need: found while it is read.
TEST(StrikenetOutOfMemory, IsSaidOfAnInputThatDoesNotFit) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer needs more address space than any limit here";
#endif
  const TemporaryFolder folder;
  std::string line(1 << 20, 'x');
  line.back() = '\n';
  const std::string path = folder.file("large.csv", "");
  std::ofstream file(path);
  for (int i = 0; i < 900; ++i)
    file << line;
  file.close();
  for (const std::string command : {"check", "inspect", "convert"}) {
    std::vector<std::string> arguments{command, path};
    if (command == "convert") arguments.insert(arguments.end(), {"--to", "csv"});
    const Ended ended = run_after([] { limit_memory(800); }, arguments);
    EXPECT_EQ(ended.status, 5) << command << ended.err;
    EXPECT_TRUE(ended.err.starts_with("strikenet: out of memory: ")) << command << ended.err;
  }
}

TEST(StrikenetWithoutReader, EndsQuietly) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  const Ended ended = run_after(
      [&] {
        signal(SIGPIPE, SIG_DFL);
        dup2(ends[1], STDOUT_FILENO);
      },
      {"formats"});
  close(ends[1]);
  EXPECT_EQ(ended.status, 128 + SIGPIPE);
  EXPECT_EQ(ended.err, "");
}

// A parent may have told its children to ignore the signal: then it is output that cannot be written.
TEST(StrikenetWithoutReader, WithTheSignalIgnoredSaysSo) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  const Ended ended = run_after(
      [&] {
        signal(SIGPIPE, SIG_IGN);
        dup2(ends[1], STDOUT_FILENO);
      },
      {"formats"});
  close(ends[1]);
  EXPECT_EQ(ended.status, 3);
  EXPECT_EQ(ended.err, "strikenet: standard output cannot be written\n");
}

// What ends the process from outside our code too: a broken address, abort() within a library.
TEST(StrikenetFault, IsStatusFiveAndASentenceWhateverEndsIt) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer takes these signals itself";
#endif
  for (const int kind : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
    int in[2], err[2];
    ASSERT_EQ(pipe(in), 0);
    ASSERT_EQ(pipe(err), 0);
    const pid_t child = fork();
    if (child == 0) {
      dup2(in[0], STDIN_FILENO);
      dup2(err[1], STDERR_FILENO);
      close(in[1]);
      execl(STRIKENET_COMMAND, STRIKENET_COMMAND, "inspect", "-", nullptr);
      _exit(127);
    }
    close(in[0]);
    close(err[1]);
    // It reads on once this much does not fit into the pipe: then it stands in the middle of its work.
    const std::string much(1 << 20, '#');
    ASSERT_EQ(write(in[1], much.data(), much.size()), static_cast<ssize_t>(much.size()));
    kill(child, kind);
    int ended = 0;
    waitpid(child, &ended, 0);
    close(in[1]);
    std::string said(4096, '\0');
    said.resize(static_cast<std::size_t>(std::max<ssize_t>(0, read(err[0], said.data(), said.size()))));
    close(err[0]);
    ASSERT_TRUE(WIFEXITED(ended)) << kind;
    EXPECT_EQ(WEXITSTATUS(ended), 5) << kind;
    EXPECT_TRUE(said.starts_with("strikenet: internal fault: ")) << said;
    EXPECT_TRUE(said.ends_with("; please report it with the command line\n")) << said;
  }
}

}  // namespace
}  // namespace strikenet
