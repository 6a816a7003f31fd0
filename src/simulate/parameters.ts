// The parameters of simulations, one table: from it are made the options of `turncoat simulate` and their
// help, the words that sweeps can vary, the readers of values, the type of a run's parameters and their
// defaults.

import * as Schema from "effect/Schema";
import { declared } from "../catalogue/index.js";
import { mostFaults, usualReplicas } from "../model/contract.js";
import { everyProtocol } from "../parameters/every-protocol.js";
import { given, names } from "../parameters/kinds.js";
import { type OwnValues, settings } from "../parameters/own.js";
import { type Described, type ValueOf, withOption } from "../parameters/parameter.js";
import { pbftParameters } from "../parameters/pbft.js";
import { decimal } from "../parameters/readers.js";
import { setParameter } from "../parameters/set.js";
import { type Crash, CrashSchema, crashFrom } from "./crash.js";
import { CryptoCostsSchema, cryptoFrom } from "./crypto.js";
import { type Delay, DelaySchema } from "./delay.js";
import { delayFrom } from "./delay-words.js";
import { type Partition, PartitionSchema, partitionFrom } from "./partition.js";
import { type Placement, PlacementSchema, placementFrom } from "./placement.js";
import {
  amount,
  type Checked,
  checked,
  name,
  orNull,
  orUnsaid,
  positive,
  share,
  time,
  timeAbove0,
  whole,
} from "./value-kinds.js";

/** What the defaults of others depend on. */
export interface Before {
  readonly protocol: string;
  readonly replicas: number;
  readonly faults: number;
  readonly adversary: string | null;
}

/** What the table says of a parameter. */
export interface Simulated<K extends Checked<unknown>, Option extends string> extends Described<Option> {
  readonly kind: K;
  /** The default. */
  otherwise(before: Before): ValueOf<{ readonly kind: K }>;
  /** It is an argument of the command, and no option; sweeps vary it all the same. */
  readonly isArgument?: boolean;
  /** It stands in the configuration of the nodes, under the same name, unless it is null or false. */
  readonly isConfig?: boolean;
}

/** The option may be given several times, and what is read is put together. */
interface Repeated<T> extends Checked<T> {
  readonly repeats: true;
}

function simulated<const K extends Checked<unknown>, const Option extends string>(
  kind: K,
  otherwise: ValueOf<{ readonly kind: K }> | ((before: Before) => ValueOf<{ readonly kind: K }>),
  said: Omit<Simulated<K, Option>, "kind" | "otherwise">,
): Simulated<K, Option> {
  return { kind, otherwise: isFunction(otherwise) ? otherwise : () => otherwise, ...said };
}

function isFunction<T>(value: T | ((before: Before) => T)): value is (before: Before) => T {
  return typeof value === "function";
}

const partitions: Repeated<readonly Partition[]> = {
  ...checked((text) => [partitionFrom(text)], Schema.Array(PartitionSchema)),
  repeats: true,
};

const crashes: Repeated<readonly Crash[]> = {
  ...checked((text) => [crashFrom(text)], Schema.Array(CrashSchema)),
  repeats: true,
};

/** Said of what searches have, too. */
const { replicas, faults } = everyProtocol;
const { batch, window, checkpointInterval, pipeline, tentative, reads, readOnly, authentication } =
  pbftParameters;

const nodes = "Nodes and faults:";
const load = "Load:";
const network = "Network:";
const machines = "Machines and timers:";
const end = "The run:";

/** More are refused. */
const mostReplicas = 2000;

