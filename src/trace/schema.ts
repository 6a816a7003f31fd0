// The trace file: everything that is needed to repeat a violation, in names and whole messages. No interned
// id stands in it, so it survives any change of the model's insides, and it can be read (and reviewed, in a
// diff) without Turncoat.

import * as Schema from "effect/Schema";
import type { SettingDescription } from "../catalogue/index.js";
import type { Identity } from "../identity/identity.js";
import { IdentitySchema } from "../identity/schema.js";
import type { Action, ActionTimes, StartChoice } from "../model/action.js";
import { type FaultCode, faultCodes } from "../model/errors.js";
import { storedSchemas } from "../parameters/schemas.js";
import { parameters, timedParameters } from "../parameters/search.js";
import { NodeId } from "../protocol/index.js";
import type { RecordedStep, RecordHead } from "../records/index.js";
import { WordsFile } from "../simulate/words-schema.js";

/** What the field `format` of every trace says. */
export const traceFormat = "turncoat-trace";

/** The version of the format; it changes when old traces can no longer be read as they are. */
export const traceVersion = 1;

const Setting = Schema.Struct({
  /** A built-in name, a mutant's name, or a path (relative to the working directory). */
  protocol: Schema.String,
  config: Schema.Struct(storedSchemas(parameters, "config")),
  byzantine: Schema.Array(NodeId),
  adversary: Schema.NullOr(Schema.String),
  network: Schema.String,
  bounds: Schema.Struct(storedSchemas(parameters, "bounds")),
  properties: Schema.Array(Schema.String),
  /** See `Timing`. */
  timing: Schema.optionalKey(Schema.Struct(storedSchemas(timedParameters, "timing"))),
});

/**
 * A message in front of its receiver; one struct for each kind, so that errors name the field that is
 * wrong.
 */
function delivery<Kind extends "deliver" | "inject" | "relay">(kind: Kind) {
  return Schema.Struct({
    kind: Schema.Literal(kind),
    from: NodeId,
    via: Schema.optionalKey(NodeId),
    to: NodeId,
    /** A whole message. It is checked against the protocol's own schema when the trace is replayed. */
    message: Schema.Unknown,
    choice: Schema.optionalKey(Schema.String),
  });
}

const TimerAction = Schema.Struct({
  kind: Schema.Literal("timer"),
  node: NodeId,
  timer: Schema.String,
  choice: Schema.optionalKey(Schema.String),
});

/** The network does something to a message on its way. */
function networkFault<Kind extends "lose" | "duplicate">(kind: Kind) {
  return Schema.Struct({ kind: Schema.Literal(kind), from: NodeId, to: NodeId, message: Schema.Unknown });
}

/** The network is parted, or is whole again. */
function partition<Kind extends "cut" | "heal">(kind: Kind) {
  const side = Schema.Array(NodeId).check(Schema.isMinLength(1));
  return Schema.Struct({
    kind: Schema.Literal(kind),
    sides: Schema.Tuple([side, side]),
    oneWay: Schema.optionalKey(Schema.Literal(true)),
  });
}

const Crash = Schema.Struct({ kind: Schema.Literal("crash"), node: NodeId });
const Restart = Schema.Struct({
  kind: Schema.Literal("restart"),
  node: NodeId,
  choice: Schema.optionalKey(Schema.String),
});

const AnyAction = Schema.Union([
  delivery("deliver"),
  delivery("inject"),
  delivery("relay"),
  networkFault("lose"),
  networkFault("duplicate"),
  partition("cut"),
  partition("heal"),
  TimerAction,
  Crash,
  Restart,
]).annotate({
  expected: "an action of kind deliver, inject, relay, lose, duplicate, cut, heal, timer, crash or restart",
});

/** The times of a timed run: see `ActionTimes`. */
const ScheduleFields = Schema.Struct({
  timesMs: Schema.Array(Schema.Number),
  untilMs: Schema.Number,
  againMs: Schema.optionalKey(Schema.Number),
});

/** The schema of a {@link Trace}. */
export const Trace = Schema.Struct({
  format: Schema.Literal(traceFormat),
  version: Schema.Literal(traceVersion),
  /** The version of Turncoat that wrote the file. */
  turncoat: Schema.String,
  /** What the code was made of that violated the property; not in traces of earlier versions. */
  identity: Schema.optionalKey(IdentitySchema),
  /** How it was found: a command line, a seed. For people only. */
  origin: Schema.optionalKey(Schema.String),
  violates: Schema.Struct({
    property: Schema.String,
    /** One sentence that names the conflicting facts. */
    explanation: Schema.String,
  }),
  /**
   * The run ends with an exception or another fault of somebody's code, of this kind, and not with a
   * violation; `explanation` is its message, and the property one that was watching (or the one at fault).
   */
  throws: Schema.optionalKey(Schema.Literals(faultCodes)),
  /** What a replay is expected to answer; a corpus trace of a repaired flaw `holds now`. */
  expect: Schema.Union([Schema.Literal("reproduced"), Schema.Literal("holds now")]),
  /** Whether removing any single action is known to lose the violation. */
  minimal: Schema.optionalKey(Schema.Boolean),
  setting: Setting,
  /** Which start each node took, for the nodes that had a choice. */
  start: Schema.Record(NodeId, Schema.String),
  actions: Schema.Array(AnyAction),
  /** For liveness: what can be repeated for ever after the actions. */
  loop: Schema.optionalKey(Schema.Array(AnyAction)),
  /** For timed runs: see `ActionTimes`. */
  schedule: Schema.optionalKey(ScheduleFields),
  /** For simulated runs: the options of `turncoat simulate` that make the run again, its seed among them. */
  simulation: Schema.optionalKey(WordsFile),
  /** For what real nodes have done: the heads and the steps of their records. */
  recorded: Schema.optionalKey(
    Schema.Struct({ heads: Schema.Array(Schema.Unknown), steps: Schema.Array(Schema.Unknown) }),
  ),
});

/** A trace file's content. */
export interface Trace {
  readonly format: typeof traceFormat;
  readonly version: typeof traceVersion;
  readonly turncoat: string;
  readonly identity?: Identity;
  readonly origin?: string;
  readonly violates: { readonly property: string; readonly explanation: string };
  readonly throws?: FaultCode;
  readonly expect: "reproduced" | "holds now";
  readonly minimal?: boolean;
  readonly setting: SettingDescription;
  readonly start: StartChoice;
  readonly actions: readonly Action[];
  readonly loop?: readonly Action[];
  readonly schedule?: ActionTimes;
  readonly recorded?: { readonly heads: readonly RecordHead[]; readonly steps: readonly RecordedStep[] };
  readonly simulation?: { readonly [option: string]: string | number | boolean | readonly string[] };
}
