// When `npm run build` makes the bundle, and when it leaves it as it is.

import { utimesSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { isMade } from "../../src/packaging/made.js";
import { directoryWith } from "../cli/support.js";

const inputs = [
  "build/tsconfig.tsbuildinfo",
  "package.json",
  "package-lock.json",
  "node_modules/.package-lock.json",
];

test("the bundle is made again when something was compiled or installed, and when it is not complete", async (t) => {
  const project = await directoryWith(t);
  const write = async (file: string, seconds: number) => {
    await mkdir(join(project, file, ".."), { recursive: true });
    await writeFile(join(project, file), "");
    utimesSync(join(project, file), seconds, seconds);
  };
  for (const file of inputs) await write(file, 1000);
  t.false(isMade(project), "there is none");
  await write("build/bundle/start.js", 1001);
  t.false(isMade(project), "its last file was not written");
  await write("build/bundle/LICENSES.txt", 1001);
  t.true(isMade(project));
  for (const file of inputs) {
    await write(file, 1002);
    t.false(isMade(project), file);
    await write(file, 1000);
  }
  t.true(isMade(project));
  await rm(join(project, "node_modules"), { recursive: true });
  t.true(isMade(project), "packages may be installed elsewhere");
});