const simulationParameters = {
  protocol: simulated(name, "pbft", {
    ...{ option: "protocol", value: "<name>", help: "the protocol", byDefault: "pbft", isArgument: true },
  }),
  replicas: simulated(whole(1), (before) => usualReplicas(declared(before.protocol)), {
    ...told(replicas),
    option: "replicas",
    most: mostReplicas,
  }),
  faults: simulated(
    whole(0),
    (before) => mostFaults(declared(before.protocol), Math.min(before.replicas, mostReplicas)),
    {
      ...told(faults),
      option: "faults",
    },
  ),
  clients: simulated(whole(0), 1, {
    option: "clients",
    value: "<c>",
    help: "number of clients; 0: replicas hold all requests from the start",
    byDefault: "1",
    group: load,
    most: 10_000,
  }),
  requests: simulated(whole(1), 1, {
    option: "requests",
    value: "<r>",
    help: "requests of each client, one after the other",
    byDefault: "1",
    group: load,
    doc: "Without clients: how many there are.",
  }),
  payload: simulated(whole(0), 0, {
    option: "payload",
    value: "<bytes>",
    help: "what each request carries, in bytes",
    byDefault: "0",
    group: load,
    doc: "It counts wherever a message has the request itself, and not its digest.",
    most: 1_000_000_000,
  }),
  reads: simulated(orUnsaid(whole(0)), null, {
    ...told(reads),
    option: "reads",
    isConfig: true,
  }),
  readOnly: simulated(given, false, { ...told(readOnly), option: "readOnly", isConfig: true }),
  authentication: simulated(orUnsaid<string>(authentication.kind), null, {
    ...told(authentication),
    option: "authentication",
    isConfig: true,
  }),
  batch: simulated(whole(1), 1, {
    ...told(batch),
    option: "batch",
    help: "requests under one sequence number, at most",
    isConfig: true,
  }),
  pipeline: simulated(orNull(whole(1)), null, {
    ...told(pipeline),
    option: "pipeline",
    value: "<w>",
    help: "sequence numbers in flight, at most",
    byDefault: "the window",
    isConfig: true,
  }),
  checkpointInterval: simulated(orNull(whole(1)), 128, {
    ...told(checkpointInterval),
    option: "checkpointInterval",
    help: "a checkpoint every k sequence numbers, or none",
    byDefault: "128",
    isConfig: true,
  }),
  window: simulated(orNull(whole(1)), null, {
    ...told(window),
    option: "window",
    help: "sequence numbers above a stable checkpoint",
    byDefault: "2k",
    isConfig: true,
  }),
  tentative: simulated(given, false, {
    ...told(tentative),
    option: "tentative",
    help: "execute and answer once prepared, before the commit",
    isConfig: true,
  }),
  set: simulated<Repeated<OwnValues | undefined>, "set">({ ...settings, repeats: true }, undefined, {
    ...told(setParameter.set),
    option: "set",
    help: "parameters of the protocol's own; several with commas",
    isConfig: true,
  }),
  adversary: simulated(orNull(name), null, {
    option: "adversary",
    value: "<name>",
    help: "how Byzantine replicas misbehave; see: turncoat list puppets",
    byDefault: "none",
    group: nodes,
  }),
  byzantine: simulated(
    checked(placementFrom, PlacementSchema),
    // An adversary without a place gets f replicas, drawn from the seed.
    (before): Placement => (before.adversary === null ? [] : { count: before.faults, which: "any" }),
    {
      option: "byzantine",
      value: "<who>",
      help: "r0,r1 or how many: 3 (drawn from the seed), first:3 (the first primaries), last:3",
      byDefault: "f, with an adversary",
      group: nodes,
    },
  ),
  properties: simulated(orUnsaid(names), null, {
    option: "property",
    value: "<names>",
    help: "comma-separated",
    byDefault: "agreement, validity, and liveness",
    group: nodes,
  }),
  delay: simulated(
    checked<Delay>(delayFrom, DelaySchema),
    { kind: "constant", ms: 10 },
    {
      option: "delay",
      value: "<what>",
      help: "one way: 10, 5..35, normal:20,5, log-normal:20,0.3, wan:NAME, matrix:FILE",
      byDefault: "10; ms without a unit",
      group: network,
    },
  ),
  drop: simulated(share, 0, {
    option: "drop",
    value: "<p>",
    help: "probability that a message is lost",
    byDefault: "0",
    group: network,
    doc: "Probabilities are for each copy of each message.",
  }),
  duplicate: simulated(share, 0, {
    option: "duplicate",
    value: "<p>",
    help: "probability that a message arrives twice",
    byDefault: "0",
    group: network,
  }),
  reorder: simulated(share, 0, {
    option: "reorder",
    value: "<p>",
    help: "probability that a message is held up",
    byDefault: "0",
    group: network,
  }),
  reorderMs: simulated(time, 20, {
    option: "reorderBy",
    value: "<t>",
    help: "... by up to so much",
    byDefault: "20ms",
    group: network,
    doc: "Uniformly.",
  }),
  fifo: simulated(given, false, {
    option: "fifo",
    value: "",
    help: "what one node sends to another arrives in the order in which it was sent",
    byDefault: null,
    group: network,
    doc: "As over TCP: a message that is held up holds up those behind it.",
  }),
  maxMessage: simulated(orNull(whole(1)), null, {
    option: "maxMessage",
    value: "<bytes>",
    help: "longer messages are not sent",
    byDefault: "no limit",
    group: network,
    doc: "They are lost, and counted.",
  }),
  processingDelayMs: simulated(time, 0, {
    option: "processingDelay",
    value: "<t>",
    help: "how long a replica works on a message",
    byDefault: "0",
    group: machines,
    doc: "In that time it can do nothing else.",
  }),
  crypto: simulated(orNull(checked(cryptoFrom, CryptoCostsSchema)), null, {
    option: "crypto",
    value: "<costs>",
    help: "to sign, to verify, to hash 1,000 bytes: 25us/35us/2us, published, or measured (on this machine)",
    byDefault: "nothing",
    group: machines,
    doc: "A replica that signs, verifies or hashes can do nothing else in that time.",
  }),
  processors: simulated(orNull(whole(1)), null, {
    option: "processors",
    value: "<p>",
    help: "processors that all replicas share",
    byDefault: "each has its own",
    group: machines,
  }),
  bandwidthMbps: simulated(orNull(positive), null, {
    option: "bandwidth",
    value: "<mbps>",
    help: "what a node can send, in megabits per second",
    byDefault: "no limit",
    group: machines,
  }),
  timeoutMs: simulated(timeAbove0, 500, {
    option: "timeout",
    value: "<t>",
    help: "base of all timers",
    byDefault: "500ms",
    group: machines,
  }),
  timerJitter: simulated(orUnsaid(checked(decimal, amount)), null, {
    option: "timerJitter",
    value: "<p>",
    help: "each timer runs longer, by up to so much of its delay: with 1 up to twice as long",
    byDefault: "1 if the protocol names no leader of a view and is no class, otherwise 0",
    group: machines,
    doc: "Uniformly. Protocols whose servers stand for election, as those of Raft, break ties by it.",
  }),
  crashes: simulated(crashes, [], {
    option: "crash",
    value: "<what>",
    help: "as in r1:300..800: down from 300 ms on, back at 800 ms with what is on its disk; r1:300: it stays down (several: repeat)",
    byDefault: null,
    group: nodes,
    doc: "Messages for it wait until it is back. Who stays down is faulty.",
  }),
  partitions: simulated(partitions, [], {
    option: "partition",
    value: "<what>",
    help: "as in 100..2s:r0,r1|r2,r3: cut off from each other until it heals, and messages wait (several: repeat)",
    byDefault: null,
    group: network,
    doc: "Nodes that no group names reach everybody.",
  }),
  gstMs: simulated(orNull(time), null, {
    option: "gst",
    value: "<t>",
    help: "global stabilization time: after it nothing is dropped, and what was dropped before arrives",
    byDefault: "drops are final",
    group: network,
    doc: "The global stabilization time.",
  }),
  maxTimeMs: simulated(orNull(timeAbove0), null, {
    option: "maxTime",
    value: "<t>",
    help: "stop after so much virtual time",
    byDefault: "when nobody can be expected to be served",
    group: end,
  }),
  maxEvents: simulated(orNull(whole(1)), null, {
    option: "maxEvents",
    value: "<n>",
    help: "stop after so many events",
    byDefault: "no limit",
    group: end,
  }),
  seed: simulated(whole(0), 1, {
    option: "seed",
    value: "<n>",
    help: "everything random",
    byDefault: "a random one, printed",
    group: end,
  }),
};

