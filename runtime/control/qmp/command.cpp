// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/qmp/command.h"

#include "runtime/control/qmp/command_tables.h"
#include "runtime/control/schema/conform.h"

namespace lockvet::runtime::control {

const std::vector<const Command*>& commands() {
  static const std::vector<const Command*> all = [] {
    std::vector<const Command*> found;
    for (const auto& table :
         {general_commands(), node_commands(), bitmap_commands(), transaction_commands(),
          job_commands(), export_commands(), query_commands(), snapshot_commands()})
      for (const Command& command : table)
        found.push_back(&command);
    std::sort(found.begin(), found.end(),
              [](const Command* left, const Command* right) { return left->name < right->name; });
    return found;
  }();
  return all;
}

void execute(Control& control, std::string_view name, const Json& arguments, JsonSource source,
             CommandDone done) {
  const auto found = std::find_if(commands().begin(), commands().end(),
                                  [&](const Command* command) { return command->name == name; });
  if (found == commands().end())
    return done(std::unexpected(CommandError{"CommandNotFound", "The command " + std::string(name) +
                                                                    " has not been found"}));
  const Command& command = **found;
  const auto conforming = conform(*command.arguments, arguments, source);
  if (!conforming)
    return done(command_error(conforming.error()));
  if (control.stop_requested())
    return done(command_error("The program is ending."));
  control.command_begins();
  const CommandDone ended = [&control, done = std::move(done)](CommandResult result) {
    MainLoop::assert_here();
    control.command_ends();
    done(std::move(result));
  };
  if (command.run != nullptr)
    return ended(command.run(control, *conforming));
  command.begin(control, *conforming, ended);
}

} // namespace lockvet::runtime::control
