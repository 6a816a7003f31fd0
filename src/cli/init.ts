// `turncoat init`: writes a starter project, or a first version of the file that describes a class.

import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { type Command, Option } from "commander";
import { writeAtomically } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import { classIn } from "../real/class-shape.js";
import { firstVersion } from "../real/first-version.js";
import { choice } from "./options.js";
import { type CiKind, ciKinds, writeStarter } from "./starter.js";

interface InitOptions {
  readonly real?: string;
  readonly ci?: CiKind;
}

export function addInit(command: Command): void {
  command
    .argument("[directory]", "where to write them (default: the working directory)")
    .option("--real <file>", "the module of the class, as in ./src/replica.ts (see docs/real-code.md)")
    .addOption(choice(new Option("--ci <name>", "whose CI file to write (default: github)"), ciKinds))
    .addHelpText(
      "after",
      "\nExamples:\n  turncoat init my-protocol                a project that works as it is\n" +
        "  turncoat init --real ./src/replica.ts    writes ./src/replica.real.ts",
    )
    .action((directory: string | undefined, { real, ci }: InitOptions) => {
      if (real === undefined) {
        console.log(writeStarter(directory ?? ".", ci ?? "github").join("\n"));
        return;
      }
      if (directory !== undefined || ci !== undefined)
        throw new UserError(
          "bad-option",
          `--real writes one file beside the class: leave out ${directory ?? "--ci"}.`,
        );
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
