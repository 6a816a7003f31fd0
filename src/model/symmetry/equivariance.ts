// Checks that a renaming is an automorphism: every step, adversary move and observation that the search meets
// is evaluated with other names too, and compared. (The steps that this produces are met in turn, so the
// check is closed under the whole group.)

import type { Input, Json } from "../../protocol/index.js";
import type { EvaluatedStep, NodeTable } from "../node-table.js";
import type { Outbox } from "../outboxes.js";
import type { Outcome } from "../outcomes.js";
import { inputId, inputOf, requestsFor } from "../starts.js";
import { SymmetryRefused } from "./group.js";
import { clip, type Element, type Images, type SymmetryDependencies } from "./images.js";

/** Notes what the search comes across, and checks it. */
export class Equivariance {
  readonly #deps: SymmetryDependencies;
  readonly #images: Images;
  /** They generate the group. */
  readonly #generators: readonly Element[];
  /** Per node: steps that are not checked yet. */
  readonly #steps: readonly EvaluatedStep[][];

  constructor(deps: SymmetryDependencies, images: Images, generators: readonly Element[]) {
    this.#deps = deps;
    this.#images = images;
    this.#generators = generators;
    this.#steps = deps.nodes.map((table) => {
      const steps: EvaluatedStep[] = [];
      table.listeners.push((step) => steps.push(step));
      return steps;
    });
    deps.moves.log = [];
    deps.observations.log = [];
  }

  /**
   * Checks whatever the search has come across since the last time.
   *
   * @throws {SymmetryRefused} at the first step that changes when names do.
   */
  check(): void {
    const { moves, observations } = this.#deps;
    for (;;) {
      const node = this.#steps.findIndex((steps) => steps.length > 0);
      if (node >= 0) this.#checkStep(node, this.#steps[node]!.pop()!);
      else if (moves.log!.length > 0) this.#checkMoves(...moves.log!.pop()!);
      else if (observations.log!.length > 0) this.#checkObservation(...observations.log!.pop()!);
      else return;
    }
  }

  #checkStep(node: number, { local, inputId: input, outcomes }: EvaluatedStep): void {
    const table = this.#deps.nodes[node]!;
    for (const element of this.#generators) {
      const other = this.#deps.nodes[element.imageOf[node]!]!;
      const { id, get } = this.#inputImage(element, table, other, input);
      const image = this.#images.local(element, node, local);
      const there = other.outcomesOf(image, id, get);
      if (table.areNothing(local, outcomes) && other.areNothing(image, there)) continue; // most are
      if (outcomes.length === there.length)
        if (outcomes.every((outcome, index) => this.#isImage(element, node, outcome, there[index]!)))
          continue;
      const expected = outcomes.map((outcome) => this.#imageText(element, node, outcome));
      const found = there.map((outcome) => this.#text(outcome, other));
      if (expected.sort().join("\n") !== found.sort().join("\n"))
        throw new SymmetryRefused(
          `${table.spec.id} and ${other.spec.id} react differently, names aside, to ${clip(JSON.stringify(get()))}`,
        );
    }
  }

  /** The number of the renamed input, and the input itself. */
  #inputImage(
    element: Element,
    table: NodeTable,
    other: NodeTable,
    input: number,
  ): { readonly id: number; readonly get: () => Input<Json> } {
    const { inputs } = this.#deps;
    const { kind, what } = inputOf(input);
    switch (kind) {
      case "packet": {
        const packet = this.#images.packet(element, what);
        const get = () =>
          ({ kind: "message", from: inputs.origin(packet), message: inputs.content(packet) }) as const;
        return { id: inputId.packet(packet), get };
      }
      case "timer": {
        const timer = table.timers[what]!;
        return { id: inputId.timer(other.timerId(timer)), get: () => ({ kind, timer }) };
      }
      case "request": {
        const requests = requestsFor(this.#deps.setting, table.spec.id, table.spec.role);
        const request = element.renaming.apply(requests[what]!);
        const texts = requests.map((one) => JSON.stringify(one));
        return {
          id: inputId.request(texts.indexOf(JSON.stringify(request))),
          get: () => ({ kind, request }),
        };
      }
    }
  }

  /** True only if the texts are equal, which takes longer to find out: messages and timers may stand in another order. */
  #isImage(element: Element, node: number, outcome: Outcome, found: Outcome): boolean {
    const [table, other] = [this.#deps.nodes[node]!, this.#deps.nodes[element.imageOf[node]!]!];
    const { kept, sends, defers, timersOn, timersOff } = outcome;
    const setsTimers = (timersOn | timersOff | found.timersOn | found.timersOff) !== 0;
    if (setsTimers && table !== other) return false;
    if (timersOn !== found.timersOn || timersOff !== found.timersOff) return false;
    if (defers !== null || found.defers !== null) return false;
    return (
      this.#images.local(element, node, outcome.local) === found.local &&
      this.#images.events(element, outcome.events) === found.events &&
      this.#areImages(element, kept, found.kept) &&
      this.#areImages(element, table.sendings[sends]!, other.sendings[found.sends]!)
    );
  }

  #areImages(element: Element, sent: Outbox, found: Outbox): boolean {
    if (sent.length !== found.length) return false;
    return sent.every(([message, to], index) => {
      const [there, recipients] = found[index]!;
      return (
        this.#images.message(element, message) === there && this.#images.bits(element, to) === recipients
      );
    });
  }

  #imageText(element: Element, node: number, outcome: Outcome): string {
    const table = this.#deps.nodes[node]!;
    const outbox = (sent: Outbox): Outbox =>
      sent.map(([message, to]) => [this.#images.message(element, message), this.#images.bits(element, to)]);
    return textOf(table, {
      local: this.#images.local(element, node, outcome.local),
      kept: outbox(outcome.kept),
      sent: outbox(table.sendings[outcome.sends]!),
      timersOn: outcome.timersOn,
      timersOff: outcome.timersOff,
      defers: outcome.defers === null ? null : element.renaming.apply(outcome.defers),
      events: this.#images.events(element, outcome.events),
    });
  }

  #text(outcome: Outcome, table: NodeTable): string {
    return textOf(table, { ...outcome, sent: table.sendings[outcome.sends]! });
  }

  #checkMoves(role: "replica" | "client", knowledge: number): void {
    const { moves, inputs } = this.#deps;
    const packets = (set: number) => inputs.list(moves.towards(role, set)).items;
    for (const element of this.#generators) {
      const expected = packets(knowledge).map((packet) => this.#images.packet(element, packet));
      const found = new Set(packets(moves.renamed(knowledge, element.renaming)));
      const missing = expected.find((packet) => !found.has(packet));
      if (missing !== undefined || expected.length !== found.size)
        throw new SymmetryRefused(
          `the adversary ${this.#deps.setting.adversary?.name} tells names apart` +
            (missing === undefined ? "" : `: it never says ${clip(JSON.stringify(inputs.content(missing)))}`),
        );
    }
  }

  #checkObservation(observation: number, node: number, events: number): void {
    const { observations } = this.#deps;
    for (const element of this.#generators) {
      const there = this.#images.events(element, events);
      const image = this.#images.observation(element, observation);
      const found = observations.after(image, element.imageOf[node]!, there);
      if (found !== this.#images.observation(element, observations.after(observation, node, events)))
        throw new SymmetryRefused(
          `a property tells names apart after ${clip(JSON.stringify(observations.eventList(events)))}`,
        );
    }
  }
}

/** Equal for outcomes that are the same for nodes of these tables. */
function textOf(
  { timers }: NodeTable,
  {
    local,
    kept,
    sent,
    timersOn,
    timersOff,
    defers,
    events,
  }: Omit<Outcome, "label" | "random" | "sends" | "sets"> & { sent: Outbox },
): string {
  const names = (mask: number) => timers.filter((_, index) => mask & (1 << index)).sort();
  const keptTexts = kept.map(([message, to]) => `${message}:${to}`).sort();
  const sentTexts = sent.map(([message, to]) => `${message}:${to}`);
  return `${local} ${keptTexts} ${sentTexts} ${names(timersOn)} ${names(timersOff)} ${defers} ${events}`;
}
