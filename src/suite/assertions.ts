// Assertions for test runners (ava, vitest, node:test, and any other in which a test fails when its promise
// is rejected): a protocol holds within bounds, or is violated. What fails says the counterexample in
// words, and points to the line of the test.

import { AssertionError } from "node:assert";
import { type Entry, findProtocol, moduleEntry, settingIn } from "../catalogue/index.js";
import { type SearchOptions, search } from "../explore/search.js";
import type { SearchResult } from "../explore/search-result.js";
import { identityOf, type Parts, partsOf } from "../identity/identity.js";
import type { Counterexample } from "../model/action.js";
import { UserError } from "../model/errors.js";
import { withOption } from "../parameters/parameter.js";
import { parameters } from "../parameters/search.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import type { Property, Protocol } from "../protocol/index.js";
import { renderReplay } from "../render/render.js";
import { settingCaption, settingName } from "../render/setting.js";
import { replayIn, traceOf, tracingFaults, writeTrace } from "../trace/index.js";
import { type PlannedRun, plan } from "./plan.js";
import type { CheckRequest } from "./request.js";
import { VerdictCache } from "./verdict-cache.js";

/** What an assertion checks, as in a suite, and how. */
export interface AssertOptions
  extends Omit<CheckRequest, "protocol" | "expect" | "properties">,
    Pick<SearchOptions, "maxStates" | "maxSeconds" | "maxMemoryBytes" | "maxDepth" | "signal"> {
  /**
   * What is checked: names, or properties themselves. Default: those that the protocol is checked for where nobody names any.
   */
  readonly properties?: readonly (string | Property)[];
  /** Where the trace of a counterexample is written. Default: `./traces`. Null: nowhere. */
  readonly traces?: string | null;
  /**
   * Where finished verdicts are kept, as by `check --cache`; for a protocol that is named. Default:
   * nowhere.
   */
  readonly cache?: string;
}

/** What {@link assertViolated} looks for besides. */
export interface ViolationOptions extends AssertOptions {
  /** How many actions the counterexample has to have. Default: any number. */
  readonly actions?: number;
}

/** A protocol: its name or path, the URL of its module, or the protocol itself. */
// biome-ignore lint/suspicious/noExplicitAny: a protocol of whatever messages and requests
export type AssertedProtocol = string | URL | Protocol<any, any>;

/**
 * Checks every run that the options ask for, as `turncoat check` does, and is rejected if a property does not hold in one of them:
 * violated, inconclusive (a limit was reached) or vacuous (never put to the test). A property that has not observed anything is told of on the
 * console; all caveats are in the results.
 *
 * ```ts
 * test("it holds against every lie", () => assertHolds("pbft", { adversaries: ["silent"], byzantine: ["r3"], views: 0, properties: ["agreement"] }));
 * ```
 * @returns the results, one for each run.
 * @throws {AssertionError} with the counterexample step by step, and the file of its trace.
 * @throws {UserError} if the options make no sense, or the protocol itself fails.
 */
export function assertHolds(
  protocol: AssertedProtocol,
  options: AssertOptions = {},
): Promise<readonly SearchResult[]> {
  return at(assertHolds, async (fail) => {
    const { entry, runs, check, parts } = await prepared(protocol, options);
    const results: SearchResult[] = [];
    for (const run of runs) {
      const result = await check(run);
      results.push(result);
      if (result.verdict === "holds") {
        for (const { text, isLikelyMistake } of result.caveats)
          if (isLikelyMistake) console.warn(`turncoat: ${runName(run)}: ${text}.`);
        continue;
      }
      fail(await told(entry, run, result, options, parts), result.verdict, "holds");
    }
    return results;
  });
}

/**
 * Checks the runs that the options ask for until one violates a property, and is rejected if none does.
 *
 * ```ts
 * test("quorums of 2f are too small", () => assertViolated("pbft/quorum-2f", { properties: ["agreement"], actions: 4 }));
 * ```
 * @returns the first counterexample.
 * @throws {AssertionError} with the verdict of each run.
 * @throws {UserError} if the options make no sense, or the protocol itself fails.
 */
export function assertViolated(
  protocol: AssertedProtocol,
  options: ViolationOptions = {},
): Promise<Counterexample> {
  return at(assertViolated, async (fail) => {
    const { actions, ...others } = options;
    const { entry, runs, check, parts } = await prepared(protocol, others);
    const verdicts: string[] = [];
    for (const run of runs) {
      const result = await check(run);
      const { counterexample, verdict, reason } = result;
      if (counterexample !== null) {
        const length = counterexample.actions.length;
        if (actions !== undefined && length !== actions)
          fail(
            `${counterexample.property} is violated in ${length} actions, and not in ${actions}.\n${await told(entry, run, result, options, parts)}`,
            length,
            actions,
          );
        return counterexample;
      }
      verdicts.push(`  ${runName(run)}: ${verdict}${reason === null ? "" : ` (${reason})`}`);
    }
    return fail(["Nothing is violated:", ...verdicts].join("\n"), "holds", "violated");
  });
}

type Fail = (message: string, actual: unknown, expected: unknown) => never;

/**
 * Runs an assertion; what it is rejected with has the stack of the test that made it, and nothing of ours.
 */
