// A file of evaluated steps: a campaign begins where an earlier one of the same setting and the same code has left off evaluating. It
// changes nothing but the time: steps are functions. A file of other code, or a damaged one, is not used, and is replaced.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeAtomically } from "../files/atomic.js";
import { savedTables, takeOver } from "../model/saved-tables.js";
import type { TransitionSystem } from "../model/system.js";

/** Where evaluated steps are kept, and what they depend on. Plain data. */
export interface StepPlace {
  readonly file: string;
  /** A digest of the setting, its code, packages, Turncoat and Node. */
  readonly identity: string;
}

/** A file with more steps than this is not written: it would take longer to read than to evaluate what is wanted of it. */
const maxSteps = 200_000;

/** It is written when there are so many times as many steps as it has. */
const growth = 1.25;

const [format, version] = ["turncoat-steps", 1] as const;

/** The evaluated steps of one setting. */
export class StepFile {
  readonly #place: StepPlace;
  /** How many steps it has. */
  #steps = 0;
  #isRefused = false;

  constructor(place: StepPlace) {
    this.#place = place;
  }

  /** Gives a new system what the file knows. */
  load(system: TransitionSystem): void {
    const body = bodyOf(this.#place);
    if (body === null) return;
    takeOver(system.stepTables(), body);
    this.#steps = system.stepCalls;
  }

  /** Writes what a system knows, if that is worth it. Where it cannot be written nothing is lost: that is said once. */
  keep(system: TransitionSystem): void {
    const { stepCalls } = system;
    if (this.#isRefused || stepCalls > maxSteps || stepCalls < growth * this.#steps) return;
    const body = savedTables(system.stepTables());
    const { identity } = this.#place;
    const head = JSON.stringify({ format, version, identity, checksum: checksumOf(body) });
    try {
      writeAtomically(this.#place.file, `${head}\n${body}\n`);
      this.#steps = stepCalls;
    } catch (error) {
      this.#isRefused = true;
      console.error(
        `turncoat: ${(error as Error).message.replace(/\.?$/, ".")} Evaluated steps are not kept.`,
      );
    }
  }
}

/** What is wrong with a file of evaluated steps, in words; null: nothing, or it is of other code, or there is none. */
export function stepFileProblem({ file, identity }: StepPlace): string | null {
  if (!existsSync(file)) return null;
  const [head, body] = partsOf(file);
  if (head === null) return `${file} is no file of evaluated steps`;
  if (head.identity !== identity || bodyOf({ file, identity }) !== null) return null;
  return body === "" ? `${file} is not whole` : `${file} is damaged`;
}

interface Head {
  readonly format: string;
  readonly version: number;
  readonly identity: string;
  readonly checksum: string;
}

/** The tables in the file, if they are of this code and undamaged. */
function bodyOf({ file, identity }: StepPlace): string | null {
  if (!existsSync(file)) return null;
  const [head, body] = partsOf(file);
  return head?.identity === identity && head.checksum === checksumOf(body) ? body : null;
}

function partsOf(file: string): readonly [Head | null, string] {
  const text = readFileSync(file, "utf8");
  const end = text.indexOf("\n");
  try {
    const head = JSON.parse(text.slice(0, end)) as Head;
    return [head.format === format && head.version === version ? head : null, text.slice(end + 1, -1)];
  } catch {
    return [null, ""];
  }
}

function checksumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
