// The record of a node's run, in NDJSON: a head, then a line for each step of the node's behaviour, with its input, what came of it, and
// a vector clock. docs/run.md documents it.

import * as Schema from "effect/Schema";
import { canonicalizer } from "../model/canonical.js";
import type { Effect, Event, Json, NodeId } from "../protocol/index.js";

/** The first line of a record. */
export const RecordHead = Schema.Struct({
  kind: Schema.Literal("head"),
  format: Schema.Literal("turncoat-record"),
  version: Schema.Literal(1),
  /** The version of Turncoat that wrote it. */
  turncoat: Schema.String,
  /** The id of the cluster. */
  cluster: Schema.String,
  node: Schema.String,
  protocol: Schema.String,
  /** What the node knows: its `Config`. */
  config: Schema.Record(Schema.String, Schema.Unknown),
  /**
   * What the code was made of that wrote this file: see `Parts`. Of a record of several files, or one that was merged: each such code, the
   * first one first. Records of earlier versions of Turncoat do not say it.
   */
  code: Schema.optionalKey(Schema.Array(Schema.Record(Schema.String, Schema.String))),
  /** Which file of a record this is that has several, from 2 on. Default: the first. */
  part: Schema.optionalKey(Schema.Int),
  /** The clock of the last step in the file before this one. Default: there is none. */
  clock: Schema.optionalKey(Schema.Record(Schema.String, Schema.Number)),
});
export type RecordHead = typeof RecordHead.Type;

/**
 * The number of this step among those of its node; and of each other node the last step that the node has received something from. What
 * comes before follows from it step by step.
 */
export type Clock = { readonly [node: NodeId]: number };

/** An input as it is recorded. */
export type RecordedInput =
  | { readonly kind: "start" }
  /** After a crash, with what was on the disk; `kept`: the number of the node's last step that the disk has. Later ones are undone. */
  | { readonly kind: "restart"; readonly stable: Json; readonly kept?: number }
  | {
      readonly kind: "message";
      readonly from: NodeId;
      /** Who sent it, if that is not its signer. */
      readonly via?: NodeId;
      readonly message: Json;
      /** The message was deferred, and is looked at again. */
      readonly again?: true;
    }
  | { readonly kind: "timer"; readonly timer: string }
  | { readonly kind: "request"; readonly request: Json };

/** A step of a node. */
export interface RecordedStep {
  readonly kind: "step";
  readonly node: NodeId;
  /** Milliseconds since 1970, by the node's own clock. It orders nothing. */
  readonly at: number;
  readonly clock: Clock;
  readonly input: RecordedInput;
  /** The label of the outcome, where there were several. */
  readonly choice?: string;
  readonly effects: readonly Effect<Json>[];
  readonly events: readonly Event[];
  /** The digest of the state after the step. */
  readonly digest: string;
}

const text = Schema.String;
const json = Schema.Unknown;
const input = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("start") }),
  Schema.Struct({ kind: Schema.Literal("restart"), stable: json, kept: Schema.optionalKey(Schema.Int) }),
  Schema.Struct({
    ...{ kind: Schema.Literal("message"), from: text, via: Schema.optionalKey(text), message: json },
    again: Schema.optionalKey(Schema.Literal(true)),
  }),
  Schema.Struct({ kind: Schema.Literal("timer"), timer: text }),
  Schema.Struct({ kind: Schema.Literal("request"), request: json }),
]);

/** Checks the frame of a step; see `canonicalizer`. What its messages and effects have to be is asked by whoever replays it. */
export const checkedStep = canonicalizer(
  Schema.Struct({
    kind: Schema.Literal("step"),
    ...{ node: text, at: Schema.Number },
    clock: Schema.Record(text, Schema.Number),
    input,
    choice: Schema.optionalKey(text),
    ...{ effects: Schema.Array(json), events: Schema.Array(json), digest: text },
  }),
);
