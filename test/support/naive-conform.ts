// The oracle for conformance: enumerates every order in which the steps of records can have happened, and every state on the disk to which a
// crash can have gone back, by the definition. It shares with the product only what belongs to the format: canonical states and digests.

import type { Setting } from "../../src/model/setting.js";
import { requestsFor } from "../../src/model/starts.js";
import { type Json, type NodeId, replicaIds, sign } from "../../src/protocol/index.js";
import { canonicalState, type RecordedStep, type Records, stateDigest } from "../../src/records/index.js";
import { canCollect, isCertificate, isCollection, isSigned } from "./naive/terms.js";

const texts = new WeakMap<object, string>();

const text = (value: unknown): string => {
  if (typeof value !== "object" || value === null) return String(JSON.stringify(value));
  const known = texts.get(value) ?? textOf(value);
  texts.set(value, known);
  return known;
};

const textOf = (value: object): string =>
  JSON.stringify(value, (_, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** Whether Byzantine nodes can say this, when correct nodes have sent these messages. */
export function admitted(message: Json, byzantine: readonly NodeId[], sent: readonly Json[]): boolean {
  const known = new Set<string>();
  const learn = (value: Json): void => {
    if (typeof value !== "object" || value === null) return;
    if (isSigned(value)) known.add(text(sign(value.signer, value.body)));
    Object.values(value).forEach(learn);
  };
  sent.forEach(learn);
  const canSign = (signer: NodeId, body: unknown): boolean =>
    byzantine.includes(signer) ? admits(body as Json) : known.has(text(sign(signer, body)));
  const admits = (value: Json): boolean => {
    if (typeof value !== "object" || value === null) return true;
    if (isSigned(value) && !byzantine.includes(value.signer)) return canSign(value.signer, value.body);
    if (
      isCertificate(value) &&
      [...new Set(value.among)].filter((one) => canSign(one, value.vote)).length < value.atLeast
    )
      return false;
    if (isCollection(value))
      return canCollect(value.bodies, value.atLeast, [...new Set(value.among)], canSign);
    return Object.values(value).every((item) => admits(item as Json));
  };
  return admits(message);
}

/** One way in which a node can have made its steps: how many of them it can, and which of these a crash has undone. */
interface Way {
  readonly made: number;
  readonly undone: ReadonlySet<number>;
}

/** What the enumeration finds. */
export interface NaiveConformance {
  /** Whether all steps have an order. */
  readonly conforms: boolean;
  /** The most steps that have one. */
  readonly longest: number;
  /** How many sets of steps were looked at. */
  readonly cuts: number;
}

/** Whether some execution explains the records. */
export function naiveConform(
  setting: Pick<Setting, "protocol" | "config" | "byzantine">,
  { heads, steps }: Records,
): NaiveConformance {
  const nodes = [...heads.keys()];
  const own = nodes.map((node) => steps.filter((step) => step.node === node));
  let cuts = 0;
  let longest = 0;
  const combinations = nodes
    .map((node, index) => waysOf(setting.protocol, heads.get(node)!.config as never, node, own[index]!))
    .reduce<Way[][]>((all, ways) => all.flatMap((way) => ways.map((one) => [...way, one])), [[]]);
  for (const ways of combinations) {
    const seen = new Set<string>();
    const go = (cut: readonly number[]): void => {
      if (seen.has(cut.join()) || longest === steps.length) return;
      seen.add(cut.join());
      cuts++;
      longest = Math.max(
        longest,
        cut.reduce((a, b) => a + b, 0),
      );
      for (const [index, done] of cut.entries())
        if (done < ways[index]!.made && canCome(setting, nodes, own, ways, cut, own[index]![done]!))
          go(cut.with(index, done + 1));
    };
    go(nodes.map(() => 0));
  }
  return { conforms: longest === steps.length, longest, cuts };
}

function canCome(
  { byzantine, config }: Pick<Setting, "config" | "byzantine">,
  nodes: readonly NodeId[],
  own: readonly (readonly RecordedStep[])[],
  ways: readonly Way[],
  cut: readonly number[],
  { node, clock, input }: RecordedStep,
): boolean {
  for (const [other, count] of Object.entries(clock)) {
    const index = nodes.indexOf(other);
    if (other !== node && index >= 0 && cut[index]! < Math.min(count, own[index]!.length)) return false;
  }
  if (input.kind !== "message") return true;
  const sent = nodes.flatMap((via, index) =>
    own[index]!.slice(0, cut[index]).flatMap(({ effects }, at) =>
      ways[index]!.undone.has(at)
        ? []
        : effects.flatMap((effect) => {
            if (effect.kind === "send") return [{ via, to: [effect.to], message: effect.message }];
            const others = replicaIds(config).filter((id) => id !== via);
            return effect.kind === "broadcast" ? [{ via, to: others, message: effect.message }] : [];
          }),
    ),
  );
  const { from, via = from, message } = input;
  if ((isSigned(message) ? message.signer : via) !== from) return false;
  if (byzantine.includes(via))
    return (
      fits(message) &&
      admitted(
        message,
        byzantine,
        sent.map((one) => one.message),
      )
    );
  return sent.some((one) => one.via === via && one.to.includes(node) && text(one.message) === text(message));
}

function fits(message: Json): boolean {
  return typeof message === "object" && message !== null && "tag" in message;
}

/** All ways in which a node can have made its steps, as far as it depends on the node alone. */
function waysOf(
  protocol: Setting["protocol"],
  config: Setting["config"],
  node: NodeId,
  steps: readonly RecordedStep[],
): Way[] {
  const spec = protocol.nodes(config).find(({ id }) => id === node)!;
  const { behaviour } = spec;
  const context = { self: node, config };
  const requests = [...requestsFor({ protocol, config }, node, spec.role)];
  if (protocol.request && spec.role === "client")
    for (let number = 1; number <= steps.length; number++)
      requests.push(protocol.request(config, node, number));
  const found: Way[] = [];
  const go = (
    at: number,
    states: readonly Json[],
    timers: readonly string[],
    deferred: readonly string[],
    undone: ReadonlySet<number>,
  ): void => {
    const step = steps[at];
    const ways = found.length;
    if (step !== undefined) {
      const { input, effects, events, digest, choice } = step;
      const backs: number[] = [];
      if (input.kind === "start") backs.push(-1);
      else if (input.kind === "restart")
        for (const [index, state] of states.entries())
          if (text(behaviour.stable(state)) === text(input.stable)) backs.push(index);
      const isBeginning = input.kind === "start" || input.kind === "restart";
      const isPossible =
        isBeginning ||
        (states.length > 0 &&
          (input.kind !== "timer" || timers.includes(input.timer)) &&
          (input.kind !== "request" || requests.some((one) => text(one) === text(input.request))) &&
          (input.kind !== "message" ||
            !input.again ||
            deferred.includes(text([input.from, input.via ?? input.from, input.message]))));
      if (isPossible)
        for (const back of isBeginning ? backs : [null])
          for (const outcome of isBeginning
            ? behaviour.init(context, input)
            : behaviour.step(
                context,
                states.at(-1)!,
                input.kind === "message"
                  ? { kind: "message", from: input.from, message: input.message }
                  : (input as never),
              )) {
            if (choice !== undefined && outcome.label !== choice) continue;
            if (text(outcome.effects) !== text(effects) || text(outcome.events) !== text(events)) continue;
            const state = canonicalState(spec, outcome.state);
            if (stateDigest(state) !== digest) continue;
            let next = isBeginning
              ? []
              : timers.filter((one) => input.kind !== "timer" || one !== input.timer);
            for (const effect of outcome.effects) {
              if (effect.kind === "set-timer") next = [...next, effect.timer];
              if (effect.kind === "cancel-timer") next = next.filter((one) => one !== effect.timer);
            }
            const defers = outcome.effects.some(({ kind }) => kind === "defer") && input.kind === "message";
            const kept = isBeginning ? [] : deferred;
            go(
              at + 1,
              [...states, state],
              next,
              defers ? [...kept, text([input.from, input.via ?? input.from, input.message])] : kept,
              back === null
                ? undone
                : new Set([...undone, ...[...states.keys()].filter((index) => index > back)]),
            );
          }
    }
    if (found.length === ways) found.push({ made: at, undone });
  };
  go(0, [], [], [], new Set());
  const most = Math.max(...found.map(({ made }) => made));
  const texts = new Map(
    found.filter(({ made }) => made === most).map((way) => [[...way.undone].sort().join(), way]),
  );
  return [...texts.values()];
}
