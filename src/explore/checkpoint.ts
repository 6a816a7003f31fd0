// A search on disk, from which it can go on after an interrupt, a limit or a crash. Interned ids mean
// something in one process only. So the file begins with what they stand for (messages, local states,
// components, observations and actions, as data), each once. The records of the visited set follow, in the
// order of discovery: width + 1 integers each (the vector, the parent). A search for liveness also keeps which component leads to which, for
// these decide whether executions may go round in circles: states that were expanded before are not expanded again.

import type { Identity } from "../identity/identity.js";
import { refuseOtherCode } from "../identity/refuse.js";
import type { SerializedInbox } from "../model/channels.js";
import { UserError } from "../model/errors.js";
import type { Missed } from "../model/liveness.js";
import type { NodeTable } from "../model/node-table.js";
import type { SerializedCause } from "../model/reactions.js";
import { checksLiveness } from "../model/setting.js";
import type { TransitionSystem } from "../model/system.js";
import type { Json } from "../protocol/index.js";
import { version } from "../version.js";
import {
  type CheckpointSink,
  type CheckpointSource,
  readingCheckpointFile,
  writeCheckpointFile,
} from "./checkpoint-file.js";
import type { Reduction } from "./search-result.js";
import type { StateList } from "./state-list.js";
import type { LearnedTallies } from "./tallies/tallies.js";
import type { TallyReliance } from "./tallies/tally-book.js";
import type { VisitedSet } from "./visited.js";

const format = "turncoat-checkpoint";
const recordsAtOnce = 1 << 14;
const edgesInLine = 1 << 12;

/** What a search has counted so far. */
export interface Counters {
  readonly transitions: number;
  readonly decisions: number;
  readonly expanded: number;
  readonly depth: number;
  readonly levelEnd: number;
  readonly seconds: number;
  /** Whether the records have parents. */
  readonly hasPaths: boolean;
  /** See `Reactions.mayIdle`; absent: nobody knows. */
  readonly mayIdle?: boolean;
  /** See `Reactions.hasLeftBounds`; absent: false. */
  readonly hasLeftBounds?: boolean;
  /** Goals that are missed where the bounds may be to blame; absent: none. */
  readonly undecided?: readonly Missed[];
  /** How far the search has relied on tallies; absent: not at all. */
  readonly tallies?: TallyReliance;
  /** By node, which inputs it then knew to be of one tally. */
  readonly learnedTallies?: readonly LearnedTallies[];
}

/** The first line. */
export interface CheckpointHeader {
  readonly format: typeof format;
  readonly turncoat: string;
  /** What is being checked, in the words of whoever asked: compared when the search is resumed. */
  readonly setting: Json;
  /** What the setting was made of; not in files of earlier versions. */
  readonly identity?: Identity;
  readonly reduction: Reduction;
  readonly counters: Counters;
  /** How many lines follow for each of these, in this order. */
  readonly messages: number;
  readonly nodes: readonly {
    readonly timers: readonly string[];
    readonly locals: number;
    readonly outboxes: number;
    readonly components: number;
  }[];
  readonly observations: number;
  readonly inboxes: number;
  readonly causes: number;
  /** By node, how many lines follow with components that lead to others; absent: such are not needed, or the file is older. */
  readonly edges?: readonly number[];
  /** How many records follow. */
  readonly states: number;
}

/** A component in numbers of the file: its local state, timers (bit mask), outbox and crashes. */
type ComponentLine = readonly [local: number, timers: number, outbox: number, crashes: number];

/** An outbox in numbers of the file. */
type OutboxLine = readonly (readonly [message: number, recipients: number])[];

/** What is checked, in the words of whoever asked, and what it is made of. */
export interface CheckedSetting {
  readonly setting: Json;
  readonly identity?: Identity;
}

