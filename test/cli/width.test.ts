// Nothing that is printed for people is wider than 80 columns, but for what cannot be broken: commands to copy, and paths.

import { join } from "node:path";
import test from "ava";
import { warm } from "../support/warm-commands.js";
import { directoryWith, root } from "./support.js";

for (const args of [
  ["list"],
  ["check", "pbft/view-change-forgets"],
  ["fuzz", "pbft/quorum-2f", "--seed", "1", "--runs", "20"],
  ["replay", join(root, "corpus/pbft-quorum-2f.json")],
  ["simulate", "--seed", "1"],
])
  test(`${args[0]} fits into 80 columns`, async (t) => {
    const directory = await directoryWith(t);
    const { stdout } = await warm(directory, args, 80);
    const isWhole = (line: string) => /^ *turncoat [a-z]+ \S.*$|^ *\S+$/.test(line);
    const wide = stdout.split("\n").filter((line) => line.length > 80 && !isWhole(line));
    t.deepEqual(wide, []);
    t.true(stdout.split("\n").length > 8);
  });
