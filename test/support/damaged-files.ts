// A test that damaged files of every kind are read or refused, and nothing else: the short form of `npm run bench:damaged`.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { damaged, readers, reading } from "../../bench/damaging.js";
import { UserError } from "../../src/model/errors.js";
import { directoryWith, root, turncoat } from "../cli/support.js";

/** The test, of so many files of each kind. */
export function damagedFilesAreRefused(files: number): void {
  test(`${files} damaged files of each kind are read or refused`, async (t) => {
    const directory = await directoryWith(t);
    await turncoat(
      directory,
      ...["fuzz", "pbft/quorum-2f", "--adversary", "equivocating-primary", "--views", "0", "--runs", "20"],
      ...["--seed", "1", "--report", "c.json", "--corpus", "k.json", "--no-minimize"],
    );
    const samples: { readonly [kind: string]: string } = {
      trace: await readFile(join(root, "corpus/pbft-quorum-2f.json"), "utf8"),
      campaign: await readFile(join(directory, "c.json"), "utf8"),
      corpus: await readFile(join(directory, "k.json"), "utf8"),
      config: JSON.stringify({ suites: [{ name: "mine", requests: [{ protocol: "pbft", views: 0 }] }] }),
    };
    for (const kind of Object.keys(readers)) {
      const own = join(directory, kind);
      await mkdir(own);
      t.is((await reading(kind, samples[kind]!, own)).outcome, "read", kind);
      let refused = 0;
      for (let seed = 0; seed < files; seed++) {
        const { outcome, error } = await reading(kind, damaged(samples[kind]!, seed), own);
        t.not(outcome, "crashed", `${kind}, seed ${seed}: ${error instanceof Error ? error.stack : error}`);
        if (error instanceof UserError) refused++;
      }
      t.true(refused > files / 2, `${kind}: ${refused}`);
    }
  });
}