/** Writes a checkpoint, in place of an older one. @throws {UserError} `bad-file` if that is not possible. */
export function writeCheckpoint(
  file: string,
  { setting, identity }: CheckedSetting,
  reduction: Reduction,
  system: TransitionSystem,
  states: StateList,
  counters: Counters,
): void {
  const { nodes, observations, channels } = system;
  const messages = messagesIn(nodes);
  const causes = system.reactions.serializeCauses();
  const edges = checksLiveness(system.setting) ? nodes.map((_, node) => edgeLines(system, node)) : null;
  const header: CheckpointHeader = {
    ...{ format, turncoat: version, setting, ...(identity && { identity }), reduction, counters },
    messages: messages.size,
    nodes: nodes.map(({ timers, localCount, outboxes, localOf }) => ({
      timers,
      locals: localCount,
      outboxes: outboxes.length,
      components: localOf.length,
    })),
    observations: observations.count,
    inboxes: channels?.count ?? 0,
    causes: causes.length,
    ...(edges && { edges: edges.map(({ length }) => length) }),
    states: states.count,
  };
  writeCheckpointFile(file, (sink) => {
    sink.line(header);
    for (const message of messages.keys()) sink.line(system.messageOf(message));
    for (const table of nodes) writeNode(sink, table, messages);
    for (let id = 0; id < header.observations; id++) sink.line(observations.monitorStates(id));
    for (let id = 0; id < header.inboxes; id++) sink.line(channels!.serialize(id));
    for (const cause of causes) sink.line(cause);
    for (const line of edges?.flat() ?? []) sink.line(line);
    writeRecords(sink, states);
  });
}

/** Messages that stand in some outbox, numbered in the order in which they come. */
function messagesIn(nodes: readonly NodeTable[]): ReadonlyMap<number, number> {
  const messages = new Map<number, number>();
  for (const [message] of nodes.flatMap(({ outboxes }) => outboxes.flat()))
    if (!messages.has(message)) messages.set(message, messages.size);
  return messages;
}

function writeNode(sink: CheckpointSink, table: NodeTable, messages: ReadonlyMap<number, number>): void {
  const { localCount, outboxes, localOf, timersOf, outboxOf, crashesOf } = table;
  for (let local = 0; local < localCount; local++) sink.line(table.localState(local));
  for (const outbox of outboxes)
    sink.line(outbox.map(([message, recipients]) => [messages.get(message), recipients]));
  for (const [component, local] of localOf.entries())
    sink.line([local, timersOf[component], outboxOf[component], crashesOf[component]]);
}

/** Which components of a node lead to which others, each pair once: lines of [from, to, from, to, ...]. */
function edgeLines({ reactions }: TransitionSystem, node: number): readonly (readonly number[])[] {
  const known = new Map<number, Set<number>>();
  const lines: number[][] = [];
  for (const [from, to] of reactions.edges(node)) {
    const targets = known.get(from) ?? new Set();
    if (targets.has(to)) continue;
    known.set(from, targets.add(to));
    const last = lines.at(-1);
    if (last && last.length < 2 * edgesInLine) last.push(from, to);
    else lines.push([from, to]);
  }
  return lines;
}

function writeRecords(sink: CheckpointSink, states: StateList): void {
  const stride = states.width + 1;
  const records = new Int32Array(recordsAtOnce * stride);
  const vector = new Int32Array(states.width);
  for (let first = 0; first < states.count; first += recordsAtOnce) {
    const count = Math.min(recordsAtOnce, states.count - first);
    for (let index = 0; index < count; index++) {
      records.set(states.read(first + index, vector), index * stride);
      records[index * stride + states.width] = states.parent(first + index);
    }
    sink.records(records.subarray(0, count * stride));
  }
}

/**
 * Reads what a checkpoint is about.
 *
 * @throws {UserError} `bad-file` if it is none, or damaged: its setting is made use of as it is.
 */
export function readCheckpointHeader(file: string): CheckpointHeader {
  return readingCheckpointFile(file, (source) => {
    const header = headerOf(file, source);
    source.verify();
    return header;
  });
}

function headerOf(file: string, source: CheckpointSource): CheckpointHeader {
  const header = source.line() as CheckpointHeader | null;
  if (header?.format !== format) throw source.damaged();
  if (header.turncoat !== version)
    throw new UserError(
      "bad-file",
      `${file} was written by Turncoat ${header.turncoat}, and this is ${version}.`,
    );
  return header;
}

/**
 * Restores a checkpoint into a new system and visited set, and returns its header.
 *
 * @throws {UserError} `bad-file` if it is damaged, foreign, of another version, or about another setting or
 * other code.
 */
