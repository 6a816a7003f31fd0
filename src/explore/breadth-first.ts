// Bounded exhaustive search, breadth first, so that the first violation found is a shortest one: fewest
// actions in the plain search, fewest visible actions under `visible-steps` (and under `dominance`, which
// looks for it once more).
//
// The visited set is the queue (see visited.ts). The loop hands control back a few times a second, so that
// progress can be shown and an interrupt be heard; it reports what it has found whenever it ends.

import { savedAlphabets } from "../liar/work.js";
import { isFault } from "../model/errors.js";
import type { Missed } from "../model/liveness.js";
import { prepare } from "../model/preparation.js";
import type { Representatives } from "../model/representatives.js";
import type { Setting } from "../model/setting.js";
import { checksLiveness } from "../model/setting.js";
import { Successors } from "../model/successors.js";
import { TransitionSystem } from "../model/system.js";
import { IntList } from "../model/tables.js";
import { defaultMemoryBytes, limitReached, withoutTimeOf } from "../verdict/limits.js";
import { residentBytes } from "../verdict/resident-memory.js";
import { Abandoned, hearInterrupt, watched } from "../watch/clock.js";
import { Patience } from "../watch/patience.js";
import { showLimits } from "../watch/shared.js";
import { mayGoRound } from "./acyclic.js";
import { GarbageClock } from "./blow-up/costs.js";
import { restoreCheckpoint } from "./checkpoint.js";
import type { Expansion } from "./expansion.js";
import { type Explanation, explain } from "./explain.js";
import { fairCycle } from "./fair-cycles.js";
import { Findings, PathsNeeded } from "./findings.js";
import type { Progress } from "./progress.js";
import { type Reductions, reductionsFor } from "./reductions.js";
import { Saving } from "./saving.js";
import type { SearchOptions } from "./search-options.js";
import type { SearchResult } from "./search-result.js";
import { statesIn } from "./state-list.js";
import { summarize } from "./summary.js";
import type { TallyBook } from "./tallies/tally-book.js";
import type { VisibleSteps } from "./visible-steps.js";
import { type Segment, VisitedSet } from "./visited.js";
import { HandOver } from "./workers/hand-over.js";
import { type PoolCounts, type PoolOutcome, WorkerPool } from "./workers/worker-pool.js";

/** How long the loop runs before it hands control back, in milliseconds. */
const sliceMs = 100;

/** A search inside one node is told of from so many states on. */
const worthTelling = 100;

/** What may still be done once a limit was reached, in milliseconds. */
const afterLimitMs = 250;

/** How many successors are gathered before they are added, and of how many states at most. */
const gathered = 64;
const gatheredStates = 64;

/** A breadth-first search of one setting. */
export class BreadthFirst {
  readonly #options: SearchOptions;
  readonly #book: TallyBook | null;
  readonly #system: TransitionSystem;
  readonly #reductions: Reductions;
  readonly #expansion: Expansion;
  readonly #visible: VisibleSteps | null;
  readonly #representatives: Representatives | null;
  readonly #isLive: boolean;
  readonly #visited: VisitedSet;
  readonly #successors = new Successors();
  /** The states of which successors are gathered, each with its transitions and decisions. */
  readonly #ahead = new IntList();
  /** Scratch: the state at hand, changed in place for each of its successors. */
  readonly #vector: Int32Array;
  readonly #present: Int32Array;
  readonly #startedAt = performance.now();
  /** What `--explain` tells of the garbage collector; null: nobody asks. */
  readonly #garbage: GarbageClock | null;
  readonly #findings: Findings;
  readonly #saving: Saving;
  readonly #handOver: HandOver;
  #transitions = 0;
  #decisions = 0;
  #expanded = 0;
  #depth = 0;
  /** States below this number have at most the present depth. */
  #levelEnd = 0;
  #peakMemoryBytes = 0;
  /** Whether the adversary has worked out all of its moves. */
  #isPrepared = false;
  /** The state whose expansion may be abandoned, or -1. */
  #atHand = -1;
  readonly #patience = new Patience();
  /** Seconds of searching before it was resumed. */
  #secondsBefore = 0;
  /** The other threads, and what all have counted since they took over, if they did. */
  #pool: WorkerPool | null = null;
  #teamCounts: PoolCounts | null = null;

