// Files that describe classes, written for one test.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import type { SearchOptions, SearchResult } from "../../src/api/search.js";
import { findProtocol, search, settingFrom } from "../../src/index.js";
import type { Json } from "../../src/protocol/index.js";
import { plan } from "../../src/suite/plan.js";
import type { CheckRequest } from "../../src/suite/request.js";

/** The path of a fixture. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../../test/real/fixtures/${name}`, import.meta.url));
}

/** A file `replica.real.ts` with this replica of a class `Replica`; `made` is what the function given to `real` does. */
export async function realFile(
  t: ExecutionContext,
  source: string,
  options: object = {},
  files: { readonly [name: string]: string } = {},
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "turncoat-real-"));
  t.teardown(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const file = join(directory, "replica.real.ts");
  await writeFile(
    file,
    // A signer is named, for it is a function.
    `import { real } from "turncoat/real";\n${source}\nexport default real(make, ${JSON.stringify({ replicas: 2, ...options }).replace('"signer":"signer"', "signer")});\n`,
  );
  return file;
}

/** Checks a file with its own defaults, but for what is asked. */
export async function check(
  file: string,
  request: Omit<Partial<CheckRequest>, "protocol"> = {},
  options: SearchOptions = {},
): Promise<SearchResult> {
  const { setting, reduction } = await planned(file, request);
  return search(setting, { reduction: reduction ?? "none", ...options });
}

/** The only run that is asked for, as its setting. */
export async function planned(file: string, request: Omit<Partial<CheckRequest>, "protocol"> = {}) {
  const [run, ...others] = plan(await findProtocol(file), { protocol: file, ...request });
  if (others.length > 0) throw new Error("more than one run");
  return { setting: await settingFrom(run!.description), reduction: run!.reduction };
}

/** The first of two replicas: its state after its start, and the state after a message from the other. */
export async function firstReplica(file: string) {
  const { protocol } = await findProtocol(file);
  const config = { replicas: 2, faults: 0, requests: 1, slots: 1, clients: false };
  const { behaviour } = protocol.nodes(config)[0]!;
  const context = { self: "r0", config };
  const { state: start } = behaviour.init(context, { kind: "start" })[0]!;
  const hear = (state: typeof start, message: Json) =>
    behaviour.step(context, state, { kind: "message", from: "r1", message })[0]!.state;
  return { start, hear };
}

/** A result in a few words. */
export function verdictOf({ verdict, counterexample, states, depth }: SearchResult) {
  return { verdict, actions: counterexample?.actions.length ?? null, states, depth };
}
