// Runs the command line as a user does, in a directory of its own: as a process of its own where it matters, otherwise in one that has
// loaded it (see test/support/warm-commands.ts).

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ExecutionContext } from "ava";
import { type Outcome, warm } from "../support/warm-commands.js";

export type { Outcome } from "../support/warm-commands.js";

/** The compiled command line beside these compiled tests, whatever the build directory is called. */
export const main = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));

/** The repository. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Starts `turncoat` in a directory; `done` is its outcome. */
export function start(directory: string, ...args: readonly string[]) {
  return startScript(main, directory, args);
}

/** Runs another script than that of `turncoat`, to its end. */
export function runScript(script: string, directory: string, ...args: readonly string[]): Promise<Outcome> {
  return startScript(script, directory, args).done;
}

function startScript(script: string, directory: string, args: readonly string[]) {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const done = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, done };
}

/** Waits until a stream has said so, or ends. */
export function says(stream: Readable, words: string): Promise<void> {
  let said = "";
  return new Promise((resolve) => {
    stream.on("data", (chunk) => {
      said += chunk;
      if (said.includes(words)) resolve();
    });
    stream.on("close", resolve);
  });
}

/** Runs `turncoat` to its end, in a process of its own. */
export function turncoatProcess(directory: string, ...args: readonly string[]): Promise<Outcome> {
  return start(directory, ...args).done;
}

/** Runs `turncoat` to its end. With TURNCOAT_PROCESSES=1 each is a process of its own. */
export function turncoat(directory: string, ...args: readonly string[]): Promise<Outcome> {
  return process.env.TURNCOAT_PROCESSES ? turncoatProcess(directory, ...args) : warm(directory, args);
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of the document is what the tests are about
export type Document = any;

/** Whether a document is one that the JSON Schema in docs/json-schema knows. */
export const isOfContract = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync(join(root, "docs/json-schema/output.json"), "utf8")),
);

/** The document that `--json` prints; anything else on standard output makes this fail, and what the JSON Schema does not allow. */
export function parse({ stdout }: Outcome): Document {
  const document: unknown = JSON.parse(stdout);
  if (!isOfContract(document))
    throw new Error(`not as in docs/json-schema/output.json: ${problemsOf(document).join("; ")}`);
  return document;
}

/** What is wrong with a document, for the command that it is of. */
function problemsOf(document: unknown): string[] {
  const errors = isOfContract.errors ?? [];
  const branches = new Map<string, string[]>();
  for (const { schemaPath, instancePath, message, params } of errors) {
    const branch = /^#\/anyOf\/\d+/.exec(schemaPath)?.[0] ?? "";
    const told = `${instancePath} ${message} ${JSON.stringify(params)}`;
    branches.set(branch, [...(branches.get(branch) ?? []), told]);
  }
  const { command } = document as { readonly command?: string };
  const own = [...branches.values()].filter((told) => !told.some((one) => one.startsWith("/command ")));
  return own.length > 0 ? own.flat() : [`no such command: ${command}`];
}

/** Runs `turncoat ... --json`: its exit code and its document. */
export async function turncoatJson(directory: string, ...args: readonly string[]) {
  const outcome = await turncoat(directory, ...args, "--json");
  return { code: outcome.code, document: parse(outcome) };
}

/** A directory with these files that goes away after the test. */
export async function directoryWith(
  t: ExecutionContext,
  files: { readonly [name: string]: string } = {},
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "turncoat-cli-"));
  t.teardown(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

/** The input was refused: exit code 2, nothing on standard output, and exactly this on standard error. */
export function refusedWith(t: ExecutionContext, outcome: Outcome, message: string): void {
  t.deepEqual(outcome, { code: 2, stdout: "", stderr: `${message}\n` });
}

/** The same, and then where it was thrown and which run leads there. */
export function faultedWith(t: ExecutionContext, outcome: Outcome, message: string): void {
  const details =
    /^( {4}at .+| {4} *\d+ {2}\w+ .+| {2}The run .+| {2}It happens at once: .+| {2}Found by: .+)$/;
  const lines = outcome.stderr.trimEnd().split("\n");
  const stderr = `${lines.filter((line, index) => index === 0 || !details.test(line)).join("\n")}\n`;
  refusedWith(t, { ...outcome, stderr }, message);
}

/** What can be replaced in {@link moduleOf}: source text. */
interface Parts {
  readonly step?: string;
  readonly init?: string;
  /** Fields of the protocol that replace or add to the ordinary ones. */
  readonly fields?: string;
  /** Statements of the module. */
  readonly statements?: string;
}

/** The source of a user's protocol, sound except for the parts that are given. */
export function moduleOf(parts: Parts): string {
  return `
import * as Schema from "effect/Schema";
import { replicaIds } from "turncoat";

const stay = (state) => [{ state, effects: [], events: [] }];
${parts.statements ?? ""}
const behaviour = {
  state: Schema.Struct({ n: Schema.Number }),
  init: ${parts.init ?? "() => stay({ n: 0 })"},
  step: ${parts.step ?? "(_context, state) => stay(state)"},
  stable: (state) => state,
};
export default {
  name: "mine",
  summary: "a protocol for a test",
  message: Schema.Struct({ tag: Schema.String }),
  nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour })),
  requests: ({ requests }) => ["a", "b"].slice(0, requests),
  digest: (request) => request,
  ${parts.fields ?? ""}
};
`;
}
