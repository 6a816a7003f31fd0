// Where a campaign keeps its evaluated steps: one file for each setting, in the directory of `--cache`.

import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { isPath, moduleFile, type SettingDescription } from "../catalogue/index.js";
import { makeDirectories, reasonOf } from "../files/atomic.js";
import { fileName } from "../files/names.js";
import { type StepPlace, settingKey, stepFileProblem } from "../fuzz/index.js";
import { type Identity, isKnown } from "../identity/identity.js";
import { UserError } from "../model/errors.js";

/**
 * The place for a setting; null: none is kept, which is said. A damaged file is removed.
 *
 * @throws {UserError} `bad-file` if there can be no such directory.
 */
export async function stepPlace(
  directory: string,
  description: SettingDescription,
  identity: Identity,
): Promise<StepPlace | null> {
  const { isRealFile } = await import("../real/load.js");
  const why = !isKnown(identity)
    ? "what its module imports cannot be found out"
    : isPath(description.protocol) && isRealFile(moduleFile(description.protocol))
      ? "classes are evaluated from two histories in every campaign"
      : null;
  if (why !== null) {
    console.error(`turncoat: no evaluated steps of ${description.protocol} are kept: ${why}.`);
    return null;
  }
  try {
    makeDirectories(directory);
  } catch (error) {
    throw new UserError("bad-file", `${directory} cannot be a cache of evaluated steps: ${reasonOf(error)}.`);
  }
  const digest = (text: string) => createHash("sha256").update(text).digest("hex");
  const name = `${fileName(description.protocol)}-${digest(settingKey(description)).slice(0, 16)}.steps`;
  const place = {
    file: join(directory, name),
    identity: digest(JSON.stringify([identity.digest, process.version])),
  };
  const problem = stepFileProblem(place);
  if (problem !== null) {
    console.error(`turncoat: ${problem}; so it is made anew.`);
    rmSync(place.file);
  }
  return place;
}
