// Network partitions: which cuts there can be between the correct replicas, and which one there is in a state.
//
// The three shapes of the field (Jepsen's nemeses): both ways (two groups, nothing passes between them), one way
// (nothing passes from the first group to the second, all passes back), and bridge (one replica sees both groups).
//
// Links are ordered, as connections are, and a cut breaks them: what is on its way across it is lost, and so is
// what is sent across it until it heals. (That what is on its way is only held up, and arrives after a short
// partition, is what the same network does without the cut: every message may take any time.) There is one cut at a time; another
// one begins after it has healed. Every cut heals in the end: for liveness that is owed. Clients reach all replicas,
// and Byzantine nodes are as strong as without the cut: they stand on both sides of it.

import type { NodeId } from "../protocol/index.js";
import type { PartitionKind } from "./action.js";
import { UserError } from "./errors.js";

/** The shapes of cuts. */
export type PartitionShape = "both-ways" | "one-way" | "bridge";

/** A cut: nothing passes between its two sides, or, if it is one way, from the first to the second. */
export interface Cut {
  readonly sides: readonly [readonly NodeId[], readonly NodeId[]];
  readonly oneWay?: true;
}

/** More cuts than this make no search that ends. */
const maxCuts = 1000;

/** All cuts of a run, and what the integer in a state vector says about them. */
export class Partitions {
  /** The cuts; number 0 of a state stands for none, number k for the k-th of these. */
  readonly cuts: readonly Cut[];
  readonly #indices: ReadonlyMap<NodeId, number>;
  readonly #numbers: ReadonlyMap<string, number>;
  /** Per cut and sender: the receivers that it does not reach, as a bit mask. */
  readonly #blocked: readonly Int32Array[];

  /**
   * `ids`: all nodes of the run; `replicas`: the indices of those that can be parted.
   *
   * @throws {UserError} `bad-option` if there are more than a thousand cuts.
   */
  constructor(shape: PartitionShape | null, ids: readonly NodeId[], replicas: readonly number[]) {
    const parted = replicas.map((index) => ids[index]!);
    this.#indices = new Map(parted.map((id) => [id, ids.indexOf(id)]));
    if (shape !== null && parted.length > 12) tooMany(parted.length);
    this.cuts = shape === null ? [] : cutsOf[shape](parted);
    if (this.cuts.length > maxCuts) tooMany(parted.length);
    this.#numbers = new Map(this.cuts.map((cut, index) => [keyOf(cut), index + 1]));
    this.#blocked = [null, ...this.cuts].map((cut) => this.#blockedBy(cut, ids.length));
  }

  /** The cut that there is in a state, by number; 0: none. `what` stands in its vector. */
  current(what: number): number {
    return this.cuts.length === 0 ? 0 : what % (this.cuts.length + 1);
  }

  /** How many cuts there have been. */
  happened(what: number): number {
    return this.cuts.length === 0 ? 0 : Math.floor(what / (this.cuts.length + 1));
  }

  /** What stands in a vector: this cut, after so many. */
  standing(current: number, happened: number): number {
    return happened * (this.cuts.length + 1) + current;
  }

  /** The nodes that do not get what a node sends, as a bit mask. */
  blockedFrom(what: number, from: number): number {
    return (this.#blocked[this.current(what)] as Int32Array)[from] as number;
  }

  /** The number of a cut that is described as data; undefined if there is none such. */
  numberOf(cut: Cut): number | undefined {
    return this.#numbers.get(keyOf(cut));
  }

  /** The action that makes the cut with this number, or heals it. */
  action(kind: PartitionKind, number: number) {
    return { kind, ...this.cuts[number - 1]! };
  }

  /** The number of a cut when every node has the name of another one. */
  renamed(what: number, rename: (id: NodeId) => NodeId): number {
    const current = this.current(what);
    if (current === 0) return what;
    const { sides, ...way } = this.cuts[current - 1]!;
    const [first, second] = [sides[0].map(rename), sides[1].map(rename)];
    return this.standing(this.numberOf({ sides: [first, second], ...way })!, this.happened(what));
  }

  #blockedBy(cut: Cut | null, count: number): Int32Array {
    const blocked = new Int32Array(count);
    if (cut === null) return blocked;
    const block = (senders: readonly NodeId[], receivers: readonly NodeId[]) => {
      for (const from of senders)
        for (const to of receivers)
          blocked[this.#indices.get(from)!] =
            blocked[this.#indices.get(from)!]! | (1 << this.#indices.get(to)!);
    };
    const [first, second] = cut.sides;
    block(first, second);
    if (!cut.oneWay) block(second, first);
    return blocked;
  }
}

/** Equal for the same cut, in whatever order its nodes and, if it is both ways, its sides stand. */
function keyOf({ sides, oneWay }: Cut): string {
  const texts = sides.map((side) => [...side].sort().join());
  return oneWay ? texts.join(" to ") : texts.sort().join(" and ");
}

const cutsOf: { readonly [shape in PartitionShape]: (ids: readonly NodeId[]) => Cut[] } = {
  "both-ways": (ids) => splits(ids).map((sides) => ({ sides })),
  "one-way": (ids) =>
    splits(ids).flatMap(([first, second]): Cut[] => [
      { sides: [first, second], oneWay: true },
      { sides: [second, first], oneWay: true },
    ]),
  bridge: (ids) =>
    ids.flatMap((bridge) => splits(ids.filter((id) => id !== bridge)).map((sides) => ({ sides }))),
};

/** All ways to part nodes into two groups, neither of them empty; the first node is in the first one. */
function splits(ids: readonly NodeId[]): (readonly [readonly NodeId[], readonly NodeId[]])[] {
  const count = 2 ** Math.max(0, ids.length - 1) - 1;
  return Array.from({ length: count }, (_, others) => {
    const isFirst = (index: number) => index === 0 || (others & (1 << (index - 1))) !== 0;
    return [ids.filter((_, index) => isFirst(index)), ids.filter((_, index) => !isFirst(index))] as const;
  });
}

function tooMany(count: number): never {
  throw new UserError(
    "bad-option",
    `${count} correct replicas can be parted in more than ${maxCuts} ways; use fewer --replicas, or --network lossy-fifo:K.`,
  );
}
