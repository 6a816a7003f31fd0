// Writes the failures of a campaign to disk: each as soon as it is found. The minimized trace replaces it
// later.

import { rmSync } from "node:fs";
import type { SettingDescription } from "../catalogue/index.js";
import {
  type DistinctFailure,
  type Failure,
  type FuzzOptions,
  type FuzzResult,
  minimizedFailure,
} from "../fuzz/index.js";
import type { Parts } from "../identity/identity.js";
import type { MinimizeOptions } from "../minimize/index.js";
import type { Setting } from "../model/setting.js";
import { visibleText } from "../model/visible-text.js";
import { violatedText } from "../render/run-length.js";
import type { FailureTrace } from "../report/fuzz.js";
import { type Trace, traceOf, writeTrace, writeTraceNow } from "../trace/index.js";
import { orSayLater, orSayLaterNow } from "./unwritten.js";

/** The campaign that finds the failures. */
interface Origin {
  readonly setting: Setting;
  readonly description: SettingDescription;
  readonly options: FuzzOptions;
  /** Where traces are written. */
  readonly directory: string;
  readonly parts: Parts;
}

/** The failures of one campaign, by path. */
export class KeptFailures {
  readonly #origin: Origin;
  /** Null: the file could not be written. */
  readonly #files = new Map<string, FailureTrace | null>();

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  get isEmpty(): boolean {
    return this.#files.size === 0;
  }

  /** A failure of a campaign that goes on: kept unless there are as many as `--failures` says, since many failures are alike. */
  keepFirst(failure: Failure): void {
    if (this.#files.size < (this.#origin.options.maxFailures ?? 1)) this.keep(failure);
  }

  /** Writes the trace and prints how to repeat it, unless that was done before. */
  keep(failure: Failure): void {
    const { setting, description, options, directory, parts } = this.#origin;
    if (this.#files.has(failure.path)) return;
    const { counterexample, path } = failure;
    const { protocol } = description;
    const seed = options.seed!;
    const origin = `fuzz, strategy ${failure.strategy}, seed ${seed}, path ${path}, as it was found`;
    const trace = traceOf(setting, counterexample, { protocol, origin, minimal: false, parts });
    const actions = counterexample.actions.length;
    const length = violatedText(actions, counterexample.loop?.length);
    let file: string | null = null;
    orSayLaterNow(() => {
      file = writeTraceNow(directory, trace);
    });
    this.#files.set(path, file === null ? null : { file, actions, minimal: false });
    const where = file === null ? "" : ` Written to ${file}.`;
    const again = `The same options with --seed ${seed} --path '${path}' repeat it.`;
    process.stderr.write(visibleText(`Found: ${counterexample.property} is ${length}.${where} ${again}\n`));
  }

  /** The trace of a failure as it was found. */
  traceOf({ path }: Pick<Failure, "path">): FailureTrace | null {
    return this.#files.get(path) ?? null;
  }

  /** Minimizes a failure. The minimized trace replaces the one that was found. */
  async minimize(
    failure: DistinctFailure,
    { strategy, seed }: FuzzResult,
    options: MinimizeOptions,
  ): Promise<FailureTrace | null> {
    const trace = await minimizedFailure({ ...this.#origin, strategy, seed }, failure, options);
    return this.replace(failure, trace);
  }

  /** Writes the minimized trace of a failure in place of the one that was found. */
  async replace(failure: DistinctFailure, trace: Trace): Promise<FailureTrace | null> {
    const file = await orSayLater(() => writeTrace(this.#origin.directory, trace));
    if (file === null) return this.traceOf(failure);
    this.#drop(failure, file);
    return { file, actions: trace.actions.length, minimal: trace.minimal === true };
  }

  #drop(failure: Failure, better: string): void {
    const file = this.traceOf(failure)?.file;
    if (file !== undefined && file !== better) rmSync(file, { force: true });
  }
}
