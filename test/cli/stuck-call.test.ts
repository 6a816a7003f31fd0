// A thread that is asked what it is calling goes on afterwards, whether its answer is waited for or not.

import { fileURLToPath } from "node:url";
import test from "ava";
import { root, runScript } from "./support.js";

test("a thread goes on when nobody waits for its answer any more, and answers later", async (t) => {
  const script = fileURLToPath(new URL("../support/asked-thread.js", import.meta.url));
  t.deepEqual(await runScript(script, root), { code: 0, stdout: "counting\n", stderr: "" });
});
