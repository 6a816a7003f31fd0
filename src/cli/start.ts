// Starts a command in a thread (program.ts). This main thread receives signals and watches the command
// (supervisor.ts). Trivial commands, such as `--version`, need no thread, because they call none of the
// user's code.

import { version } from "../version.js";

const [first, ...others] = process.argv.slice(2);
/** Whether `list` was called with only a kind. Listing a user's module needs a thread. */
const isPlainList = first === "list" && others.every((word) => /^(--json|[a-z]+)$/.test(word));

if (first === "--version" || first === "-V") console.log(version);
else if (
  first === undefined ||
  ["--help", "-h", "help"].includes(first) ||
  others.join() === "--help" ||
  isPlainList
)
  await import("./program.js");
else {
  const { supervise } = await import("./supervisor.js");
  supervise(new URL("./program.js", import.meta.url));
}
