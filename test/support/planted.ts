// Plants one change in the records of a run: what somebody would do who hides or invents something. Numbers and clocks stay whole, so that
// nothing but the change itself gives it away.

import type { Candidate } from "../../src/conform/index.js";
import type { Json, NodeId, Random } from "../../src/protocol/index.js";
import type { RecordedStep, Records } from "../../src/records/index.js";

/** Kinds of changes. */
export const plantKinds = ["vote-dropped", "digest-altered", "execution-moved", "signed-by-another"] as const;
export type PlantKind = (typeof plantKinds)[number];

/** Records with a change in them. */
export interface Planted {
  readonly records: Records;
  /** The step that was changed, or taken away, as it was. */
  readonly step: RecordedStep;
  /** Whether the step that was left out did nothing at all, so that the records are of an execution without it. */
  readonly isExecution: boolean;
}

/** Plants a change of this kind in a step drawn at random. */
export function planted({ heads, steps }: Records, kind: PlantKind, random: Random): Planted {
  const places = steps.flatMap((step, index) => (isPlace(step, kind) ? [index] : []));
  const at = places[random.below(places.length)]!;
  const step = steps[at]!;
  const change = (changed: RecordedStep, place = at) =>
    steps.map((one, index) => (index === place ? changed : one));
  const before = steps.slice(0, at).findLast(({ node }) => node === step.node);
  const isIdle = step.effects.length === 0 && step.events.length === 0 && step.digest === before?.digest;
  const of = (changed: readonly RecordedStep[], isExecution = false) => ({
    ...{ records: { heads, steps: changed }, step, isExecution },
  });
  switch (kind) {
    case "vote-dropped":
      return of(withoutStep(steps, step), isIdle);
    case "digest-altered":
      return of(change(withMessage(step, (body) => ({ ...body, digest: `${body.digest}x` }))));
    case "signed-by-another": {
      const others = [...heads.keys()].filter((node) => node !== signerOf(step) && node.startsWith("r"));
      const signer = others[random.below(others.length)]!;
      return of(change(withSigner(step, signer)));
    }
    case "execution-moved": {
      const later = steps.flatMap((one, index) => (one.node === step.node && one !== step ? [index] : []));
      const to = later[random.below(later.length)]!;
      const moved = step.events.filter(({ kind: event }) => event === "executed");
      const without = change({
        ...step,
        events: step.events.filter(({ kind: event }) => event !== "executed"),
      });
      return of(
        without.map((one, index) => (index === to ? { ...one, events: [...one.events, ...moved] } : one)),
      );
    }
  }
}

function isPlace(step: RecordedStep, kind: PlantKind): boolean {
  if (kind === "execution-moved") return step.events.some((event) => event.kind === "executed");
  const { tag, digest } = bodyOf(step) ?? {};
  if (kind === "digest-altered") return typeof digest === "string";
  return tag === "prepare" || tag === "commit";
}

interface Message {
  readonly tag: "signed";
  readonly signer: NodeId;
  readonly body: { readonly tag: string; readonly digest?: string };
}

function bodyOf({ input }: RecordedStep): Message["body"] | null {
  return input.kind === "message" ? (input.message as unknown as Message).body : null;
}

function signerOf({ input }: RecordedStep): NodeId | null {
  return input.kind === "message" ? (input.message as unknown as Message).signer : null;
}

function withMessage(step: RecordedStep, change: (body: Message["body"]) => object): RecordedStep {
  if (step.input.kind !== "message") return step;
  const message = step.input.message as unknown as Message;
  return {
    ...step,
    input: { ...step.input, message: { ...message, body: change(message.body) } as unknown as Json },
  };
}

function withSigner(step: RecordedStep, signer: NodeId): RecordedStep {
  if (step.input.kind !== "message") return step;
  const { via = step.input.from } = step.input; // it comes over the same connection
  const message = { ...(step.input.message as unknown as Message), signer } as unknown as Json;
  return { ...step, input: { ...step.input, from: signer, via, message } };
}

/** Without a step, as if it had never been: later ones have other numbers, and clocks count one less. */
function withoutStep(steps: readonly RecordedStep[], gone: RecordedStep): RecordedStep[] {
  const { node } = gone;
  const number = gone.clock[node]!;
  return steps
    .filter((step) => step !== gone)
    .map((step) => {
      const count = step.clock[node];
      const counts = count !== undefined && (step.node === node ? count > number : count >= number);
      return counts ? { ...step, clock: { ...step.clock, [node]: count - 1 } } : step;
    });
}

/**
 * Whether a rejection is where the change is. Of two places the first is enough. A vote that is missing is missed by its node, at once or later (as one
 * that was deferred), or by whoever has received what the node sent because of it.
 */
export function isInPlace(kind: PlantKind, { node, clock }: RecordedStep, rejection: Candidate): boolean {
  const at = clock[node]!;
  if (rejection.node !== node) {
    const { input } = rejection.step;
    return kind === "vote-dropped" && input.kind === "message" && (input.via ?? input.from) === node;
  }
  if (kind === "execution-moved") return rejection.number <= at;
  return kind === "vote-dropped" ? rejection.number >= at : rejection.number === at;
}