  /** `book`: what is known about tallies, from a search before this one. */
  constructor(setting: Setting, options: SearchOptions, book: TallyBook | null = null) {
    this.#options = options;
    this.#book = book;
    this.#garbage = options.explain ? new GarbageClock() : null;
    this.#system = new TransitionSystem(setting);
    this.#isLive = checksLiveness(setting);
    this.#reductions = reductionsFor(this.#system, options, book);
    this.#expansion = this.#reductions.expansion;
    this.#visible = this.#expansion.visible;
    this.#representatives = this.#reductions.representatives;
    this.#visited = new VisitedSet(this.#system.width, () => this.#system.largestNumbers());
    this.#present = new Int32Array(this.#system.width);
    this.#vector = new Int32Array(this.#system.width);
    this.#saving = new Saving({
      ...{ options, reductions: this.#reductions, system: this.#system, book },
      seconds: () => this.#progress().seconds,
    });
    this.#handOver = new HandOver(this.#system, options, this.#reductions, book);
    this.#findings = new Findings({
      ...{ system: this.#system, visited: this.#visited, options },
      ...{ visible: this.#visible, representatives: this.#representatives },
      seconds: () => this.#progress().seconds,
    });
  }

  async toEnd(): Promise<SearchResult> {
    const { maxSeconds = Number.POSITIVE_INFINITY, maxMemoryBytes = defaultMemoryBytes } = this.#options;
    showLimits(Date.now() + maxSeconds * 1000, maxMemoryBytes);
    try {
      return await this.#explore();
    } catch (error) {
      if (isFault(error)) this.#addFromBatch();
      if (isFault(error) && this.#findings.counterexamples.length > 0)
        return this.#result(`it ended with an error: ${error.message}`); // what was found before is not lost
      throw this.#findings.blamed(error, this.#expanded - 1);
    } finally {
      showLimits(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
      this.#garbage?.stop();
      await this.#pool?.end();
    }
  }

  async #explore(): Promise<SearchResult> {
    if (this.#options.resume) this.#resume();
    else this.#begin();
    this.#isPrepared = await this.#prepare();
    let stopped = this.#reasonToStop(this.#progress());
    while (!this.#isDone() && stopped === null) {
      if (this.#slice()) {
        stopped = this.#depthReached();
        break;
      }
      await new Promise((resolve) => setImmediate(resolve));
      const progress = this.#progress();
      this.#options.onProgress?.(progress);
      if (this.#isDone()) break;
      if (this.#isForWorkers(1)) return this.#resultOf(await this.#letTeamFinish());
      this.#saveFromTimeToTime();
      stopped = this.#reasonToStop(progress);
    }
    this.#addFromBatch(); // of states that count as expanded
    if (stopped !== null) this.#save();
    const goesOn = this.#options.pastViolations ?? false;
    const isExhausted = stopped === null && (goesOn || this.#findings.counterexamples.length === 0);
    if (!isExhausted || !this.#isLive || !mayGoRound(this.#system)) return this.#result(stopped);
    // Executions may go round in circles, which only the graph of the plain search shows.
    const { onObservation: _, resume: __, ...options } = this.#options;
    if (this.#visible)
      return new BreadthFirst(this.#system.setting, {
        ...withoutTimeOf(options, this.#progress().seconds - this.#secondsBefore),
        reduction: "none",
      }).toEnd();
    return this.#result(await this.#lookForFairCycle());
  }

  /** Lets the adversary work out its moves, as far as limits allow. Gives whether it has worked them all out. */
  #prepare(): Promise<boolean> {
    return prepare(this.#system.setting, (preparing) => {
      hearInterrupt();
      const progress = this.#progress();
      this.#options.onProgress?.({ ...progress, preparing });
      return this.#reasonToStop(progress) === null;
    });
  }

  /** Returns why it was cut short, or null. */
  async #lookForFairCycle(): Promise<string | null> {
    const patience = new Patience();
    for (;;) {
      let stopped: string | null = null;
      const mustEnd = () => {
        const progress = this.#progress();
        this.#options.onProgress?.(progress);
        stopped = this.#reasonToStop(progress);
        return stopped !== null || patience.isOver(0);
      };
      try {
        const lasso = watched(mustEnd, () =>
          fairCycle(
            this.#system,
            this.#visited,
            (missed) => this.#findings.undecided(missed),
            this.#findings.counterexamples.map(({ property }) => property),
          ),
        );
        if (lasso) this.#findings.found(lasso, this.#depth);
        // Past violations there may be another property that is missed on a circle.
        if (lasso === null || !this.#options.pastViolations) return null;
      } catch (error) {
        if (!(error instanceof Abandoned)) throw error;
        if (stopped !== null) return stopped;
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#options.signal?.aborted) return this.#reasonToStop(this.#progress());
      }
    }
  }

  /** At the end of a level: whether there are states enough for several threads, or a given share of that. */
  #isForWorkers(share: number): boolean {
    if (this.#expanded !== this.#levelEnd) return false;
    this.#handOver.levelEnds(this.#expanded);
    return this.#handOver.isDue(this.#visited.count, share);
  }

  /** Threads take a moment to start. */
  #startTeam(): WorkerPool {
    const { count, source } = this.#options.workers!;
    this.#pool ??= new WorkerPool(
      {
        ...{ source, reduction: this.#reductions.reduction },
        alphabets: savedAlphabets(this.#system.setting.protocol),
      },
      count - 1,
    );
    return this.#pool;
  }

  async #letTeamFinish(): Promise<PoolOutcome> {
    try {
      return await this.#finishedByPool();
    } catch (error) {
      // It is met once more by one thread alone, which knows how it comes about.
      throw isFault(error) ? new PathsNeeded(this.#progress().seconds) : error;
    }
  }

  #finishedByPool(): Promise<PoolOutcome> {
    const maxDepth = this.#options.maxDepth ?? Number.POSITIVE_INFINITY;
    this.#visible?.forgoTallies();
    return this.#startTeam().finish(
      {
        system: this.#system,
        expansion: this.#expansion,
        visited: this.#visited,
        expanded: this.#expanded,
        depth: this.#depth,
      },
      {
        watch: (counts, isLevelNext) => {
          this.#teamCounts = this.#withEarlier(counts);
          if (isLevelNext && counts.depth >= maxDepth) return this.#depthReached();
          const progress = this.#progress();
          this.#options.onProgress?.(progress);
          return this.#reasonToStop(progress);
        },
        isSaveDue: this.#options.checkpoint ? () => this.#saving.isDue() : null,
        save: (segments, counts) => this.#saveLevels(segments, this.#withEarlier(counts)),
      },
    );
  }

  /** With the transitions that were counted before the pool took over. */
  #withEarlier(counts: PoolCounts): PoolCounts {
    return {
      ...counts,
      transitions: this.#transitions + counts.transitions,
      decisions: this.#decisions + counts.decisions,
    };
  }

  /**
   * Whole levels: there the counts are those of one thread. Parents are not, for any of several may have
   * been the first.
   */
  #saveLevels(segments: readonly Segment[], counts: PoolCounts): void {
    const states = statesIn(this.#visited, segments);
    const counted = { ...counts, levelEnd: counts.expanded, hasPaths: false };
    this.#saving.timed(this.#visited.count, () => this.#saving.write(states, counted));
  }

  /**
   * What a pool has found. Something violated is looked for once more, alone: so it does not depend on the
   * number of threads.
   */
  #resultOf({ isViolated, stopped, statesByObservation, ...counts }: PoolOutcome): SearchResult {
    if (isViolated) throw new PathsNeeded(this.#progress().seconds);
    this.#teamCounts = this.#withEarlier(counts);
    for (const [observation, states] of statesByObservation.entries())
      if (states) this.#findings.count(observation, states);
    return this.#result(stopped);
  }

  #reasonToStop(progress: Progress): string | null {
    if (this.#options.signal?.aborted) return "the search was interrupted";
    const reason = limitReached(this.#options, {
      ...progress,
      seconds: progress.seconds - this.#secondsBefore + this.#saving.secondsKept(progress.states),
    });
    return reason && reason + this.#whereItGrows();
  }

  /** What to bound if the search inside one node was what did not end. */
  #whereItGrows(): string {
    const local = this.#visible?.local;
    if (!local || local.states < worthTelling) return "";
    const fields = local.growing.map((field) => `${local.node}'s ${field} grows`);
    const cause = fields.length > 0 ? `: ${fields.join(", ")}; bound it` : "";
    return ` inside a single step of ${local.node}, with ${local.states} local states so far${cause}`;
  }

  #depthReached(): string {
    return `the depth limit of ${this.#options.maxDepth} was reached`;
  }

  /** What is gathered may be new: then there is more to expand. */
  #isDone(): boolean {
    if (this.#findings.isOver()) return true;
    return this.#expanded >= this.#visited.count && this.#visited.batch.count === 0;
  }

  /** Whether successors have yet to be added, or states whose successors were all known may yet have been expanded for nothing. */
  get #hasGathered(): boolean {
    return this.#visited.batch.count > 0 || this.#ahead.length > 0;
  }

  #begin(): void {
    const initial = this.#system.initial();
    this.#reductions.symmetry?.checkInitial(initial.map(({ vector }) => vector));
    for (const { vector } of initial) {
      this.#representatives?.canonicalize(vector);
      const state = this.#visited.add(vector, -1);
      if (state >= 0) this.#findings.discovered(state, vector[this.#system.width - 1]!);
    }
    this.#representatives?.check();
    this.#levelEnd = this.#visited.count;
  }

  #resume(): void {
    const { checkpoint } = this.#options;
    const { counters } = restoreCheckpoint(
      checkpoint!.file,
      checkpoint!,
      this.#reductions.reduction,
      this.#system,
      this.#visited,
    );
    const vector = new Int32Array(this.#system.width);
    for (let state = 0; state < this.#visited.count; state++)
      this.#findings.discovered(state, this.#visited.read(state, vector)[this.#system.width - 1]!);
    this.#transitions = counters.transitions;
    this.#decisions = counters.decisions;
    this.#expanded = counters.expanded;
    this.#depth = counters.depth;
    this.#levelEnd = counters.levelEnd;
    this.#secondsBefore = counters.seconds;
    this.#findings.hasPaths = counters.hasPaths;
    // States that were expanded before are not expanded again, so what was noticed there is taken over.
    this.#system.reactions.mayIdle = counters.mayIdle ?? true;
    this.#system.reactions.hasLeftBounds = counters.hasLeftBounds ?? false;
    if (counters.tallies) this.#book?.resume(counters.tallies, counters.learnedTallies ?? []);
    for (const missed of counters.undecided ?? []) this.#findings.undecided(missed);
  }

  #saveFromTimeToTime(): void {
    if (!this.#saving.isDue()) return;
    this.#addFromBatch();
    this.#saving.timed(this.#visited.count, () => this.#save());
  }

  /** Not once something was found: then there is nothing left to wait for. */
  #save(): void {
    if (this.#findings.counterexamples.length > 0) return;
    this.#saving.write(this.#visited, {
      transitions: this.#transitions,
      decisions: this.#decisions,
      expanded: this.#expanded,
      depth: this.#depth,
      levelEnd: this.#levelEnd,
      hasPaths: this.#findings.hasPaths,
      mayIdle: this.#system.reactions.mayIdle,
      hasLeftBounds: this.#system.reactions.hasLeftBounds,
      undecided: this.#findings.undecidedGoals,
    });
  }

  /** Expands states for a while. True if the depth limit stands in the way of going on. */
  #slice(): boolean {
    try {
      return watched(
        () => this.#mustEnd(),
        () => this.#expandForAWhile(),
      );
    } catch (error) {
      if (!(error instanceof Abandoned)) throw error;
      // The state at hand counts as not expanded, and will be once more, from its beginning.
      this.#expanded = this.#atHand;
      this.#atHand = -1;
      return false;
    }
  }

  /** Asked from the loops inside the expansion of a state: whether to abandon it. */
  #mustEnd(): boolean {
    const progress = this.#progress();
    this.#options.onProgress?.(progress);
    if (this.#atHand < 0) return false; // something would be half done
    return this.#reasonToStop(progress) !== null || this.#patience.isOver(this.#atHand);
  }

  #expandForAWhile(): boolean {
    const until = performance.now() + sliceMs;
    const maxStates = this.#options.maxStates ?? Number.POSITIVE_INFINITY;
    const maxDepth = this.#options.maxDepth ?? Number.POSITIVE_INFINITY;
    for (;;) {
      if (this.#expanded === this.#levelEnd) this.#addFromBatch();
      if (this.#isDone()) return false;
      if (this.#expanded === this.#levelEnd) {
        if (this.#isForWorkers(1 / 4)) this.#startTeam();
        if (this.#isForWorkers(1)) return false;
        this.#depth++;
        this.#levelEnd = this.#visited.count;
      }
      if (this.#depth >= maxDepth) return true;
      this.#expand(this.#expanded++);
      if (this.#visited.count + this.#visited.batch.count >= maxStates) this.#addFromBatch();
      if (this.#visited.count >= maxStates) return false;
      // Only where nothing is gathered: what is counted must not depend on the time.
      if (!this.#hasGathered && performance.now() > until) return false;
    }
  }

  #expand(state: number): void {
    const visited = this.#visited;
    const vector = visited.read(state, this.#vector);
    const goesOn = this.#options.pastViolations ?? false;
    if (!goesOn && this.#system.observations.violated(vector[visited.width - 1]!) >= 0) return; // found when it was discovered
    const out = this.#successors;
    const parent = this.#representatives ? -1 : visited.parent(state);
    this.#atHand = state;
    this.#expansion.successors(visited, parent, vector, out);
    const missed = this.#isLive ? this.#missed(vector, out) : null;
    this.#atHand = -1; // from here on nothing is abandoned
    this.#transitions += out.transitions;
    this.#decisions += out.decisions;
    this.#ahead.push(state);
    this.#ahead.push(out.transitions);
    this.#ahead.push(out.decisions);
    if (missed?.verdict === "violated" && goesOn) this.#findings.missed(state, missed);
    else if (missed?.verdict === "violated") {
      this.#addFromBatch();
      if (!this.#findings.hasEnough()) this.#findings.violation(state);
      return;
    }
    if (missed && missed.verdict !== "violated") this.#findings.undecided(missed);
    if (this.#representatives) {
      this.#addRepresentatives(this.#representatives, state, vector);
      this.#ahead.length = 0;
      return;
    }
    while (!visited.propose(vector, out, state)) {
      this.#addFromBatch();
      visited.widen();
    }
    if (visited.batch.count >= gathered || this.#ahead.length >= 3 * gatheredStates) this.#addFromBatch();
  }

  /** Adds the successors that were gathered. */
  #addFromBatch(): void {
    const visited = this.#visited;
    const { batch } = visited;
    visited.prefetch();
    for (let index = 0; index < batch.count && !this.#findings.isOver(); index++) {
      const added = visited.addFromBatch(index);
      if (added < 0) continue;
      this.#findings.discovered(added, batch.observations[index] as number);
      if (this.#findings.isOver()) this.#takeBack(batch.parents[index] as number);
    }
    batch.clear();
    this.#ahead.length = 0;
  }

  /**
   * The search is over with a successor of this state: states behind it have been expanded for nothing, and
   * do not count.
   */
  #takeBack(last: number): void {
    const { items, length } = this.#ahead;
    for (let at = 0; at < length; at += 3) {
      if ((items[at] as number) <= last) continue;
      this.#transitions -= items[at + 1] as number;
      this.#decisions -= items[at + 2] as number;
    }
    this.#expanded = last + 1;
  }

  /** Adds what stands for each successor. */
  #addRepresentatives(representatives: Representatives, state: number, vector: Int32Array): void {
    const out = this.#successors;
    const last = this.#visited.width - 1;
    const present = this.#present;
    present.set(vector);
    for (let index = 0; index < out.length; index++) {
      vector.set(present);
      out.writeTo(index, vector);
      if (this.#visible) this.#system.checkGrowth(present, 0, vector, 0);
      representatives.canonicalize(vector);
      const added = this.#visited.add(vector, state);
      if (added < 0) continue;
      const observation = vector[last] as number;
      // What leads to a violation is found step by step among renamed states: every step must be known to be symmetric by then.
      if (this.#system.observations.violated(observation) >= 0) representatives.check();
      this.#findings.discovered(added, observation);
      if (this.#findings.isOver()) return;
    }
    representatives.check();
  }

  /** The goals that are missed in a state or, under visible steps, silently behind it. */
  #missed(vector: Int32Array, out: Successors): Missed | null {
    const { liveness } = this.#system;
    if (!this.#visible) return liveness.missed(vector, 0, () => out.obligatory);
    if (liveness.pending(vector, 0).length === 0) return null;
    const resting = this.#visible.silent.resting(vector, 0);
    return resting && liveness.missed(resting, 0, () => 0);
  }

  #progress(): Progress {
    const memoryBytes = residentBytes();
    const local = this.#visible?.local;
    const states = this.#teamCounts?.states ?? this.#visited.count;
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes, memoryBytes);
    return {
      states,
      transitions: this.#teamCounts?.transitions ?? this.#transitions,
      depth: this.#teamCounts?.depth ?? this.#depth,
      frontier: states - (this.#teamCounts?.expanded ?? this.#expanded),
      seconds: this.#secondsBefore + (performance.now() - this.#startedAt) / 1000,
      memoryBytes,
      ...(local && { local: { node: local.node, states: local.states } }),
    };
  }

  /** Evaluates some steps once more; returns why that was cut short, or why the search was before. */
  #lookAgain(stopped: string | null): string | null {
    const until = performance.now() + afterLimitMs;
    let reason = stopped;
    const mustEnd = () => {
      reason ??= this.#reasonToStop(this.#progress());
      return reason !== null && performance.now() > until;
    };
    try {
      watched(mustEnd, () => this.#system.lookAgain());
      return stopped;
    } catch (error) {
      if (!(error instanceof Abandoned)) throw error;
      return reason;
    }
  }

  /** What `--explain` tells. Of an alphabet that is not worked out nothing: that would take longer than the limit or interrupt allows. */
  #explanation(seconds: number): Explanation | null {
    if (this.#garbage === null) return null;
    const { maxSeconds = Number.POSITIVE_INFINITY, signal } = this.#options;
    const until =
      performance.now() + Math.max(afterLimitMs, (maxSeconds - seconds + this.#secondsBefore) * 1000);
    const isOver = () => {
      hearInterrupt();
      return performance.now() > until || signal?.aborted === true;
    };
    const gcSeconds = this.#garbage.stop();
    return explain(this.#system, { seconds, gcSeconds, isPrepared: this.#isPrepared, isOver });
  }

  #result(stoppedBefore: string | null): SearchResult {
    const stopped = this.#lookAgain(stoppedBefore);
    const { pastViolations: goesOn = false } = this.#options;
    const isViolated = this.#findings.counterexamples.length > 0 && !goesOn;
    const progress = this.#progress();
    return summarize({
      system: this.#system,
      explanation: this.#explanation(progress.seconds),
      reductions: this.#reductions,
      progress: isViolated ? { ...progress, depth: this.#findings.violationDepth } : progress,
      bytesPerState: this.#visited.bytes / Math.max(1, progress.states),
      peakMemoryBytes: this.#peakMemoryBytes,
      decisions: this.#teamCounts?.decisions ?? this.#decisions,
      stepCalls: this.#system.stepCalls,
      statesByObservation: this.#findings.statesByObservation,
      stopped,
      interrupted: this.#options.signal?.aborted ?? false,
      unsaved: this.#saving.unsaved,
      counterexamples: this.#findings.counterexamples,
      undecided: this.#findings.undecidedGoals,
      past: goesOn
        ? {
            violating: this.#findings.violating,
            complete: stopped === null && !this.#findings.hasEnough(),
          }
        : null,
      examples: this.#findings.examples(),
    });
  }
}
