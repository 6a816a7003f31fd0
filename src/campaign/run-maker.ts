// Makes the searches of a suite in threads, one run a thread. A search saves itself into a file from time to time, and the file is
// kept in the server. So a worker that is lost costs what it has searched since: the next one goes on from there, and ends with the
// counts of a search that nobody has disturbed.

import { rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../explore/progress.js";
import type { SearchResult } from "../explore/search-result.js";
import { ownDirectory } from "../files/own-directory.js";
import { isFault, UserError } from "../model/errors.js";
import type { Json } from "../protocol/index.js";
import { settingName } from "../render/setting.js";
import { type RunTask, runThread } from "../suite/side-by-side.js";
import { OneThread, ThreadEnded } from "../threads/one.js";
import { portableError } from "../threads/portable-error.js";
import { type CheckPlan, type CheckPlanRun, runsOf } from "./check-plan.js";
import type { Job } from "./jobs.js";
import { type Bench, type JobMaker, nothingDone, type WorkerCounts } from "./maker.js";
import { deflated, encodeRun, inflated, isUnexpected, type MadeSearch } from "./run-bytes.js";
import { goneText } from "./store.js";

type RunThread = OneThread<RunTask, SearchResult, Progress>;

/** A run under way. */
interface UnderWay {
  readonly run: number;
  readonly file: string;
  readonly thread: RunThread;
  states: number;
}

const defaultSaveEverySeconds = 60;

/** How often is looked whether a search has saved itself, in milliseconds. */
const lookEveryMs = 500;

/** A saved search that is larger is not kept in the server: half of what a server takes as one value. */
const maxSavedBytes = 1 << 28;

/** See the file comment. */
export class RunMaker implements JobMaker {
  readonly #runs: readonly CheckPlanRun[];
  readonly #bench: Bench;
  readonly #everySeconds: number;
  readonly #directory = ownDirectory("campaign");
  readonly #underWay = new Set<UnderWay>();
  /** Threads that have nothing to do: starting one costs more than a small search. */
  readonly #idle: RunThread[] = [];
  readonly #counts = { ...nothingDone };
  #isDraining = false;
  #begun = 0;

  constructor(plan: CheckPlan, bench: Bench, everySeconds = defaultSaveEverySeconds) {
    this.#runs = runsOf(plan);
    this.#bench = bench;
    this.#everySeconds = everySeconds;
  }

  async do(job: Job, giveBack: () => Promise<never>): Promise<void> {
    if (job.kind !== "run") return;
    const { store, id } = this.#bench;
    if (this.#isDraining) return giveBack();
    if (!(await store.needs(0, job.run, false))) return;
    const made = await this.#outcome(job.run);
    if (made === "not made") return giveBack();
    if (made === null) return;
    const bytes = await deflated(encodeRun(made));
    const events = "result" in made ? made.result.states : 0;
    const verdict = "result" in made ? made.result.verdict : "fault";
    const total = this.#runs.length;
    const isTold = isUnexpected(this.#runs[job.run]!.expect, made);
    const unexpected = isTold ? { run: job.run, verdict, by: id } : null;
    const result = { bytes, runs: 1, events, by: id, total, unexpected };
    const kept = await this.#bench.insist(() => store.keep(0, job.run, result));
    if (kept === "gone") throw new Error(goneText);
    if (kept === "again") {
      this.#counts.again++;
      return;
    }
    this.#counts.blocks++;
    this.#counts.runs++;
  }

  dropAbove(): void {} // a violation ends no other run

  async dropAll(): Promise<void> {
    const threads = [...this.#idle, ...[...this.#underWay].map(({ thread }) => thread)];
    await Promise.all(threads.map((thread) => thread.end()));
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Searches take hours: they are saved, and others go on with them. */
  drain(): void {
    this.#isDraining = true;
    for (const { thread } of this.#underWay) thread.interrupt();
  }

  doing(): readonly string[] {
    return [...this.#underWay].map(
      ({ run, states }) => `${settingName(this.#runs[run]!.description)} (${states} states)`,
    );
  }

  counts(): WorkerCounts {
    return { ...this.#counts, runsUnderWay: this.#underWay.size };
  }

  /**
   * The run's result, or the fault of the user's code in it; "not made" if it was interrupted, or the worker is about to end; null if
   * nobody needs it.
   */
  async #outcome(run: number): Promise<MadeSearch | "not made" | null> {
    const { description, identity } = this.#runs[run]!;
    await this.#bench.refuseChangedCode(description.protocol, identity);
    // A name of its own: after a loss of connection this worker may be given a search that it is still making.
    const file = join(this.#directory, `${run}-${this.#begun++}.checkpoint`);
    const isResumed = await this.#fetch(run, file);
    if (this.#bench.hasEnded() || this.#isDraining) return "not made"; // both may have come about since the job was taken
    const thread = this.#freeThread();
    const underWay = { run, file, thread, states: 0 };
    this.#underWay.add(underWay);
    const watch = this.#watch(underWay);
    const startedAt = performance.now();
    try {
      const result = await thread.do(this.#taskOf(run, file, isResumed), ({ states }) => {
        underWay.states = states;
      });
      await watch.end(result.interrupted);
      if (result.interrupted) {
        await thread.end(); // it would interrupt the next one, too
        return "not made";
      }
      if (isResumed) this.#counts.resumed++;
      return { result: { ...result, unsaved: null } }; // nobody has asked for a file
    } catch (error) {
      if (isFault(error)) return { error: portableError(error) };
      if (isResumed && error instanceof UserError && error.code === "bad-file")
        await this.#forget(run, error);
      if (!(error instanceof ThreadEnded)) throw error; // BullMQ tries again
      if (await this.#bench.store.needs(0, run, false)) throw error;
      return null;
    } finally {
      await watch.end(false);
      this.#counts.blockSeconds += (performance.now() - startedAt) / 1000;
      this.#underWay.delete(underWay);
      rmSync(file, { force: true });
      if (!thread.hasEnded) this.#idle.push(thread);
    }
  }

  /** One that has nothing to do; one that has ended meanwhile, for want of memory perhaps, is left. */
  #freeThread(): RunThread {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) if (!idle.hasEnded) return idle;
    return new OneThread(runThread, undefined);
  }

  #taskOf(run: number, file: string, resume: boolean): RunTask {
    const { description, identity, options } = this.#runs[run]!;
    const setting = description as unknown as Json;
    const checkpoint = { file, setting, identity, everySeconds: this.#everySeconds };
    return {
      tracing: { setting: description, parts: identity.parts, directory: this.#directory },
      options: { ...options, checkpoint, resume },
    };
  }

  /** Writes what the server has of a run into the file; false if it has nothing. */
  async #fetch(run: number, file: string): Promise<boolean> {
    const saved = await this.#bench.store.saved(run);
    if (saved === null || this.#bench.hasEnded()) return false;
    writeFileSync(file, await inflated(saved));
    return true;
  }

  async #forget(run: number, { message }: UserError): Promise<void> {
    await this.#bench.store.forget(run);
    this.#bench.trouble(settingName(this.#runs[run]!.description), message);
  }

  /** Keeps what a search has saved in the server, from time to time. */
  #watch({ run, file }: UnderWay): { readonly end: (withLast: boolean) => Promise<void> } {
    let kept = stampOf(file);
    let keeping = Promise.resolve();
    const look = () => {
      const stamp = stampOf(file);
      if (stamp === kept || stamp === null) return;
      kept = stamp;
      keeping = keeping.then(() => this.#save(run, file));
    };
    const timer = setInterval(look, lookEveryMs);
    return {
      end: async (withLast) => {
        clearInterval(timer);
        if (withLast) look();
        await keeping;
      },
    };
  }

  /** A failure to save costs time if this worker is lost, and nothing else. */
  async #save(run: number, file: string): Promise<void> {
    const name = `Saving ${settingName(this.#runs[run]!.description)}`;
    try {
      const bytes = await deflated(await readFile(file));
      if (bytes.length > maxSavedBytes)
        this.#bench.trouble(name, `it has ${bytes.length} bytes, too many to be kept in the server`);
      else if (await this.#bench.store.save(run, bytes)) this.#counts.saved++;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT") this.#bench.trouble(name, message);
    }
  }
}

/** Which version of a file is there; null: none. */
function stampOf(file: string): string | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.mtimeMs} ${stats.size}` : null;
}
