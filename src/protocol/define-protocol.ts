// From a definition to a protocol: completes what is left out, dispatches inputs to handlers, and turns what they return into
// outcomes.

import { type OwnParameters, ownDefaults } from "../parameters/own.js";
import { wordsOf } from "../parameters/vocabulary.js";
import type {
  AnyDefinition,
  AnyReaction,
  AnyVariation,
  Ctx,
  Handler,
  Message,
  State,
} from "./any-definition.js";
import type { Behaviour, Context, Input, Outcomes, Protocol, Start } from "./behaviour.js";
import { refuseUnknownDefinition, refuseUnknownVariation } from "./define-parts.js";
import { messageSchema, stateSchema } from "./define-schemas.js";
import { type Config, replicaIds } from "./node.js";
import { stepsOf } from "./reply.js";
import type { Json } from "./schema.js";

/** A protocol of which variations can be made. */
export interface VariedProtocol extends Protocol {
  with(variation: AnyVariation): VariedProtocol;
}

/** A definition with these parts replaced. @throws {TypeError} for a part that it does not have: nothing would differ. */
function varied(definition: AnyDefinition, variation: AnyVariation): AnyDefinition {
  const { name, flaw, set, rules, on, onTimer, onRequest, onStart, exposedBy } = variation;
  refuseUnknownVariation(definition.name, variation);
  refuseUnknownParts(definition, variation);
  const parameters = Object.entries(definition.parameters ?? {}).map(([key, said]) => {
    const value = set?.[key];
    if (value === undefined) return [key, said];
    return [key, typeof said === "object" ? { ...said, default: value } : value];
  });
  return {
    ...definition,
    ...(name !== undefined && { name }),
    ...(flaw !== undefined && { summary: flaw }),
    ...(definition.parameters && { parameters: Object.fromEntries(parameters) }),
    ...(definition.rules && { rules: { ...definition.rules, ...rules } }),
    ...(definition.on && { on: { ...definition.on, ...on } }),
    ...(definition.onTimer && { onTimer: { ...definition.onTimer, ...onTimer } }),
    ...(onRequest && { onRequest }),
    ...(onStart && { onStart }),
    mutation: {
      ...(flaw !== undefined && { flaw }),
      changes: [...(definition.mutation?.changes ?? []), ...replacedParts(variation)],
      ...(exposedBy && { exposedBy }),
    },
  };
}

function refuseUnknownParts(definition: AnyDefinition, { set, rules, on, onTimer }: AnyVariation): void {
  for (const [part, own, other] of [
    ["set", definition.parameters, set],
    ["rules", definition.rules, rules],
    ["on", definition.on, on],
    ["onTimer", definition.onTimer, onTimer],
  ] as const)
    for (const key of Object.keys(other ?? {}))
      if (!Object.hasOwn(own ?? {}, key))
        throw new TypeError(
          `${definition.name} has no ${part}.${key} to replace: there are ${Object.keys(own ?? {}).join(", ") || "none"}.`,
        );
}

/** The names of the parts that a variation replaces: a parameter or rule, `on.vote`, `onTimer.view`. */
function replacedParts({ set, rules, on, onTimer, onRequest, onStart }: AnyVariation): string[] {
  return [
    ...Object.keys(set ?? {}),
    ...Object.keys(rules ?? {}),
    ...Object.keys(on ?? {}).map((tag) => `on.${tag}`),
    ...Object.keys(onTimer ?? {}).map((timer) => `onTimer.${timer}`),
    ...(onRequest ? ["onRequest"] : []),
    ...(onStart ? ["onStart"] : []),
  ];
}

