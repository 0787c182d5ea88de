// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lockvet-blockd: a storage daemon on the runtime. The main loop accepts clients and takes
// commands; threads that the command line makes serve exports.

#include "daemon.h"
#include "process.h"

#include <cstdio>
#include <optional>

using namespace lockvet::runtime;
using namespace blockd;

namespace {

int fail(const std::string& why) {
  std::fprintf(stderr, "lockvet-blockd: %s\n", why.c_str());
  return 1;
}

// What was posted to the main loop when nobody needs it any more is done before that goes.
class LoopEnd {
public:
  explicit LoopEnd(AioContext& context) : context_(context) {}
  LoopEnd(const LoopEnd&) = delete;
  LoopEnd& operator=(const LoopEnd&) = delete;
  LV_NO_COROUTINE_FN ~LoopEnd() {
    context_.assert_home();
    context_.stop();
    context_.loop();
  }

private:
  AioContext& context_;
};

// What was wrong, or nothing. The log has said all that it has to say when it returns.
std::string run(const CommandLine& line, std::optional<Background> background) {
  const FileDescriptor signals = take_signals();
  std::optional<PidFile> pid_file;
  if (!line.pid_file.empty()) {
    auto created = PidFile::create(line.pid_file);
    if (!created)
      return created.error();
    pid_file.emplace(std::move(*created));
  }
  auto context = AioContext::create();
  if (!context)
    return "no event loop: " + context.error().message();
  const MainLoop main_loop(**context);
  const LoopEnd loop_end(**context);
  control::Log log;
  ThreadPool pool;
  MainLoop::assert_here();
  Daemon daemon(**context, pool, log);
  std::string problem;
  for (const Step& step : line.steps) {
    const auto taken = daemon.take(step);
    if (!taken) {
      problem = taken.error();
      break;
    }
  }
  if (problem.empty()) {
    if (background)
      background->ready();
    notify_manager("READY=1");
    log(control::Log::Level::info, "daemon", "ready");
    daemon.serve(signals.get());
    notify_manager("STOPPING=1");
    log(control::Log::Level::info, "daemon", "stopping");
  }
  const std::string at_the_end = daemon.stop();
  return problem.empty() ? at_the_end : problem;
}

} // namespace

int main(int count, char** arguments) {
  const auto line = parse_command_line({arguments + 1, static_cast<size_t>(count) - 1});
  if (!line)
    return fail(line.error());
  if (line->action == CommandLine::Action::help) {
    std::fputs(help_text, stdout);
    return 0;
  }
  if (line->action == CommandLine::Action::version) {
    std::puts("lockvet-blockd " LOCKVET_VERSION);
    return 0;
  }
  std::optional<Background> background;
  if (line->daemonize) {
    auto entered = Background::enter();
    if (!entered)
      return fail(entered.error());
    background.emplace(std::move(*entered));
  }
  const std::string problem = run(*line, std::move(background));
  return problem.empty() ? 0 : fail(problem);
}
