// Starts a command. It runs in a thread (program.ts), while this one hears signals and watches it: see supervisor.ts. What is answered
// at once needs no thread, for none of the user's code is called.

import { version } from "../version.js";

const [first, ...others] = process.argv.slice(2);
/** Nothing but a kind: a module of the user's is listed in a thread. */
const isPlainList = first === "list" && others.every((word) => /^(--json|[a-z]+)$/.test(word));

if (first === "--version" || first === "-V") console.log(version);
else if (
  first === undefined ||
  ["--help", "-h", "help"].includes(first) ||
  others[0] === "--help" ||
  isPlainList
)
  await import("./program.js");
else {
  const { supervise } = await import("./supervisor.js");
  supervise(new URL("./program.js", import.meta.url));
}
