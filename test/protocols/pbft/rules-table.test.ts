// docs/rules.md: for every rule there is something that shows what it is good for, or that it does no harm to leave it out.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { pbftMutants, pbftRules, pbftTimedMutants, pbftVariants } from "../../../src/protocols/pbft/index.js";
import { root } from "../../cli/support.js";

const changed = [...pbftMutants, ...pbftTimedMutants, ...pbftVariants];

test("every rule is changed by a mutant or by a variant", (t) => {
  t.deepEqual(
    Object.keys(pbftRules).filter((rule) => !changed.some(({ changes }) => changes.includes(rule))),
    [],
  );
});

test("a mutant changes one rule, and no rule that there is not", (t) => {
  for (const { name, changes } of changed) {
    t.is(changes.length, 1, name);
    t.true(changes[0]! in pbftRules, name);
  }
});

test("docs/rules.md has a row for each of them", (t) => {
  const rows = [
    ...readFileSync(join(root, "docs/rules.md"), "utf8").matchAll(/^\| `(\w+)` \|.*?\| `(\S+)`:/gm),
  ];
  t.deepEqual(
    rows.map(([, rule, name]) => `${rule} ${name}`).sort(),
    changed.map(({ name, changes }) => `${changes[0]} ${name}`).sort(),
  );
});