export function restoreCheckpoint(
  file: string,
  { setting, identity }: CheckedSetting,
  reduction: Reduction,
  system: TransitionSystem,
  visited: VisitedSet,
): CheckpointHeader {
  return readingCheckpointFile(file, (source) => {
    const header = headerOf(file, source);
    if (JSON.stringify([header.setting, header.reduction]) !== JSON.stringify([setting, reduction]))
      throw new UserError(
        "bad-file",
        `${file} is a checkpoint of another run: ${JSON.stringify(header.setting)}.`,
      );
    if (identity) refuseOtherCode(file, header.identity, identity.parts);
    source.verify();
    const numbers = adopted(source, header, system);
    if (source.left !== header.states * (visited.width + 1) * 4) throw source.damaged();
    restoreRecords(source, header.states, numbers, visited);
    if (!beginsAs(system, visited))
      throw new UserError("bad-file", `${file} is a checkpoint of another version of the protocol.`);
    return header;
  });
}

/** For each place of a vector what the numbers of the file are here; null where they are the same. */
type Numbers = readonly (Int32Array | null)[];

function adopted(source: CheckpointSource, header: CheckpointHeader, system: TransitionSystem): Numbers {
  const messages = source.lines<Json>(header.messages);
  const components = header.nodes.map((counts, node) =>
    adoptedComponents(source, counts, messages, system.nodes[node]!),
  );
  const observations = source
    .lines<readonly Json[]>(header.observations)
    .map((states) => system.observations.deserialize(states));
  const inboxes = source
    .lines<SerializedInbox>(header.inboxes)
    .map((inbox) => system.channels!.deserialize(inbox));
  system.reactions.deserializeCauses(source.lines<SerializedCause>(header.causes));
  for (const [node, lines] of (header.edges ?? []).entries()) {
    const pairs = source.lines<readonly number[]>(lines).flat();
    system.reactions.adoptEdges(
      node,
      Int32Array.from(pairs, (component) => components[node]![component]!),
    );
  }
  const places: (Int32Array | null)[] = [...components];
  if (system.channels) for (const _ of components) places.push(Int32Array.from(inboxes));
  while (places.length < system.width - 1) places.push(null);
  return [...places, Int32Array.from(observations)];
}

function adoptedComponents(
  source: CheckpointSource,
  { timers, locals, outboxes, components }: CheckpointHeader["nodes"][number],
  messages: readonly Json[],
  table: NodeTable,
): Int32Array {
  const states = source.lines<Json>(locals);
  const sent = source
    .lines<OutboxLine>(outboxes)
    .map((outbox) => outbox.map(([message, recipients]) => [messages[message]!, recipients] as const));
  return Int32Array.from({ length: components }, () => {
    const [local, mask, outbox, crashes] = source.line() as ComponentLine;
    return table.deserialize({
      local: states[local]!,
      timers: timers.filter((_, timer) => mask & (1 << timer)),
      sent: sent[outbox]!,
      crashes,
    });
  });
}

function restoreRecords(
  source: CheckpointSource,
  states: number,
  numbers: Numbers,
  visited: VisitedSet,
): void {
  const { width } = visited;
  const vector = new Int32Array(width);
  for (let first = 0; first < states; first += recordsAtOnce) {
    const records = source.records(Math.min(recordsAtOnce, states - first) * (width + 1));
    for (let at = 0; at < records.length; at += width + 1) {
      for (let place = 0; place < width; place++) {
        const number = records[at + place]!;
        const known = numbers[place];
        const here = known ? known[number] : number;
        if (here === undefined) throw source.damaged();
        vector[place] = here;
      }
      visited.add(vector, records[at + width]!);
    }
  }
}

/** Whether the states that were discovered first are the initial ones. */
function beginsAs(system: TransitionSystem, visited: VisitedSet): boolean {
  const initial = new Set(system.initial().map(({ vector }) => `${vector}`));
  const vector = new Int32Array(visited.width);
  const end = Math.min(initial.size, visited.count);
  for (let state = 0; state < end; state++)
    if (visited.parent(state) !== -1 || !initial.delete(`${visited.read(state, vector)}`)) return false;
  return initial.size === 0;
}
