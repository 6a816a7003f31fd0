// The walk in docs/writing-a-protocol.md, walked: its code is put together as it says, its commands are run, and every line that it
// shows is printed (times aside). What comes out in the end is the protocol of examples/ava.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { directoryWith, root, turncoat } from "../cli/support.js";

const guide = readFileSync(join(root, "docs/writing-a-protocol.md"), "utf8");
const walk = guide.slice(0, guide.indexOf("## What else there is"));
const rule = /^const votesNeeded = .*$/m;

/** The blocks of the walk in their order: code to append, a rule to replace, or a command with what it prints. */
const blocks = [...walk.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}));

const withoutTimes = (text: string) => text.replaceAll(/ *\d+\.\d+ s/g, " TIME");

test("the walk can be walked", async (t) => {
  let directory = await directoryWith(t);
  let [module, commands] = ["", 0];
  for (const { language, text } of blocks) {
    if (language === "ts") {
      module = rule.test(module) && rule.test(text) ? module.replace(rule, text.trim()) : module + text;
      // Elsewhere each time, so that the process that runs the commands need not be replaced.
      directory = await directoryWith(t, { "vote.ts": module });
      continue;
    }
    const [, command] = /^\$ npx turncoat (.*)\n/.exec(text) ?? [];
    if (command === undefined) continue;
    commands++;
    const { code, stdout } = await turncoat(directory, ...command.split(" "));
    t.is(code, command.startsWith("check") && text.includes("violated") ? 1 : 0, command);
    const printed = withoutTimes(stdout).split("\n");
    const promised = withoutTimes(text).trimEnd().split("\n").slice(1);
    for (const line of promised.filter((one) => one !== "..."))
      t.true(printed.includes(line), `${command}: ${line}`);
  }
  t.is(commands, 6);
  t.is(module, readFileSync(join(root, "examples/ava/vote.ts"), "utf8"));
});

test("the links of the walk lead somewhere", (t) => {
  const targets = [...guide.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => target!);
  t.true(targets.length > 3);
  for (const target of targets) t.true(existsSync(join(root, "docs", target)), target);
});
