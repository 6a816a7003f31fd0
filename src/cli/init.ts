// `turncoat init`: writes the first version of a file, to be looked at.

import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Command } from "commander";
import { writeAtomically } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import { classIn, firstVersion } from "../real/first-version.js";

export function addInit(program: Command): void {
  program
    .command("init")
    .description("write a first version of the file that describes a class of yours (see docs/real-code.md)")
    .requiredOption("--real <file>", "the module of the class, as in ./src/replica.ts")
    .addHelpText(
      "after",
      "\nExample:\n  turncoat init --real ./src/replica.ts    writes ./src/replica.real.ts",
    )
    .action(({ real }: { readonly real: string }) => {
      init(real);
    });
}

function init(file: string): void {
  if (!existsSync(file)) throw new UserError("bad-option", `There is no file ${file}.`);
  const target = file.replace(/\.[cm]?[jt]sx?$/, ".real.ts");
  if (target === file) throw new UserError("bad-option", `${file} is no TypeScript or JavaScript file.`);
  if (existsSync(target))
    throw new UserError("bad-option", `${target} is there already: remove it first, or edit it.`);
  const shape = classIn(readFileSync(file, "utf8"));
  if (!shape)
    throw new UserError(
      "bad-option",
      `There is no class in ${file}: name the module that exports the replica's class.`,
    );
  writeAtomically(target, firstVersion(shape, file));
  console.log(`${relative(".", target)} describes the class ${shape.name}: look at each TODO in it, then`);
  console.log(`  turncoat check ./${relative(".", target)}`);
}
