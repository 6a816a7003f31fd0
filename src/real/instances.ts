// The instances of one node: what an input does to it in a state. An instance at a state is taken from those that are alive there,
// or made once more from the state's history.
//
// Every input is evaluated twice, if possible from two different histories of the state. If what happens differs, there is
// something that the snapshot does not see: hidden state. Where a second history becomes known only later, what was evaluated with
// one is evaluated once more. What all instances share (a variable of a module) may be the same both times: so now and then an input is
// evaluated in a realm of its own, too, where nothing has happened before.

import { createHash } from "node:crypto";
import { UserError } from "../model/errors.js";
import type { Config } from "../protocol/index.js";
import { firstDifference } from "./difference.js";
import { type Entry, History } from "./history.js";
import type { Node } from "./inside/node.js";
import { type Realm, RealmError } from "./realm.js";
import type { Sight } from "./sight/levels.js";
import type { Snapshots } from "./snapshot.js";

/** What a step has come to. */
export interface Result {
  readonly at: string;
  readonly view: number;
  readonly sent: readonly (readonly [to: string | null, text: string])[];
  readonly said: readonly string[];
  /** Timers that are set now and were not before, or were set anew: name and milliseconds. */
  readonly set: readonly (readonly [name: string, ms: number])[];
  readonly cancelled: readonly string[];
  /** How many values each choice had. */
  readonly drawn: readonly number[];
  readonly history: History;
}

interface Live {
  readonly node: Node;
  readonly history: History;
}

/** An evaluation from one history only. */
interface Single {
  readonly entry: Entry;
  readonly choices: readonly number[];
  readonly result: Result;
}

/** How the instances of a protocol are made. */
export interface Making {
  readonly realm: Realm;
  readonly snapshots: Snapshots;
  readonly random: readonly number[] | "seeded";
  readonly disk: "atomic" | "later";
  readonly clock: "stands" | "ticks";
  readonly tickMs: number;
  /** The same with more sight, where variables are called by their places; the least first. */
  readonly closer: () => Iterable<readonly [see: Sight, making: Making]>;
  /** The same in a realm of its own. */
  readonly afresh: () => Making;
}

/** Instances that are kept alive, over all states of a node; and states of which more is remembered. */
const [maxAlive, maxRemembered] = [1000, 50_000];
const maxKnown = 4096;
/** The length of histories up to which every input is evaluated twice. */
const maxRepeated = 24;
/** How many evaluations there are before what is known to come of an input is mostly believed when somebody looks once more. */
const maxDoubted = 1000;
/** How many evaluations there are, at least, from one in a realm of its own to the next, which costs as much as ten or twenty. */
const minFromAfreshToAfresh = 512;

/** How many inputs of a history are told in a message. */
const maxTold = 10;

/** See the file comment. */
export class Instances {
  readonly #making: Making;
  readonly #self: string;
  readonly #ids: readonly string[];
  readonly #config: string;
  readonly #alive = new Map<string, Live[]>();
  #aliveCount = 0;
  /** Histories of states besides their first. */
  readonly #others = new Map<string, History>();
  readonly #singles = new Map<string, Single[]>();
  /** What some inputs have come to, to be compared when they are evaluated once more after others. */
  readonly #known = new Map<string, Map<string, Result>>();
  #knownCount = 0;
  /** The last number of a linear congruential generator. */
  #chance = 0;
  /** The number of evaluations at which one is made in a realm of its own. */
  #nextAfresh = minFromAfreshToAfresh;
  /** How often an instance did something, and how often it had to be made once more. */
  readonly counts = { evaluations: 0, remade: 0, twoHistories: 0 };

  constructor(making: Making, self: string, ids: readonly string[], config: Config) {
    this.#making = making;
    this.#self = self;
    this.#ids = ids;
    this.#config = JSON.stringify(config);
  }

