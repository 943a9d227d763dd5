#include "child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

extern char** environ;

namespace strikenet::app {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
/// Without a name, so that a killed run leaves nothing behind. Files and not pipes: nobody waits for anybody.
using NamelessFile = std::unique_ptr<std::FILE, Close>;

std::string text_of(std::FILE* file) {
  std::string text;
  std::rewind(file);
  for (char block[1 << 14]; const std::size_t count = std::fread(block, 1, sizeof block, file);)
    text.append(block, count);
  return text;
}

}  // namespace

ChildResult run_child(const std::vector<std::string>& command, const std::string& input) {
  const NamelessFile in(std::tmpfile()), out(std::tmpfile()), err(std::tmpfile());
  ChildResult result;
  if (!in || !out || !err) return result;
  std::fwrite(input.data(), 1, input.size(), in.get());
  std::rewind(in.get());  // flushes too

  std::vector<char*> arguments;
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(err.get()), STDERR_FILENO);
  pid_t child = 0;
  result.started = posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&actions);
  if (!result.started) return result;
  int ended = 0;
  while (waitpid(child, &ended, 0) < 0 && errno == EINTR) {
  }
  result.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
  result.out = text_of(out.get());
  result.err = text_of(err.get());
  return result;
}

}  // namespace strikenet::app