/** The protocol that a definition means. @throws {TypeError} for one that contradicts itself. */
export function protocolOf(definition: AnyDefinition): VariedProtocol {
  refuseContradictions(definition);
  const { name, summary, nullRequests, notes, primary, nodes, interchangeable } = definition;
  const { alphabet, messagesComeOnce, promises, refuses, stalls, vocabulary, resilience } = definition;
  const own = ownConfigs(definition.parameters ?? {});
  const replica = behaviourOf(definition, own);
  return {
    name,
    summary,
    message: messageSchema(definition.messages) as Protocol["message"],
    nodes: (config) =>
      nodes?.(own(config), replica) ??
      replicaIds(config).map((id) => ({ id, role: "replica", behaviour: replica })),
    requests: requestsOf(definition, own),
    digest:
      definition.digest ?? ((request) => (typeof request === "string" ? request : JSON.stringify(request))),
    with: (variation) => protocolOf(varied(definition, variation)),
    ...(definition.mutation && { mutation: definition.mutation }),
    ...(definition.rules && { rules: Object.keys(definition.rules) }),
    ...(definition.parameters && { ownParameters: definition.parameters }),
    ...(nullRequests !== undefined && { nullRequests }),
    ...(notes && { notes }),
    parameters: {}, // besides its own: those of every protocol
    ...(promises && { promises }),
    ...(messagesComeOnce && { messagesComeOnce }),
    ...(vocabulary && { vocabulary }),
    ...(resilience && { resilience }),
    ...(primary && { primary: (config: Config, view: number) => primary(own(config), view) }),
    ...(interchangeable && { interchangeable: (config: Config) => interchangeable(own(config)) }),
    ...(alphabet && {
      alphabet: (place: Parameters<NonNullable<Protocol["alphabet"]>>[0]) =>
        typeof alphabet === "function" ? alphabet({ ...place, config: own(place.config) }) : alphabet,
    }),
    ...(refuses && { refuses: (config: Config) => refuses(own(config)) }),
    ...(stalls && {
      stalls: (config: Config, run: Parameters<typeof stalls>[1]) => stalls(own(config), run),
    }),
  };
}

function refuseContradictions(definition: AnyDefinition): void {
  const { name, on, onTimer, onRequest, step, vocabulary } = definition;
  if (typeof name !== "string" || name === "") throw new TypeError("name: a protocol needs one.");
  refuseUnknownDefinition(definition);
  if (step && (on || onTimer || onRequest))
    throw new TypeError(
      `${name}: \`step\` sees every input, so \`on\`, \`onTimer\` and \`onRequest\` never would.`,
    );
  if (!step && !on)
    throw new TypeError(`${name}: it needs handlers: \`on\`, with one for each message, or \`step\`.`);
  try {
    wordsOf(vocabulary);
  } catch (error) {
    throw new TypeError(`${name}: ${(error as Error).message}`);
  }
}

function requestsOf(
  { requests }: AnyDefinition,
  own: (config: Config) => Ctx["config"],
): Protocol["requests"] {
  if (typeof requests === "function") return (config) => requests(own(config));
  return ({ requests: count }) =>
    (requests ?? Array.from({ length: count }, (_, i) => letter(i))).slice(0, count);
}

/** `A` to `Z`, then `A1` to `Z1`, and so on. */
function letter(index: number): string {
  const round = Math.floor(index / 26);
  return `${String.fromCharCode(65 + (index % 26))}${round === 0 ? "" : round}`;
}

/** Adds the values of the protocol's own parameters to a configuration: the defaults of those that are not set. */
function ownConfigs(parameters: OwnParameters): (config: Config) => Ctx["config"] {
  const defaults = ownDefaults(parameters);
  const known = new WeakMap<Config, Ctx["config"]>();
  return (config) => {
    const found = known.get(config);
    if (found) return found;
    const complete = Object.freeze({ ...config, set: Object.freeze({ ...defaults, ...config.set }) });
    known.set(config, complete);
    return complete;
  };
}

