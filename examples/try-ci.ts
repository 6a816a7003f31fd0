// Tries the CI files in examples/ci as far as one machine can: the workflow is held against GitHub's schemas, and the commands of every job
// are run, shard by shard, in a project that `turncoat init` has written. Actions (checkout, caches, artifacts) are not run.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Runs a program in a directory; it must end with 0 if it has to pass, and with 1 if not. */
export type Must = (
  expected: "pass" | "fail",
  directory: string,
  program: string,
  ...args: readonly string[]
) => Promise<string>;

interface Step {
  readonly run?: string;
}

interface Workflow {
  readonly jobs: { readonly [name: string]: { readonly steps: readonly Step[] } };
}

interface Job {
  readonly script?: readonly string[];
  readonly parallel?: number;
  readonly artifacts?: { readonly reports: { readonly junit: string } };
}

/** `tools`: an empty directory for the tools that read these files; `project`: where the commands are run. */
export async function tryCi(tools: string, project: string, must: Must): Promise<void> {
  const pinned = ["@action-validator/cli@0.6.0", "@action-validator/core@0.6.0", "yaml@2.8.1"];
  await must("pass", tools, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", ...pinned);
  const { parse } = createRequire(join(tools, "package.json"))("yaml") as { parse(text: string): unknown };
  await tryGithub(tools, project, must, parse);
  await tryGitlab(project, must, parse);
}

async function tryGithub(tools: string, project: string, must: Must, parse: (text: string) => unknown) {
  const file = join(project, ".github/workflows/turncoat.yml");
  const text = readFileSync(file, "utf8");
  await must("pass", tools, "npx", "action-validator", file);
  const damaged = join(tools, "damaged.yml");
  writeFileSync(damaged, text.replaceAll("runs-on", "runs-in"));
  await must("fail", tools, "npx", "action-validator", damaged); // or it would accept anything
  const { jobs } = parse(text) as Workflow;
  for (const shard of ["1", "2"]) {
    for (const { run } of jobs.check!.steps) {
      if (run === undefined || run === "npm ci") continue;
      const command = run.replaceAll(/\$\{\{ *matrix\.shard *\}\}/g, shard);
      await must("pass", project, "sh", "-ec", `GITHUB_STEP_SUMMARY=summary-${shard}.md; ${command}`);
    }
    const summary = readFileSync(join(project, `summary-${shard}.md`), "utf8");
    if (!summary.includes("1 of 1 runs as expected"))
      throw new Error(`no summary of shard ${shard}: ${summary}`);
  }
  for (const { run } of jobs.test!.steps)
    if (run !== undefined && run !== "npm ci") await must("pass", project, "sh", "-ec", run);
}

async function tryGitlab(project: string, must: Must, parse: (text: string) => unknown) {
  const text = readFileSync(new URL("../../examples/ci/gitlab.yml", import.meta.url), "utf8");
  const { turncoat, test } = parse(text) as { readonly [name: string]: Job };
  const { script = [], parallel = 1, artifacts } = turncoat!;
  for (let node = 1; node <= parallel; node++) {
    const place = join(project, artifacts!.reports.junit);
    mkdirSync(join(project, "reports"), { recursive: true });
    const variables = `CI_NODE_INDEX=${node}; CI_NODE_TOTAL=${parallel}`;
    const told = await must("pass", project, "sh", "-ec", [variables, ...script].join("\n"));
    if (!existsSync(place)) throw new Error(`no ${place}`);
    if (!told.includes("(1 cached)"))
      throw new Error(`nothing came from the cache of the job before: ${told}`);
  }
  for (const command of test!.script ?? []) await must("pass", project, "sh", "-ec", command);
}
