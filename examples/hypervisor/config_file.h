// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The daemon's configuration in a YAML file: what its command line takes, with a list for each kind
// of option. A value that its reader owns; needs no lock.

#ifndef LOCKVET_EXAMPLES_HYPERVISOR_CONFIG_FILE_H
#define LOCKVET_EXAMPLES_HYPERVISOR_CONFIG_FILE_H

#include "command_line.h"

namespace blockd {

// In the order in which they can be taken: objects, nodes, the NBD server, exports, monitors. The
// error is a sentence with the file and the line.
std::expected<std::vector<Step>, std::string> read_config(const std::string& path);
// Of a file's content; the path is for messages.
std::expected<std::vector<Step>, std::string> parse_config(const std::string& text,
                                                           const std::string& path);

} // namespace blockd

#endif // LOCKVET_EXAMPLES_HYPERVISOR_CONFIG_FILE_H
