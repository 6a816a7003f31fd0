// Suites inside a test runner. Each run of `turncoat.config` has a name and a verdict to compare. For a run
// that fails there is the text that `turncoat check` would print, for the runner's message.

import { findProtocol, type SettingDescription, settingFrom } from "../catalogue/index.js";
import { type SearchOptions, search } from "../explore/search.js";
import type { SearchResult } from "../explore/search-result.js";
import { UserError } from "../model/errors.js";
import { renderReplay } from "../render/render.js";
import { settingCaption, settingName } from "../render/setting.js";
import { replayIn } from "../trace/index.js";
import type { Verdict } from "../verdict/verdict.js";
import { configuredSuites } from "./config.js";
import { plan } from "./plan.js";
import type { CheckRequest, Suite } from "./request.js";

/** The outcome of a run of a suite. */
export interface CheckedRun {
  readonly result: SearchResult;
  /** The verdict and the reason for it, and the counterexample step by step, if there is one. */
  readonly told: string;
}

/** A run of a suite. */
export interface SuiteRun {
  /** Unique among the runs of the same call, since test runners require that. */
  readonly name: string;
  readonly description: SettingDescription;
  /** The expected verdict: by default `holds`; null if any will do. */
  readonly expected: Verdict | null;
  /** Makes the run. Options override what the suite says. */
  check(options?: SearchOptions): Promise<CheckedRun>;
}

/**
 * The runs of the suites in `turncoat.config.{ts,js,json}` of a directory (default: the working directory).
 *
 * ```ts
 * for (const run of await configuredRuns(directory))
 *   test(run.name, async (t) => {
 *     const { result, told } = await run.check();
 *     t.is(result.verdict, run.expected, told);
 *   });
 * ```
 * @throws {UserError} if there is no configuration, or it is not one.
 */
export async function configuredRuns(directory = "."): Promise<readonly SuiteRun[]> {
  const suites = await configuredSuites(directory);
  if (suites === null)
    throw new UserError("bad-file", `There is no turncoat.config.ts, .js or .json in ${directory}.`);
  return suiteRuns(suites);
}

/**
 * The runs of these suites.
 *
 * ```ts
 * const requests = [{ protocol: "pbft/quorum-2f", expect: "violated" }];
 * const [run] = await suiteRuns([{ name: "mine", requests }]);
 * (await run.check()).result.verdict // => "violated"
 * ```
 * @throws {UserError} for names and combinations that make no sense.
 */
export async function suiteRuns(suites: readonly Suite[]): Promise<readonly SuiteRun[]> {
  const taken = new Map<string, number>();
  const runs = await Promise.all(suites.map(({ name, requests }) => runsOf(name, requests)));
  return runs.flat().map((run) => {
    const count = (taken.get(run.name) ?? 0) + 1;
    taken.set(run.name, count);
    return count === 1 ? run : { ...run, name: `${run.name} (${count})` };
  });
}

async function runsOf(suite: string, requests: readonly CheckRequest[]): Promise<SuiteRun[]> {
  const planned = await Promise.all(
    requests.map(async (request) => plan(await findProtocol(request.protocol), request)),
  );
  return planned.flat().map(({ description, expect, reduction }) => ({
    name: `${suite}: ${settingName(description)} (${settingCaption(description)}): ${description.properties.join(", ")}`,
    description,
    expected: expect === "any" ? null : (expect ?? "holds"),
    check: (options = {}) =>
      checkRun(description, { ...(reduction === null ? {} : { reduction }), ...options }),
  }));
}

async function checkRun(description: SettingDescription, options: SearchOptions): Promise<CheckedRun> {
  const setting = await settingFrom(description);
  const result = await search(setting, options);
  const { verdict, reason, counterexample } = result;
  const steps = counterexample
    ? renderReplay(replayIn(setting, counterexample.property, counterexample))
    : [];
  return { result, told: [`${verdict}${reason === null ? "" : `: ${reason}`}`, ...steps].join("\n") };
}