function behaviourOf(
  definition: AnyDefinition,
  own: (config: Config) => Ctx["config"],
): Behaviour<State, Message, string, Json, Json> {
  const { initial, onStart, step, stable, unsynced, completions, view, show, isDead, tally } = definition;
  const kept = (state: State): State =>
    stable ? Object.fromEntries(Object.entries(state).filter(([field]) => stable.includes(field))) : state;
  const rules = Object.freeze({ ...definition.rules });
  const contexts = new WeakMap<Context, Ctx>();
  const inContext = (context: Context): Ctx => {
    const found = contexts.get(context);
    if (found) return found;
    const made = Object.freeze({ self: context.self, config: own(context.config), rules });
    contexts.set(context, made);
    return made;
  };
  const react = step ? whole(step) : dispatch(definition);
  const starts = (outcomes: Outcomes<State, Message>) =>
    step ? outcomes : handled(outcomes, definition.onTimer ?? {}, definition.name);
  const small = { completions, view, show, isDead, tally } as Partial<Behaviour<State, Message, string>>;
  return {
    state: stateSchema(definition.state) as Behaviour<State, Message>["state"],
    init(context, from: Start<Json>) {
      const ctx = inContext(context);
      const fresh = typeof initial === "function" ? initial(ctx) : initial;
      const state = from.kind === "start" ? fresh : { ...fresh, ...(from.stable as State) };
      return onStart
        ? starts(outcomesOf(onStart(ctx, state, { kind: from.kind }), "onStart", state))
        : nothing(state);
    },
    step: (context, state, input) => react(inContext(context), state, input),
    stable: kept,
    ...(unsynced && { unsynced: (state: State) => unsynced(state).map(kept) }),
    ...Object.fromEntries(Object.entries(small).filter(([, value]) => value !== undefined)),
  };
}

function whole(step: Handler) {
  return (ctx: Ctx, state: State, input: Input<Message>) =>
    outcomesOf(step(ctx, state, input), "step", state);
}

function dispatch({ name, on = {}, onTimer = {}, onRequest }: AnyDefinition) {
  const react = (ctx: Ctx, state: State, input: Input<Message>): Outcomes<State, Message> => {
    switch (input.kind) {
      case "request":
        return onRequest
          ? outcomesOf(onRequest(ctx, state, input.request), "onRequest", state)
          : nothing(state);
      case "timer": {
        const called = `onTimer.${input.timer}`;
        return outcomesOf(handlerOf(onTimer, input.timer, "the timer", name)(ctx, state), called, state);
      }
      case "message": {
        const { from, message } = input;
        const body = bodyOf(message as unknown as Tagged);
        const received = { from, message: body, whole: message };
        return outcomesOf(
          handlerOf(on, body.tag, "the message", name)(ctx, state, received),
          `on.${body.tag}`,
          state,
        );
      }
    }
  };
  return (ctx: Ctx, state: State, input: Input<Message>) => handled(react(ctx, state, input), onTimer, name);
}

/** The outcomes, unless they set a timer that would find no handler: sooner than it fires. */
function handled(
  outcomes: Outcomes<State, Message>,
  onTimer: { readonly [timer: string]: Handler },
  name: string,
): Outcomes<State, Message> {
  for (const { effects } of outcomes)
    for (const effect of Array.isArray(effects) ? effects : [])
      if (effect?.kind === "set-timer") handlerOf(onTimer, effect.timer, "the timer", name);
  return outcomes;
}

function handlerOf(
  handlers: { readonly [name: string]: Handler },
  key: string,
  kind: string,
  name: string,
): Handler {
  const found = Object.hasOwn(handlers, key) ? handlers[key] : undefined;
  if (found) return found;
  const there = Object.keys(handlers).join(", ");
  throw new TypeError(
    `${name} has no handler for ${kind} ${key}: there ${there === "" ? "are none" : `are ${there}`}`,
  );
}

interface Tagged {
  readonly tag: string;
  readonly body?: Tagged;
  readonly signer?: string;
}

function bodyOf(message: Tagged): Tagged {
  return message.tag === "signed" && message.body && message.signer !== undefined ? message.body : message;
}

function nothing(state: State): Outcomes<State, Message> {
  return [{ state, effects: [], events: [] }];
}

/** What a handler returned, as outcomes. */
function outcomesOf(reaction: AnyReaction, handler: string, before: State): Outcomes<State, Message> {
  return reaction === before ? nothing(before) : (stepsOf(reaction, handler) as Outcomes<State, Message>);
}
