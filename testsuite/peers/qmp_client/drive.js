// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Drives a daemon by the npm package qemu-qmp, which others wrote: `node drive.js SOCKET`. Prints
// what it was answered and told, as JSON.

"use strict";

const QMP = require("qemu-qmp");

const found = { events: [] };
const client = new QMP();

function ask(command, args) {
  return new Promise((resolve) =>
    client.execute(command, args || {}, (error, value) =>
      resolve(error ? { error: error.message } : value),
    ),
  );
}

client.connect(process.argv[2], async (failed) => {
  if (failed) throw failed;
  found.version = client.version;
  client.on("job_status_change", (event) => found.events.push(event));
  const copied = new Promise((resolve) => client.on("block_job_completed", resolve));
  found.status = await ask("query-status");
  found.refused = await ask("blockdev-del", { "node-name": "none" });
  found.added = await ask("blockdev-add", {
    driver: "null-co",
    "node-name": "target",
    size: 64 << 20,
  });
  found.begun = await ask("blockdev-backup", {
    "job-id": "backup",
    device: "node0",
    target: "target",
    sync: "full",
  });
  await copied;
  found.nodes = await ask("query-named-block-nodes");
  found.schema = (await ask("query-qmp-schema")).length;
  process.stdout.write(JSON.stringify(found));
  client.end();
});
