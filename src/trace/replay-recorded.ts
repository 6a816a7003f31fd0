// The trace of what real nodes have done. It carries their records, and is replayed by running each behaviour again with the inputs that it
// was given.

import { findProtocol, recordedNetwork } from "../catalogue/index.js";
import { document } from "../files/document.js";
import type { Action } from "../model/action.js";
import { stableOf, viewOf } from "../model/behaviour-calls.js";
import { canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { UserError } from "../model/errors.js";
import { nodesOf, type Setting } from "../model/setting.js";
import { isSigned } from "../model/terms.js";
import type { Adversary, Config, Json, NodeId, NodeSpec } from "../protocol/index.js";
import { checkedStep, NodeRun, type RecordedStep, RecordHead } from "../records/index.js";
import { version } from "../version.js";
import type { Replayed, ReplayResult } from "./replay-result.js";
import { type Trace, traceFormat, traceVersion } from "./schema.js";
import { changeOf, type NodeSummary, type StepChange } from "./step-change.js";

/** Records that are made a trace. */
export interface RecordedRun {
  readonly protocol: string;
  readonly heads: readonly RecordHead[];
  /** In the order of an execution. */
  readonly steps: readonly RecordedStep[];
  readonly byzantine: readonly NodeId[];
  /** What the trace shows, in a sentence. */
  readonly explanation: string;
}

/** A trace names a property; nobody judges a recorded run by it. */
const property = "agreement";

/** Who gives nodes their requests: no node of the run. */
const user = "user";

/** The trace of steps that are explained. */
export function traceOfRecords(run: RecordedRun): Trace {
  const { protocol, heads, steps, byzantine, explanation } = run;
  const { replicas, faults, requests, slots, clients } = heads[0]!.config as unknown as Config;
  return {
    format: traceFormat,
    version: traceVersion,
    turncoat: version,
    origin: "turncoat conform",
    violates: { property, explanation },
    expect: "holds now",
    setting: {
      ...{ protocol, config: { replicas, faults, requests, slots, clients }, byzantine, adversary: null },
      ...{ network: recordedNetwork, bounds: { views: 0 }, properties: [property] },
    },
    start: {},
    actions: steps.flatMap((step) => actionsOf(step, byzantine)),
    recorded: { heads, steps },
  };
}

/** A step in the words of traces. Starts are where a trace begins. */
function actionsOf({ node, input, choice }: RecordedStep, byzantine: readonly NodeId[]): Action[] {
  const chosen = choice === undefined ? {} : { choice };
  switch (input.kind) {
    case "start":
      return [];
    case "restart":
      return [
        { kind: "crash", node },
        { kind: "restart", node, ...chosen },
      ];
    case "timer":
      return [{ kind: "timer", node, timer: input.timer, ...chosen }];
    case "request":
      return [{ kind: "deliver", from: user, to: node, message: input.request, ...chosen }];
    case "message": {
      const { from, via = from, message } = input;
      const isByzantine = (id: NodeId) => byzantine.includes(id);
      const kind = !isByzantine(via)
        ? "deliver"
        : isByzantine(from) || !isSigned(message)
          ? "inject"
          : "relay";
      return [{ kind, from, ...(via !== from && { via }), to: node, message, ...chosen }];
    }
  }
}

/** Runs the recorded behaviours again, on their protocol or on another. */
export async function replayRecorded(trace: Trace, overrideProtocol?: string): Promise<ReplayResult> {
  const { byzantine, protocol: named } = trace.setting;
  const recorded = trace.recorded!;
  const heads = recorded.heads.map((head, index) => document(RecordHead, head, `recorded.heads[${index}]`));
  const steps = recorded.steps.map(stepAt);
  const { protocol } = await findProtocol(overrideProtocol ?? named);
  const config = heads[0]!.config as unknown as Config;
  const setting: Setting = {
    ...{ protocol, config, byzantine, adversary: null as Adversary<Json> | null },
    ...{ network: recordedNetwork, bounds: { views: 0 }, properties: [] },
  };
  const nodes = nodesOf(protocol, config).flatMap((spec) => {
    const head = heads.find(({ node }) => node === spec.id);
    return head === undefined ? [] : [new ShownNode(protocol, spec, head.config as unknown as Config)];
  });
  return new RecordedReplay(setting, new Map(nodes.map((node) => [node.id, node]))).of(steps);
}

function stepAt(step: unknown, index: number): RecordedStep {
  const checked = checkedStep(step);
  if (checked instanceof SchemaMismatch)
    throw new UserError("bad-file", `recorded.steps[${index}] is not a step of a record: ${checked}.`);
  return step as RecordedStep;
}

/** A node with what is shown of it. */
class ShownNode {
  readonly id: NodeId;
  readonly #spec: NodeSpec<Json>;
  readonly #run: NodeRun;

  constructor(protocol: Setting["protocol"], spec: NodeSpec<Json>, config: Config) {
    this.id = spec.id;
    this.#spec = spec;
    this.#run = new NodeRun(protocol, spec, config);
  }

  take(step: RecordedStep): boolean {
    return this.#run.take(step) === null;
  }

  summary(isDown = false): NodeSummary {
    const { behaviour, role } = this.#spec;
    const { state, timers } = this.#run;
    const shown = { node: this.id, role, down: isDown || state === null };
    if (state === null || isDown) {
      const left = state === null ? null : stableOf(this.#spec, state);
      return { ...shown, view: null, timers: [], state: left };
    }
    const view = behaviour.view ? viewOf(this.#spec, state) : null;
    return { ...shown, view, timers: [...timers].sort(), state: behaviour.show?.(state) ?? state };
  }
}

/** Tells what each step has changed. */
class RecordedReplay {
  readonly #setting: Setting;
  readonly #nodes: ReadonlyMap<NodeId, ShownNode>;
  readonly #standing = new Map<NodeId, NodeSummary>();
  readonly #steps: StepChange[] = [];
  readonly #canonical;

  constructor(setting: Setting, nodes: ReadonlyMap<NodeId, ShownNode>) {
    this.#setting = setting;
    this.#nodes = nodes;
    this.#canonical = canonicalizer(setting.protocol.message as never);
  }

  of(steps: readonly RecordedStep[]): ReplayResult {
    const first = new Map(steps.toReversed().map((step) => [step.node, step]));
    for (const [node, shown] of this.#nodes) {
      const start = first.get(node);
      if (start?.input.kind === "start") shown.take(start);
      this.#standing.set(node, shown.summary());
    }
    const starts = [...this.#standing.values()];
    for (const step of steps) {
      if (step === first.get(step.node) && step.input.kind === "start") continue;
      const impossible = this.#add(step);
      if (impossible !== null)
        return { ...this.#told(starts), outcome: "diverged", at: this.#steps.length + 1, action: impossible };
    }
    return { ...this.#told(starts), outcome: "holds now" };
  }

  /** Adds a step; the action that is not possible, if it is not. */
  #add(step: RecordedStep): Action | null {
    const shown = this.#nodes.get(step.node);
    const actions = actionsOf(step, this.#setting.byzantine);
    if (actions[0]?.kind === "crash" && shown)
      this.#show(actions[0], { ...step, effects: [], events: [] }, shown.summary(true));
    const last = actions.at(-1) ?? ({ kind: "restart", node: step.node } as const);
    if (!shown?.take(this.#received(step))) return last;
    this.#show(last, step, shown.summary());
    return null;
  }

  #show(action: Action, { effects, events, node }: RecordedStep, now: NodeSummary): void {
    const was = this.#standing.get(node)!;
    this.#standing.set(node, now);
    const canonical = (message: Json) => this.#checked(message);
    const moment = { monitors: [], known: [] };
    this.#steps.push(changeOf({ action, was, now, effects, events, canonical, moment }));
  }

  #received(step: RecordedStep): RecordedStep {
    const { input } = step;
    if (input.kind !== "message") return step;
    return { ...step, input: { ...input, message: this.#checked(input.message) } };
  }

  #checked(message: Json): Json {
    const found = this.#canonical(message);
    return found instanceof SchemaMismatch ? message : found;
  }

  #told(starts: readonly NodeSummary[]): Replayed {
    return {
      ...{ setting: this.#setting, property, start: {}, starts, steps: this.#steps },
      ...{ startMoment: { monitors: [], known: [] }, nodes: [...this.#standing.values()] },
    };
  }
}