function at<T>(assertion: (...args: never) => unknown, make: (fail: Fail) => Promise<T>): Promise<T> {
  const here: { readonly stack?: string } = {};
  Error.captureStackTrace(here, assertion);
  const frames = (here.stack ?? "").split("\n").slice(1);
  const placed = (error: Error, own: readonly string[] = []) => {
    const lines = [`${error.name}: ${error.message}`, ...own.map((frame) => `    ${frame}`), ...frames];
    Object.defineProperty(error, "stack", { value: lines.join("\n"), configurable: true, writable: true });
    return error;
  };
  const fail: Fail = (message, actual, expected) => {
    throw placed(new AssertionError({ message, actual, expected, operator: assertion.name }));
  };
  return make(fail).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    const file = error.traceFile;
    if (file !== null) error.message += `\nThe run that leads there is in ${file}: turncoat replay ${file}`;
    throw placed(error, error.frames);
  });
}

/** The runs that are asked for, and how to make one. */
async function prepared(protocol: AssertedProtocol, options: AssertOptions) {
  refuseUnknown(options);
  const { traces = "./traces", cache: directory, signal, properties, ...rest } = options;
  const { maxStates, maxSeconds, maxMemoryBytes, maxDepth, ...asked } = rest;
  const own = ownProperties(options);
  const found = await entryOf(protocol);
  const entry = { ...found, properties: [...own, ...found.properties] };
  const isNamed = typeof protocol === "string" || protocol instanceof URL;
  if (directory !== undefined) refuseUnnamed(isNamed, own);
  const limits = Object.fromEntries(
    Object.entries({ maxStates, maxSeconds, maxMemoryBytes, maxDepth }).filter(
      ([, limit]) => limit !== undefined,
    ),
  );
  const cache = directory === undefined ? null : new VerdictCache(directory, (line) => console.error(line));
  const check = async ({ description, reduction }: PlannedRun): Promise<SearchResult> => {
    const searched = { ...limits, ...(reduction !== null && { reduction }) };
    const make = () => search(settingIn(entry, description), { ...searched, ...(signal && { signal }) });
    const identity = isNamed && own.length === 0 ? await identityOf(description) : null;
    const making = () =>
      identity !== null && traces !== null
        ? tracingFaults({ setting: description, parts: identity.parts, directory: traces }, make)
        : make();
    if (cache === null || identity === null) return making();
    const run = { description, options: searched, identity };
    const found = await cache.find(run);
    if ("result" in found) return found.result;
    const result = await making();
    cache.keep(run, { result, notes: [] });
    return result;
  };
  const parts = isNamed ? await partsOf(entry.name) : undefined;
  const names = properties?.map((property) => (typeof property === "string" ? property : property.name));
  const request = { protocol: entry.name, ...asked, ...(names && { properties: names }) };
  return { entry, runs: plan(entry, request), check, parts };
}

/** What a verdict in a cache depends on has to be named. @throws {UserError} if it is not. */
function refuseUnnamed(isNamed: boolean, own: readonly Property[]): void {
  if (!isNamed)
    throw new UserError(
      "bad-option",
      'A cache needs a protocol that is named, as in "./my-protocol.ts": what it is made of cannot be told otherwise.',
    );
  if (own.length > 0)
    throw new UserError(
      "bad-option",
      `A cache needs properties that are named, and ${own[0]!.name} is not: export it among the \`properties\` of the protocol's module.`,
    );
}

/** What an assertion can be told besides the parameters. */
const ownOptions = [
  "reduce",
  "maxStates",
  "maxSeconds",
  "maxMemoryBytes",
  "maxDepth",
  "signal",
  "traces",
  "cache",
];

/** An option that nobody knows would be ignored, and the assertion would be about something else. */
function refuseUnknown(options: AssertOptions): void {
  const known = [...withOption(parameters).map(([name]) => name), ...ownOptions];
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UserError(
      "bad-option",
      `There is no option "${unknown}" here. ${didYouMean(unknown, known)}There are: ${known.join(", ")}.`,
    );
}

function entryOf(protocol: AssertedProtocol): Promise<Entry> | Entry {
  if (typeof protocol === "string") return findProtocol(protocol);
  if (protocol instanceof URL) return findProtocol(protocol.href);
  return moduleEntry({ default: protocol }, protocol.name);
}

function runName({ description }: PlannedRun): string {
  return `${settingName(description)} (${settingCaption(description)})`;
}

/** The properties that the options do not name but give. */
function ownProperties({ properties = [] }: AssertOptions): readonly Property[] {
  return properties.filter((property) => typeof property !== "string");
}

/** What has to be said of a run that is not as it should be. */
async function told(
  entry: Entry,
  run: PlannedRun,
  { verdict, reason, counterexample }: SearchResult,
  options: AssertOptions,
  parts: Parts | undefined,
): Promise<string> {
  const said = [`${runName(run)}: ${verdict}${reason === null ? "" : `: ${reason}`}`];
  if (counterexample === null) return said.join("\n");
  const setting = settingIn(entry, run.description);
  said.push("", ...renderReplay(replayIn(setting, counterexample.property, counterexample)));
  const { traces = "./traces" } = options;
  if (traces === null) return said.join("\n");
  const { property } = counterexample;
  if (ownProperties(options).some(({ name }) => name === property))
    return [
      ...said,
      "",
      `No trace is written, since nobody else could replay it: ${property} has no name outside this test. Export it among the \`properties\` of the protocol's module and name it here, and there will be one.`,
    ].join("\n");
  const trace = traceOf(setting, counterexample, {
    ...{ protocol: entry.name, origin: "an assertion" },
    ...(parts && { parts }),
  });
  const file = await writeTrace(traces, trace);
  return [...said, "", `The trace is in ${file}; look at it with: turncoat replay ${file}`].join("\n");
}