/** What a table of searches says of a parameter that simulations have, too. */
function told({ value, help, byDefault, group, doc }: Described): Omit<Described, "option" | "most"> {
  return {
    ...{ value, help, byDefault },
    ...(group !== undefined && { group }),
    ...(doc !== undefined && { doc }),
  };
}

type Table = typeof simulationParameters;

/** An entry of the table without its types. */
export type AnySimulated = Simulated<Checked<unknown>, string>;

/** `[name, parameter, option]` for each parameter, in the order of the table. */
export const simulatedEntries = withOption<AnySimulated>(simulationParameters);

/**
 * One timed run in names and plain values, so that it can be printed, kept in files and sent to a worker. Without `set` the parameters of
 * the protocol's own have their defaults.
 */
export type ParameterValues = {
  readonly [Name in Exclude<keyof Table, "set">]: ValueOf<Table[Name]>;
} & { readonly set?: OwnValues };

/** What people write for a value. */
export type Word = string | number;

type WordFor<K> = K extends { readonly isSwitch: true }
  ? boolean
  : K extends { readonly repeats: true }
    ? Word | readonly string[]
    : Word;

/** The options of a simulation by their long names, unread. */
export type RawOptions = {
  readonly [Name in keyof Table as Table[Name]["option"]]?: WordFor<Table[Name]["kind"]>;
};
