// The mapping file: what others' records mean in the words of a protocol. Declarative: conditions, patterns and expressions over the fields of
// a record; no code. docs/mapping.md explains it.

import * as Schema from "effect/Schema";
import { document } from "../../files/document.js";
import { readJson } from "../../files/json.js";
import type { Json } from "../../protocol/index.js";

const text = Schema.String;
/** An expression, or a pattern made of expressions: see expression.ts. */
const value = Schema.Unknown;
const pattern = Schema.Unknown;
/** By the path of a field: what it must be. */
const conditions = Schema.Record(text, value);

const MessageInput = Schema.Struct({
  message: pattern,
  /** Who sent it: an expression. */
  from: value,
});
const TimerInput = Schema.Struct({ timer: value });
const RequestInput = Schema.Struct({ request: pattern });

const RuleSchema = Schema.Struct({
  /** What it is for, for people. */
  about: Schema.optionalKey(text),
  when: conditions,
  /** Whose event it is; default: that of the whole file. */
  node: Schema.optionalKey(value),
  /** Why these events say nothing about the model. */
  ignore: Schema.optionalKey(text),
  /** The input that the node takes. */
  input: Schema.optionalKey(Schema.Union([MessageInput, TimerInput, RequestInput])),
  /** Where the behaviour has a choice: the label, an expression; or `first`: whichever is possible first. Default: any. */
  choice: Schema.optionalKey(value),
  /** What the node has sent by now (after the input). */
  sent: Schema.optionalKey(Schema.Array(Schema.Struct({ to: Schema.optionalKey(value), message: pattern }))),
  /** Events of properties that the node has shown by now. */
  shown: Schema.optionalKey(Schema.Array(pattern)),
  /** The node's state before the input. */
  before: Schema.optionalKey(pattern),
  /** The node's state (after the input). */
  state: Schema.optionalKey(pattern),
  /** States of several nodes, by their ids. */
  states: Schema.optionalKey(Schema.Record(text, pattern)),
});

const UnloggedSchema = Schema.Struct({
  inputs: Schema.Array(Schema.Union([MessageInput, TimerInput, RequestInput])),
  /** At most so many before an event, at its node. */
  max: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
});

/** The schema of a mapping file. */
export const MapSchema = Schema.Struct({
  format: Schema.Literal("turncoat-map"),
  version: Schema.Literal(1),
  about: Schema.optionalKey(text),
  protocol: text,
  /** What the protocol is given. */
  config: Schema.Record(text, value),
  /** Others' names of nodes, and ours. */
  nodes: Schema.Record(text, text),
  /** Nodes that may have said anything unforged. Default: none. */
  byzantine: Schema.optionalKey(Schema.Array(text)),
  /** Numbers and texts that rules use by name. */
  constants: Schema.optionalKey(Schema.Record(text, value)),
  /** Lines that are no events. */
  skip: Schema.optionalKey(Schema.Array(conditions)),
  /** Whose event a record is; an expression. */
  node: Schema.optionalKey(value),
  /** Of several rules whose condition holds the first counts. */
  rules: Schema.Array(RuleSchema),
  /** States of nodes after every event, by their ids. */
  states: Schema.optionalKey(Schema.Record(text, pattern)),
  /** Whether every node was given all its requests before the first event, as in checks without clients. Default: no. */
  given: Schema.optionalKey(Schema.Boolean),
  /** Inputs that may have happened without a line. Default: none. */
  unlogged: Schema.optionalKey(UnloggedSchema),
  /** The most explanations that are followed at the same time. Default: 1,000. */
  candidates: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))),
});

/** A mapping. */
export type MapFile = typeof MapSchema.Type;
export type MapRule = typeof RuleSchema.Type;
export type MappedInput = NonNullable<MapRule["input"]>;
export type Pattern = Json;

/** Reads a mapping. @throws {UserError} `bad-file` with the path of every problem. */
export function readMap(file: string): MapFile {
  return document(MapSchema, readJson(file), `${file} is not a mapping`);
}
