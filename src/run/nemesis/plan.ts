// A nemesis: what goes wrong while a cluster runs. Byzantine replicas lie from the beginning to the end; faults of machines and of the network
// come one after another, and end.

import { statSync } from "node:fs";
import * as Schema from "effect/Schema";
import { document } from "../../files/document.js";
import { readJson } from "../../files/json.js";
import { UserError } from "../../model/errors.js";
import type { NodeId } from "../../protocol/index.js";

/** The faults of machines and of the network, each with one sentence. */
export const faultKinds = {
  kill: "a replica is killed (SIGKILL), and begins again from its log",
  "kill-all": "all replicas are killed at once, and begin again",
  stop: "a replica's process is stopped (SIGSTOP), and goes on",
  clock: "a replica's clock jumps forwards by a minute, and back",
  "full-disk": "a replica's log finds no space: it has to end, and begins again when there is space",
  partition: "no message passes between two halves of the replicas",
  "one-way": "what a replica sends reaches nobody, and it hears everything",
  delay: "messages between replicas take 50 to 150 milliseconds longer",
  loss: "one in fifty pieces of what is sent is lost, with its connection",
} as const;
export type FaultKind = keyof typeof faultKinds;

const kinds = Object.keys(faultKinds) as [FaultKind, ...FaultKind[]];
const Seconds = Schema.Finite.check(Schema.isGreaterThan(0));

const PlannedFault = Schema.Struct({
  fault: Schema.Literals(kinds),
  /** Whom it hits; for `partition` one side. Default: drawn anew each time, of the correct replicas. */
  nodes: Schema.optionalKey(Schema.Array(Schema.String)),
  /** How long it lasts. Default: 2 seconds. */
  seconds: Schema.optionalKey(Seconds),
});
export type PlannedFault = typeof PlannedFault.Type;

/** A nemesis as its file has it. */
export const NemesisFile = Schema.Struct({
  /** By replica: the kind of Byzantine node that it is. Default: none. */
  byzantine: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  /** In this order, over and over. Default: none. */
  faults: Schema.optionalKey(Schema.Array(PlannedFault)),
  /** The pause between a fault and the next one. Default: 2 seconds. */
  calmSeconds: Schema.optionalKey(Seconds),
  /** How many faults happen in all. Default: they come until nine tenths of the requests were served. */
  times: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))),
});

/** A nemesis. */
export interface NemesisPlan {
  readonly byzantine: { readonly [replica: NodeId]: string };
  readonly faults: readonly (PlannedFault & { readonly seconds: number })[];
  readonly calmSeconds: number;
  /** How many faults happen in all, at most. */
  readonly times: number;
}

const [usualSeconds, usualCalmSeconds] = [2, 2];

/**
 * A nemesis as it is asked for: the name of a file, or names with commas between them: faults, kinds of Byzantine nodes (`lying-voter`: the first
 * replica that has no other), and `r2=lying-voter`.
 *
 * @throws {UserError} `bad-option` for a name that means nothing, or a replica that there is not.
 */
export function nemesisPlan(
  text: string,
  replicas: readonly NodeId[],
  byzantineKinds: readonly string[],
): NemesisPlan {
  const isFile = statSync(text, { throwIfNoEntry: false })?.isFile() ?? false;
  const {
    byzantine = {},
    faults = [],
    calmSeconds = usualCalmSeconds,
    times = Number.POSITIVE_INFINITY,
  }: typeof NemesisFile.Type = isFile
    ? document(NemesisFile, readJson(text), `${text} is not a nemesis's file`)
    : fromNames(text, replicas, byzantineKinds);
  for (const [node, kind] of Object.entries(byzantine))
    if (!byzantineKinds.includes(kind))
      throw new UserError(
        "bad-option",
        `${node} cannot be ${kind}: use one of ${byzantineKinds.join(", ")}.`,
      );
  for (const node of [...Object.keys(byzantine), ...faults.flatMap(({ nodes = [] }) => nodes)])
    if (!replicas.includes(node))
      throw new UserError("bad-option", `There is no replica ${node}; there are ${replicas.join(", ")}.`);
  if (Object.keys(byzantine).length === replicas.length)
    throw new UserError("bad-option", "With every replica Byzantine there is nobody left to observe.");
  return {
    byzantine,
    faults: faults.map((fault) => ({ ...fault, seconds: fault.seconds ?? usualSeconds })),
    ...{ calmSeconds, times },
  };
}

function fromNames(
  text: string,
  replicas: readonly NodeId[],
  byzantineKinds: readonly string[],
): typeof NemesisFile.Type {
  const byzantine: { [replica: NodeId]: string } = {};
  const faults: PlannedFault[] = [];
  for (const name of text.split(",")) {
    const [, node, kind] = /^(\w+)=(.+)$/.exec(name) ?? [];
    const free = replicas.find((one) => byzantine[one] === undefined);
    if (node !== undefined) byzantine[node] = kind!;
    else if (name in faultKinds) faults.push({ fault: name as FaultKind });
    else if (byzantineKinds.includes(name) && free !== undefined) byzantine[free] = name;
    else
      throw new UserError(
        "bad-option",
        `There is no file ${name}, nor a fault of that name. Faults: ${kinds.join(", ")}. Byzantine replicas: ${byzantineKinds.join(", ")}.`,
      );
  }
  return { byzantine, faults };
}
