// Bounded exhaustive search, breadth first, so that the first violation found is a shortest one: fewest actions in the
// plain search, fewest visible actions under `visible-steps` (and under `dominance`, which looks for it once more).
//
// The visited set is the queue (see visited.ts). The loop hands control back a few times a second, so that progress can
// be shown and an interrupt be heard; it reports what it has found whenever it ends.

import type { Counterexample, Execution } from "../model/action.js";
import { type DeadMessages, deadMessagesRefusal } from "../model/dead-messages.js";
import { UserError } from "../model/errors.js";
import { oneAfterTheOther, type Representatives } from "../model/representatives.js";
import type { Setting } from "../model/setting.js";
import { checksLiveness } from "../model/setting.js";
import { Successors } from "../model/successors.js";
import { type Symmetry, SymmetryRefused } from "../model/symmetry.js";
import { TransitionSystem } from "../model/system.js";
import { IntList } from "../model/tables.js";
import { isPending, violationAt } from "../model/walk.js";
import type { Json } from "../protocol/index.js";
import { mayGoRound } from "./acyclic.js";
import { restoreCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { counterexampleOf, executionOf, pathTo } from "./counterexample.js";
import { isLikeOneOf } from "./distinct.js";
import { dominanceRefusal } from "./dominance.js";
import { explain } from "./explain.js";
import { fairCycle } from "./fair-cycles.js";
import { type Limits, limitReached } from "./limits.js";
import type { Progress } from "./progress.js";
import { summarize } from "./summary.js";
import type { Reduction, RefusedReduction, SearchResult } from "./verdict.js";
import { VisibleSteps } from "./visible-steps.js";
import { hashAt, VisitedSet } from "./visited.js";
import { gather } from "./workers/gather.js";
import { type TeamCounts, type TeamOutcome, withTeam } from "./workers/team.js";
import type { Records, SettingSource, Summary } from "./workers/wire.js";

export interface SearchOptions extends Limits {
  /**
   * Default: `visible-steps` on the `async` network, and none on others, where it is not sound. With `dominance` what is
   * violated is looked for once more with visible steps, for a shortest counterexample; where dominance is not sound the
   * search is made with visible steps, and the result says why.
   */
  readonly reduction?: Reduction;
  /**
   * Whether states that differ only in names count as one (see model/symmetry.ts). Default: no. Where it is not sound the
   * search is made without, and the result says why. Such a search leaves no checkpoint.
   */
  readonly symmetry?: boolean;
  /**
   * Whether messages are forgotten once nobody will listen to them any more (see model/dead-messages.ts). Default: no. The
   * same holds for it where it is not sound, and for checkpoints.
   */
  readonly deadMessages?: boolean;
  /** Called a few times a second. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called once for each tuple of monitor states that is reached (one for each property): what a reduction must keep. */
  readonly onObservation?: (monitorStates: readonly Json[]) => void;
  /** Where the search is saved: every `everySeconds` (default 60), and when a limit or an interrupt ends it. */
  readonly checkpoint?: { readonly file: string; readonly everySeconds?: number; readonly setting: Json };
  /** Goes on from `checkpoint.file`, and ends with the same counts as if it had never been interrupted. */
  readonly resume?: boolean;
  /** Whether the result says where the states come from (see explain.ts). */
  readonly explain?: boolean;
  /**
   * How many distinct counterexamples to look for (see distinct.ts); default 1. States that violate something are not
   * expanded, and fair circles are looked for only where nothing is stuck.
   */
  readonly maxViolations?: number;
  /**
   * Several threads, for large spaces: they take over when there are `from` states. Default: 1,000,000, unless more than one
   * step was evaluated for each hundred of them, for workers do not share what they have evaluated. What comes out is the
   * same. Only for searches of `always` properties without symmetry, dead messages, explanation or several counterexamples; all
   * others are made by one thread.
   */
  readonly workers?:
    | { readonly count: number; readonly source: SettingSource; readonly from?: number }
    | undefined;
  /** Ends the search at the next opportunity. */
  readonly signal?: AbortSignal;
}

/** The default of `workers.from`: in smaller spaces several threads gain nothing. */
const defaultHandOver = 1_000_000;

/** How long the loop runs before it hands control back, in milliseconds. */
const sliceMs = 100;

/**
 * Explores everything that can happen in a setting.
 *
 * ```ts
 * const result = await search(setting);
 * result.verdict // => "holds"
 * ```
 * @throws {UserError} if the protocol or the adversary throws, mutates its input, is nondeterministic or malformed.
 */
export async function search(setting: Setting, options: SearchOptions = {}): Promise<SearchResult> {
  try {
    const result = await new Search(setting, options).toEnd();
    if (result.reduction !== "dominance" || result.counterexample === null) return result;
    // What was found need not be shortest, so it is looked for once more; if that takes too long, it has been found all the same.
    const { onObservation: _, resume: __, checkpoint: ___, ...again } = options;
    const shortest = await search(setting, { ...again, reduction: "visible-steps" });
    return shortest.counterexample === null ? result : shortest;
  } catch (error) {
    if (error instanceof PathsNeeded)
      return search(setting, { ...options, resume: false, workers: undefined });
    if (!(error instanceof SymmetryRefused)) throw error;
    const result = await new Search(setting, { ...options, symmetry: false }).toEnd();
    return { ...result, refused: [...result.refused, { reduction: "symmetry", reason: error.message }] };
  }
}

/** Something is violated in a search that was resumed without the ways to its states: it has to begin anew. */
class PathsNeeded extends Error {}

class Search {
  readonly #options: SearchOptions;
  readonly #system: TransitionSystem;
  readonly #reduction: Reduction;
  readonly #visible: VisibleSteps | null;
  readonly #symmetry: Symmetry | null;
  readonly #dead: DeadMessages | null;
  readonly #refused: RefusedReduction[] = [];
  /** What puts the state that is stored in the place of one that was reached, if anything does. */
  readonly #representatives: Representatives | null;
  readonly #isLive: boolean;
  readonly #visited: VisitedSet;
  readonly #successors = new Successors();
  /** Scratch: the state at hand, changed in place for each of its successors. */
  readonly #vector: Int32Array;
  readonly #parentVector: Int32Array;
  readonly #present: Int32Array;
  /** Scratch: the hashes of the successors at hand. */
  readonly #hashes = new IntList();
  readonly #startedAt = performance.now();
  /** How many states have each observation. */
  readonly #statesByObservation: number[] = [];
  #transitions = 0;
  #decisions = 0;
  #expanded = 0;
  #depth = 0;
  /** States below this number have at most the present depth. */
  #levelEnd = 0;
  #peakMemoryBytes = 0;
  /** Seconds of searching before it was resumed, and when it was saved last. */
  #secondsBefore = 0;
  #savedAt = 0;
  /** How long saving took the last time. */
  #saveSeconds = 0;
  /** Whether every state knows its parent: not after workers have saved theirs. */
  #hasPaths = true;
  /** Counterexamples found so far, shortest first, and the depth of the first one. */
  readonly #counterexamples: Counterexample[] = [];
  #violationDepth = 0;
  /** What workers have counted since they took over, if they did, and what each says at the end. */
  #team: TeamCounts | null = null;
  #summaries: readonly Summary[] = [];
  #hasSeenWorkers = false;
  /** The first state that meets the goal of each `sometimes` property, by the property's index. */
  readonly #reached = new Map<number, number>();

  constructor(setting: Setting, options: SearchOptions) {
    this.#options = options;
    this.#system = new TransitionSystem(setting);
    this.#isLive = checksLiveness(setting);
    const reduction = options.reduction ?? (this.#system.channels ? "none" : "visible-steps");
    const dominanceRefused = reduction === "dominance" ? dominanceRefusal(setting) : null;
    this.#reduction = dominanceRefused === null ? reduction : "visible-steps";
    if (this.#system.channels && this.#reduction !== "none")
      throw new UserError(
        "bad-option",
        `${this.#reduction} is sound on the async network only, where a message stays deliverable; on ${setting.network} use --reduce none.`,
      );
    this.#visible =
      this.#reduction === "none" ? null : new VisibleSteps(this.#system, this.#reduction === "dominance");
    this.#symmetry = options.symmetry ? this.#system.symmetry() : null;
    const deadRefused = options.deadMessages ? deadMessagesRefusal(setting) : null;
    this.#dead = options.deadMessages && deadRefused === null ? this.#system.deadMessages() : null;
    if (dominanceRefused) this.#refused.push({ reduction: "dominance", reason: dominanceRefused });
    if (deadRefused) this.#refused.push({ reduction: "dead-messages", reason: deadRefused });
    if (this.#dead && options.resume)
      throw new UserError(
        "bad-option",
        "A search without dead messages leaves no checkpoint that could be resumed.",
      );
    if (this.#symmetry && options.resume)
      throw new UserError("bad-option", "A search with symmetry leaves no checkpoint that could be resumed.");
    this.#representatives = oneAfterTheOther([this.#dead, this.#symmetry]);
    this.#visited = new VisitedSet(this.#system.width);
    this.#present = new Int32Array(this.#system.width);
    this.#vector = new Int32Array(this.#system.width);
    this.#parentVector = new Int32Array(this.#system.width);
  }

  async toEnd(): Promise<SearchResult> {
    if (this.#options.resume) this.#resume();
    else this.#begin();
    let stopped: string | null = null;
    while (!this.#isDone() && stopped === null) {
      if (this.#slice()) {
        stopped = this.#depthReached();
        break;
      }
      await new Promise((resolve) => setImmediate(resolve));
      const progress = this.#progress();
      this.#options.onProgress?.(progress);
      if (this.#isDone()) break;
      if (this.#isForWorkers()) {
        const outcome = await this.#letWorkersFinish();
        if (!outcome.isViolated) return this.#resultOf(outcome);
        this.#hasSeenWorkers = true;
        this.#team = null; // once more with one thread: so what is found does not depend on their number
        continue;
      }
      this.#saveFromTimeToTime(progress.seconds);
      stopped = this.#reasonToStop(progress);
    }
    if (stopped !== null) this.#save();
    const isExhausted = stopped === null && this.#counterexamples.length === 0;
    if (!isExhausted || !this.#isLive || !mayGoRound(this.#system)) return this.#result(stopped);
    // Executions may go round in circles, which only the graph of the plain search shows.
    const { onObservation: _, checkpoint: __, resume: ___, ...options } = this.#options;
    if (this.#visible) return new Search(this.#system.setting, { ...options, reduction: "none" }).toEnd();
    const lasso = fairCycle(this.#system, this.#visited);
    if (lasso) this.#found(lasso, this.#depth);
    return this.#result(null);
  }

  /** At the end of a level, once. */
  #isForWorkers(): boolean {
    const { workers, explain: explains, maxViolations = 1 } = this.#options;
    const isWanted = workers !== undefined && workers.count > 1 && !this.#hasSeenWorkers;
    const isAlways = this.#system.observations.properties.every(({ kind }) => kind === "always");
    const isPlain = isAlways && !this.#representatives && !explains && maxViolations === 1;
    const isWorthIt =
      workers?.from === undefined
        ? this.#visited.count >= defaultHandOver && this.#system.stepCalls * 100 < this.#visited.count
        : this.#visited.count >= workers.from;
    return isWanted && isPlain && isWorthIt && this.#expanded === this.#levelEnd;
  }

  #letWorkersFinish(): Promise<TeamOutcome> {
    const { count, source } = this.#options.workers!;
    const [transitions, decisions] = [this.#transitions, this.#decisions];
    const maxDepth = this.#options.maxDepth ?? Number.POSITIVE_INFINITY;
    return withTeam(
      {
        source,
        workers: count,
        reduction: this.#reduction,
        system: this.#system,
        visible: this.#visible,
        visited: this.#visited,
        expanded: this.#expanded,
        depth: this.#depth,
      },
      {
        watch: (team, isLevelNext) => {
          this.#team = {
            ...team,
            transitions: transitions + team.transitions,
            decisions: decisions + team.decisions,
          };
          if (isLevelNext && team.depth >= maxDepth) return this.#depthReached();
          const progress = this.#progress();
          this.#options.onProgress?.(progress);
          return this.#reasonToStop(progress);
        },
        isSaveDue: this.#options.checkpoint ? () => this.#isSaveDue(this.#progress().seconds) : null,
        save: (records, depth) => this.#saveRecords(records, depth),
      },
    );
  }

  #saveRecords(records: readonly Records[], depth: number): void {
    const { file, setting } = this.#options.checkpoint!;
    const startedAt = performance.now();
    const { visited, counts } = gather(this.#system, records);
    writeCheckpoint(file, setting, this.#reduction, this.#system, visited, {
      transitions: this.#transitions + counts.transitions,
      decisions: this.#decisions + counts.decisions,
      expanded: counts.expanded,
      depth,
      levelEnd: counts.expanded,
      seconds: this.#progress().seconds,
      hasPaths: false,
    });
    this.#hasSaved(startedAt);
  }

  #hasSaved(startedAt: number): void {
    this.#savedAt = this.#progress().seconds;
    this.#saveSeconds = (performance.now() - startedAt) / 1000;
  }

  #resultOf({ stopped, summaries, ...team }: TeamOutcome): SearchResult {
    const { observations, reactions } = this.#system;
    this.#team = {
      ...team,
      transitions: this.#transitions + team.transitions,
      decisions: this.#decisions + team.decisions,
    };
    const told = new Set(this.#statesByObservation.keys());
    this.#statesByObservation.length = 0;
    for (const summary of summaries) {
      reactions.adoptCauses(summary.causes);
      for (const [states, count] of summary.observations) {
        const observation = observations.adopt(states);
        if (!told.has(observation)) this.#options.onObservation?.(observations.monitorStates(observation));
        told.add(observation);
        this.#statesByObservation[observation] = (this.#statesByObservation[observation] ?? 0) + count;
      }
    }
    this.#summaries = summaries;
    return this.#result(stopped);
  }

  #reasonToStop(progress: Progress): string | null {
    if (this.#options.signal?.aborted) return "the search was interrupted";
    return limitReached(this.#options, { ...progress, seconds: progress.seconds - this.#secondsBefore });
  }

  #depthReached(): string {
    return `the depth limit of ${this.#options.maxDepth} was reached`;
  }

  #isDone(): boolean {
    return this.#hasEnough() || this.#expanded >= this.#visited.count;
  }

  #hasEnough(): boolean {
    return this.#counterexamples.length >= (this.#options.maxViolations ?? 1);
  }

  #begin(): void {
    const initial = this.#system.initial();
    this.#symmetry?.checkInitial(initial.map(({ vector }) => vector));
    for (const { vector } of initial) {
      this.#representatives?.canonicalize(vector);
      const state = this.#visited.add(vector, this.#visited.hash(vector), -1);
      if (state >= 0) this.#discovered(state, vector[this.#system.width - 1]!);
    }
    this.#representatives?.check();
    this.#levelEnd = this.#visited.count;
  }

  #resume(): void {
    const { file, setting } = this.#options.checkpoint!;
    const { counters } = restoreCheckpoint(file, setting, this.#reduction, this.#system, this.#visited);
    const vector = new Int32Array(this.#system.width);
    for (let state = 0; state < this.#visited.count; state++)
      this.#discovered(state, this.#visited.read(state, vector)[this.#system.width - 1]!);
    this.#transitions = counters.transitions;
    this.#decisions = counters.decisions;
    this.#expanded = counters.expanded;
    this.#depth = counters.depth;
    this.#levelEnd = counters.levelEnd;
    this.#secondsBefore = counters.seconds;
    this.#hasPaths = counters.hasPaths;
  }

  #saveFromTimeToTime(seconds: number): void {
    if (!this.#isSaveDue(seconds)) return;
    const startedAt = performance.now();
    this.#save();
    this.#hasSaved(startedAt);
  }

  /** From time to time, but at most a tenth of the time is spent on saving. */
  #isSaveDue(seconds: number): boolean {
    const { checkpoint } = this.#options;
    const every = Math.max(checkpoint?.everySeconds ?? 60, 10 * this.#saveSeconds);
    return checkpoint !== undefined && !this.#representatives && seconds - this.#savedAt >= every;
  }

  /** Not once something was found: then there is nothing left to wait for. */
  #save(): void {
    const { checkpoint } = this.#options;
    if (!checkpoint || this.#representatives || this.#counterexamples.length > 0) return;
    writeCheckpoint(checkpoint.file, checkpoint.setting, this.#reduction, this.#system, this.#visited, {
      transitions: this.#transitions,
      decisions: this.#decisions,
      expanded: this.#expanded,
      depth: this.#depth,
      levelEnd: this.#levelEnd,
      seconds: this.#progress().seconds,
      hasPaths: this.#hasPaths,
    });
  }

  /** Expands states for a while. True if the depth limit stands in the way of going on. */
  #slice(): boolean {
    const until = performance.now() + sliceMs;
    const maxStates = this.#options.maxStates ?? Number.POSITIVE_INFINITY;
    const maxDepth = this.#options.maxDepth ?? Number.POSITIVE_INFINITY;
    while (!this.#isDone()) {
      if (this.#expanded === this.#levelEnd) {
        if (this.#isForWorkers()) return false;
        this.#depth++;
        this.#levelEnd = this.#visited.count;
      }
      if (this.#depth >= maxDepth) return true;
      this.#expand(this.#expanded++);
      if (this.#visited.count >= maxStates) return false;
      if ((this.#expanded & 63) === 0 && performance.now() > until) return false;
    }
    return false;
  }

  #expand(state: number): void {
    const visited = this.#visited;
    const vector = visited.read(state, this.#vector);
    if (this.#system.observations.violated(vector[visited.width - 1]!) >= 0) return; // found when it was discovered
    const last = visited.width - 1;
    const out = this.#successors;
    const parent = visited.parent(state);
    if (this.#visible && !this.#representatives && parent >= 0)
      this.#system.checkGrowth(visited.read(parent, this.#parentVector), 0, vector, 0);
    (this.#visible ?? this.#system).successors(vector, 0, out);
    this.#transitions += out.transitions;
    this.#decisions += out.decisions;
    if (this.#isLive && this.#isStuck(vector, out)) {
      this.#violation(state);
      return;
    }
    if (out.isWhole || this.#representatives) {
      this.#addWhole(state, vector);
      this.#representatives?.check();
      return;
    }
    const hash = visited.hash(vector);
    const observation = vector[last] as number;
    const hashes = this.#hashes;
    hashes.length = 0;
    let [lastNode, hashWithout] = [-1, 0]; // successors come node by node
    for (let index = 0; index < out.length; index++) {
      const node = out.node(index);
      if (node !== lastNode) {
        lastNode = node;
        hashWithout = (hash - hashAt(node, vector[node] as number)) | 0;
      }
      const after = out.observation(index);
      let next = (hashWithout + hashAt(node, out.component(index))) | 0;
      if (after !== observation) next = (next - hashAt(last, observation) + hashAt(last, after)) | 0;
      hashes.push(next);
      visited.touch(next);
    }
    for (let index = 0; index < out.length; index++) visited.touchRecord(hashes.items[index] as number);
    for (let index = 0; index < out.length; index++) {
      const node = out.node(index);
      const after = out.observation(index);
      const before = vector[node] as number;
      vector[node] = out.component(index);
      vector[last] = after;
      const added = visited.add(vector, hashes.items[index] as number, state);
      vector[node] = before;
      vector[last] = observation;
      if (added >= 0) {
        this.#discovered(added, after);
        if (this.#hasEnough()) return;
      }
    }
  }

  /** Adds successors that may differ from their parent in any place. */
  #addWhole(state: number, vector: Int32Array): void {
    const out = this.#successors;
    const last = this.#visited.width - 1;
    const present = this.#present;
    present.set(vector);
    for (let index = 0; index < out.length; index++) {
      vector.set(present);
      out.writeTo(index, vector);
      if (this.#representatives && this.#visible) this.#system.checkGrowth(present, 0, vector, 0);
      this.#representatives?.canonicalize(vector);
      const added = this.#visited.add(vector, this.#visited.hash(vector), state);
      if (added < 0) continue;
      this.#discovered(added, vector[last] as number);
      if (this.#hasEnough()) return;
    }
  }

  #isStuck(vector: Int32Array, out: Successors): boolean {
    const system = this.#system;
    if (!this.#visible) return violationAt(system, vector, 0, () => out.obligatory) !== null;
    if (!isPending(system, vector, 0)) return false;
    return this.#visible.resting(vector, 0) !== null;
  }

  #discovered(state: number, observation: number): void {
    const states = this.#statesByObservation[observation] ?? 0;
    const { observations } = this.#system;
    if (states === 0) {
      this.#options.onObservation?.(observations.monitorStates(observation));
      for (const property of observations.reached(observation))
        if (!this.#reached.has(property)) this.#reached.set(property, state);
    }
    this.#statesByObservation[observation] = states + 1;
    if (observations.violated(observation) >= 0 && !this.#hasEnough()) this.#violation(state);
  }

  /** A state that violates a property: one more counterexample, unless it is like one that is known. */
  #violation(state: number): void {
    if (!this.#hasPaths) throw new PathsNeeded();
    const path = pathTo(this.#visited, state);
    this.#found(
      counterexampleOf(this.#system, this.#visible, this.#representatives, this.#visited, path),
      path.length - 1,
    );
  }

  #found(counterexample: Counterexample, depth: number): void {
    if (isLikeOneOf(this.#counterexamples, counterexample)) return;
    if (this.#counterexamples.push(counterexample) === 1) this.#violationDepth = depth;
  }

  #executionTo(state: number): Execution {
    const path = pathTo(this.#visited, state);
    return executionOf(this.#system, this.#visible, this.#representatives, this.#visited, path);
  }

  #progress(): Progress {
    const memoryBytes = process.memoryUsage().rss;
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes, memoryBytes);
    return {
      states: this.#team?.states ?? this.#visited.count,
      transitions: this.#team?.transitions ?? this.#transitions,
      depth: this.#team?.depth ?? this.#depth,
      frontier: (this.#team?.states ?? this.#visited.count) - (this.#team?.expanded ?? this.#expanded),
      seconds: this.#secondsBefore + (performance.now() - this.#startedAt) / 1000,
      memoryBytes,
    };
  }

  #result(stopped: string | null): SearchResult {
    const isViolated = this.#counterexamples.length > 0;
    const progress = this.#progress();
    const bytes = this.#team ? sum(this.#summaries.map((one) => one.bytes)) : this.#visited.bytes;
    return summarize({
      system: this.#system,
      explanation: this.#options.explain ? explain(this.#system) : null,
      reduction: this.#reduction,
      symmetry: this.#symmetry?.order ?? 1,
      deadMessages: this.#dead !== null,
      refused: this.#refused,
      progress: isViolated ? { ...progress, depth: this.#violationDepth } : progress,
      bytesPerState: bytes / Math.max(1, progress.states),
      peakMemoryBytes: this.#peakMemoryBytes,
      decisions: this.#team?.decisions ?? this.#decisions,
      stepCalls: this.#system.stepCalls + sum(this.#summaries.map(({ stepCalls }) => stepCalls)),
      highestView: Math.max(0, ...this.#summaries.map(({ highestView }) => highestView)),
      statesByObservation: this.#statesByObservation,
      stopped,
      interrupted: this.#options.signal?.aborted ?? false,
      counterexamples: this.#counterexamples,
      examples: new Map([...this.#reached].map(([property, state]) => [property, this.#executionTo(state)])),
    });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