  /** Every way to start. */
  start(restored: string | null): Result[] {
    return this.#allChoices((choices) => {
      const entry: Entry = ["start", restored, ...choices];
      const [first, second] = [0, 1].map(() => {
        const node = this.#create(restored);
        return this.#perform({ node, history: new History(null, entry) }, "", entry, choices, () =>
          node.begin(),
        );
      });
      this.#compare(entry, first!, second!);
      return first!;
    });
  }

  /** Every way to take an input in a state that has this history. */
  step(at: string, history: History, input: Entry): Result[] {
    return this.#allChoices((choices) => {
      const entry = [...input, ...choices] as unknown as Entry;
      // The model looks at some steps once more. To make an instance once more of a long history would cost more than all steps so far.
      const known = this.#known.get(at)?.get(entry.join("\n"));
      if (known && !(this.#isCheap(history) && this.#isDue())) return after(history, known);
      const first = this.#evaluate(this.#take(at) ?? this.#remake(history), at, entry, choices);
      if (known) {
        this.#compareWithBefore(at, entry, first);
        return after(history, first);
      }
      const mine = first.history.parent!;
      const second = this.#second(at, mine, history);
      if (second) this.#compare(entry, first, this.#evaluate(second, at, entry, choices));
      this.#compareWithBefore(at, entry, first);
      if (this.counts.evaluations >= this.#nextAfresh) this.#compareAfresh(at, entry, first);
      if (second && !second.history.equals(mine)) this.counts.twoHistories++;
      else this.#remember(at, { entry, choices, result: first });
      return after(history, first);
    });
  }

  /** What survives a crash. */
  stable(at: string, history: History): string | null {
    const live = this.#take(at) ?? this.#remake(history);
    const { handlers } = live.node;
    if (!handlers?.stable) return null;
    let text: string | undefined;
    this.#making.realm.run(live.node, () => {
      text = JSON.stringify(handlers.stable!()) as string | undefined;
    });
    return text ?? "null";
  }

  #allChoices(once: (choices: readonly number[]) => Result): Result[] {
    const results: Result[] = [];
    for (let choices: readonly number[] | null = []; choices; ) {
      const result = once(choices);
      results.push(result);
      choices = following(choices, result.drawn);
    }
    return results;
  }

  /** An instance that is alive in a state; it is used up. */
  #take(at: string): Live | undefined {
    const alive = this.#alive.get(at);
    const live = alive?.pop();
    if (live) this.#aliveCount--;
    if (alive?.length === 0) this.#alive.delete(at);
    return live;
  }

  /**
   * An instance for the second evaluation, if possible with another history than `than`. Null where it would cost too much: in the long
   * runs of the fuzzer most inputs are evaluated once.
   */
  #second(at: string, than: History, first: History): Live | null {
    const alive = this.#alive.get(at) ?? [];
    const found = alive.findIndex(({ history }) => !history.equals(than));
    if (found < 0) {
      const other = [this.#others.get(at), first].find((history) => history && !history.equals(than));
      const isCheap = this.#isCheap(than);
      if (other && isCheap) return this.#remake(other);
      if (alive.length === 0) return isCheap ? this.#remake(than) : null;
    }
    this.#aliveCount--;
    return alive.splice(Math.max(found, 0), 1)[0]!;
  }

  /** Whether something more may be evaluated after a history: in long runs only now and then. */
  #isCheap({ length }: History): boolean {
    return length <= maxRepeated || this.#isOneOf(16);
  }

  /** Whether something is evaluated once more of which it is known what it comes to: at first always, then now and then. */
  #isDue(): boolean {
    return this.counts.evaluations < maxDoubted || this.#isOneOf(8);
  }

  /** True once in so many times, at random, but the same in every process: a search asks in a rhythm, and every eighth may be always alike. */
  #isOneOf(times: number): boolean {
    this.#chance = (Math.imul(this.#chance, 1664525) + 1013904223) >>> 0;
    return this.#chance < 2 ** 32 / times;
  }

  #create(restored: string | null): Node {
    const { realm, random, disk, clock, tickMs } = this.#making;
    return realm.inside.create(this.#self, this.#ids, this.#config, restored, {
      random,
      disk,
      clock,
      tickMs,
    });
  }

  #remake(history: History): Live {
    this.counts.remade++;
    const [start, ...inputs] = history.entries();
    const node = this.#create((start as Extract<Entry, readonly ["start", ...unknown[]]>)[1]);
    this.#run(node, start!, choicesOf(start!), () => node.begin(), history);
    for (const entry of inputs) this.#run(node, entry, choicesOf(entry), () => apply(node, entry), history);
    return { node, history };
  }

  #evaluate(live: Live, at: string, entry: Entry, choices: readonly number[]): Result {
    const { node } = live;
    return this.#perform({ node, history: new History(live.history, entry) }, at, entry, choices, () =>
      apply(node, entry),
    );
  }

  #perform(
    { node, history }: Live,
    from: string,
    entry: Entry,
    choices: readonly number[],
    job: () => void,
  ): Result {
    this.counts.evaluations++;
    const before = new Map(node.timers.map((timer) => [timer.name, timer]));
    const versions = new Map(node.timers.map((timer) => [timer, timer.version]));
    this.#run(node, entry, choices, job, history);
    const after = new Set(node.timers.map(({ name }) => name));
    const result: Result = {
      at: this.#identity(node, from, entry),
      view: this.#view(node),
      sent: node.sent,
      said: node.said,
      set: node.timers
        .filter((timer) => versions.get(timer) !== timer.version)
        .map(({ name, delayMs }) => [name, delayMs]),
      cancelled: [...before.keys()].filter((name) => !after.has(name)),
      drawn: node.drawn,
      history,
    };
    this.#deposit(result.at, { node, history });
    return result;
  }

  /**
   * A node that waits for the answer of a disk is in the midst of an async function, which no snapshot sees. So the state is told apart by
   * how it was got to since nothing was waited for.
   */
  #identity(node: Node, from: string, entry: Entry): string {
    const at = this.#making.snapshots.of(node);
    if (!node.timers.some(({ kind }) => kind === "later")) return at;
    const since = createHash("sha256")
      .update(`${from}\n${entry.join("\n")}`)
      .digest("base64url");
    return `${at.slice(0, -1)},"@since":"${since.slice(0, 22)}"}`;
  }

  #view(node: Node): number {
    const { handlers } = node;
    if (!handlers?.view) return node.fired + node.ticked;
    let view: unknown;
    this.#making.realm.run(node, () => {
      view = handlers.view!();
    });
    if (Number.isSafeInteger(view)) return view as number;
    throw new UserError(
      "protocol-malformed",
      `view() of ${this.#self} must return a whole number, not ${String(view)}.`,
    );
  }

  #run(node: Node, entry: Entry, choices: readonly number[], job: () => void, history: History): void {
    node.takeUp(choices);
    try {
      this.#making.realm.run(node, job);
    } catch (error) {
      if (!(error instanceof RealmError)) throw error;
      throw new UserError(
        "protocol-threw",
        `${this.#self} threw "${error.message}" on ${wordsOf(entry)}, after ${listOf(history)}.`,
      );
    }
    if (node.handlers === null)
      throw new UserError(
        "protocol-malformed",
        `${this.#self} is not there: what real() is given must return { roots: { ... }, message, request }, or a promise for it that resolves at once.`,
      );
  }

  /** An instance that may be of use, unless there are enough. */
  #deposit(at: string, live: Live): void {
    const alive = this.#alive.get(at);
    const isOther = alive?.every(({ history }) => !history.equals(live.history)) ?? true;
    this.#checkSingles(at, live.history);
    if (alive && (alive.length > 2 || (!isOther && alive.length > 1))) return;
    if (alive) alive.push(live);
    else this.#alive.set(at, [live]);
    this.#aliveCount++;
    for (const [oldest, those] of this.#alive) {
      if (this.#aliveCount <= maxAlive) break;
      this.#aliveCount -= those.length;
      this.#alive.delete(oldest);
    }
  }

  #remember(at: string, single: Single): void {
    const known = this.#singles.get(at);
    if (known) known.push(single);
    else this.#singles.set(at, [single]);
    forgetOldest(this.#singles);
  }

  /** A state was reached by a history: what was evaluated there from another one only is evaluated from this one, too. */
  #checkSingles(at: string, history: History): void {
    const singles = this.#singles.get(at);
    if (!singles || !this.#isCheap(history) || singles[0]!.result.history.parent!.equals(history)) return;
    this.#singles.delete(at);
    this.#others.set(at, history);
    forgetOldest(this.#others);
    for (const { entry, choices, result } of history.length <= maxRepeated ? singles : singles.slice(0, 1)) {
      this.counts.twoHistories++;
      this.#compare(entry, result, this.#evaluate(this.#remake(history), at, entry, choices));
    }
  }

  /** @throws {UserError} if the same input was evaluated in the same state before, and came to something else. */
  #compareWithBefore(at: string, entry: Entry, now: Result): void {
    const key = entry.join("\n");
    const known = this.#known.get(at);
    const before = known?.get(key);
    if (before && differenceOf(before, now) !== null) this.#blame(at, entry, before, now);
    if (known) known.set(key, now);
    else this.#known.set(at, new Map([[key, now]]));
    if (!before) this.#knownCount++;
    for (const [oldest, those] of this.#known) {
      if (this.#knownCount <= maxKnown) break;
      this.#knownCount -= those.size;
      this.#known.delete(oldest);
    }
  }

  /** @throws {UserError} if an input comes to something else where no other node has done anything before. */
  #compareAfresh(at: string, entry: Entry, now: Result): void {
    const { evaluations } = this.counts;
    this.#nextAfresh = evaluations + Math.max(minFromAfreshToAfresh, Math.floor(evaluations / 8));
    const difference = differenceOf(this.#afresh(at, entry, now), now);
    if (difference !== null) throw this.#shared(entry, now, difference);
  }

  /** What an input comes to after the same history in a realm of its own. */
  #afresh(at: string, entry: Entry, { history }: Result): Result {
    const alone = new Instances(
      this.#making.afresh(),
      this.#self,
      this.#ids,
      JSON.parse(this.#config) as Config,
    );
    return alone.#evaluate(alone.#remake(history.parent!), at, entry, choicesOf(entry));
  }

  /** @throws {UserError} since two evaluations differ: two histories are to blame if each comes to the same in a realm of its own. */
  #blame(at: string, entry: Entry, before: Result, now: Result): never {
    if ([before, now].every((one) => differenceOf(this.#afresh(at, entry, one), one) === null))
      this.#compare(entry, before, now);
    throw this.#shared(entry, now, differenceOf(before, now)!);
  }

  #shared(entry: Entry, now: Result, difference: string): UserError {
    return new UserError(
      "protocol-nondeterministic",
      `${this.#self} has hidden state that all nodes share: on ${wordsOf(entry)} it does something else after other nodes have done things, ` +
        `after ${listOf(now.history.parent!)}. First difference: ${difference}. A variable of a module, a static field, a prototype or a ` +
        "global is changed; in reality each replica is a process of its own. Keep it in the replica.",
    );
  }

  /** @throws {UserError} if two evaluations differ. */
  #compare(entry: Entry, a: Result, b: Result): void {
    const difference = differenceOf(a, b);
    if (difference === null) return;
    const [first, second] = [a.history.parent, b.history.parent];
    const how =
      first && second && !first.equals(second)
        ? `after two histories that lead to the same visible state: (1) ${listOf(first)}; (2) ${listOf(second)}`
        : `although it was made twice from the same history: ${first ? listOf(first) : "its start"}`;
    throw new UserError(
      "protocol-nondeterministic",
      `${this.#self} has hidden state: on ${wordsOf(entry)} it does different things, ${how}. First difference: ${difference}. ` +
        "Something that decides about its behaviour cannot be reached from the roots: a captured variable, a variable of a module, a static " +
        `field, an iterator; or, with unordered: true, the order in a Map, a Set or an object. Make it reachable from \`roots\`${this.#hint(first, second)}.`,
    );
  }

  /** Which level of sight would tell the states behind two histories apart, and where. */
  #hint(a: History | null, b: History | null): string {
    if (!a || !b || a.equals(b)) return "";
    for (const [see, making] of this.#making.closer()) {
      try {
        const closer = new Instances(making, this.#self, this.#ids, JSON.parse(this.#config) as Config);
        const [one, other] = [a, b].map((history) => making.snapshots.of(closer.#remake(history).node));
        if (one !== other)
          return `, or have it seen by \`see: "${see}"\`, which tells these states apart: ${firstDifference(one!, other!)}`;
      } catch (error) {
        if (!(error instanceof UserError)) throw error; // what the class cannot do under more sight is no news here
      }
    }
    return "";
  }
}

/**
 * A result of an instance that has come to a state by whatever way, as one of the state's own history: an instance may have had any number
 * of inputs besides that have changed nothing.
 */
function after(history: History, result: Result): Result {
  if (result.history.length <= history.length + 1) return result;
  return { ...result, history: new History(history, result.history.entry) };
}

function apply(node: Node, entry: Entry): void {
  if (entry[0] === "message") node.message(entry[1], entry[2]);
  else if (entry[0] === "timer") node.fire(entry[1]);
  else if (entry[0] === "request") node.request(entry[1]);
}

function choicesOf(entry: Entry): readonly number[] {
  return entry.filter((item, index) => index > 0 && typeof item === "number") as number[];
}

/** The choices after these in order, or null if there are none. */
function following(choices: readonly number[], drawn: readonly number[]): number[] | null {
  const all = drawn.map((_, index) => choices[index] ?? 0);
  while (all.length > 0) {
    const last = all.length - 1;
    if (all[last]! + 1 < drawn[last]!) {
      all[last]!++;
      return all;
    }
    all.pop();
  }
  return null;
}

function differenceOf(a: Result, b: Result): string | null {
  if (a.at !== b.at) return firstDifference(a.at, b.at);
  const parts = ["view", "sent", "said", "set", "cancelled", "drawn"] as const;
  const words = {
    view: "view()",
    sent: "what it sends",
    said: "what it says",
    set: "the timers that it sets",
  };
  for (const part of parts) {
    const [mine, others] = [JSON.stringify(a[part]), JSON.stringify(b[part])];
    if (mine !== others) return `${words[part as "view"] ?? part}: ${clip(mine)} or ${clip(others)}`;
  }
  return null;
}

function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

/** An input in words. */
function wordsOf(entry: Entry): string {
  switch (entry[0]) {
    case "start":
      return "its start";
    case "message":
      return `the message ${clip(entry[2])} from ${entry[1]}`;
    case "timer":
      return `the timer ${entry[1]}`;
    case "request":
      return `the request ${clip(entry[1])}`;
  }
}

/** A history in words; of a long one the beginning and the end. */
function listOf(history: History): string {
  const words = history.entries().map((entry) => wordsOf(entry));
  const left = words.length - maxTold;
  if (left > 1) words.splice(2, left, `${left} more inputs`);
  return words.join(", then ");
}

function forgetOldest(map: Map<string, unknown>): void {
  if (map.size <= maxRemembered) return;
  for (const key of map.keys()) {
    map.delete(key);
    break;
  }
}
