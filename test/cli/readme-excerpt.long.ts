// What the README shows of `npm start` is what it prints, but for times: the tour is made once more, as an installed package makes it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { findProtocol } from "../../src/catalogue/index.js";
import { builtinSuites } from "../../src/suite/built-in.js";
import { plan } from "../../src/suite/plan.js";
import { directoryWith, root, turncoat } from "./support.js";

const readme = readFileSync(join(root, "README.md"), "utf8");
const excerpt = /^\$ npm start\n(.*?)^```$/ms.exec(readme)![1]!;

/** Times differ from run to run, and so do the widths of their column; the names of traces depend on what is in them. */
function timeless(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line !== "..." && !/^[┌├└]/.test(line))
    .map((line) =>
      line
        .replaceAll(/ *\d+\.\d+ s/g, " T")
        .replaceAll(/ *time/g, " time")
        .replaceAll(/-[0-9a-f]{8}\.json/g, ".json"),
    );
}

test("the README shows what `npm start` prints, line for line", async (t) => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  t.true(scripts.start.endsWith("node build/src/cli/main.js tour"));
  const directory = await directoryWith(t);
  const { code, stdout } = await turncoat(directory, "tour");
  t.is(code, 0);
  const shown = timeless(excerpt);
  const printed = timeless(stdout);
  t.deepEqual(shown, printed.slice(-shown.length));
  t.true(shown.length > 40);
  t.is(readdirSync(join(directory, "traces")).length, 4);
});

test("the README says how many runs the standard suite has", async (t) => {
  const runs = await Promise.all(
    builtinSuites.standard.flatMap(({ requests }) =>
      requests.map(async (request) => plan(await findProtocol(request.protocol), request)),
    ),
  );
  t.true(readme.includes(`in ${runs.flat().length} runs;`));
});

test("the README's picture is what the product draws", async (t) => {
  const { code, stdout } = await turncoat(root, "replay", "corpus/pbft-quorum-2f.json", "--emit", "svg");
  t.is(code, 0);
  t.is(stdout, readFileSync(join(root, "docs/pictures/quorum-2f.svg"), "utf8"));
});
