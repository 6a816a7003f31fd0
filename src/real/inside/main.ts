// What the outside sees of the realm: how to make an instance, and how to have it do something.

import type { RealDefinition } from "../definition.js";
import * as sight from "./captures.js";
import { decode } from "./codec.js";
import * as generators from "./frames.js";
import { loading, stores } from "./globals.js";
import { enter, Node, type Surroundings, Timeout } from "./node.js";
import * as promises from "./promise.js";
import type { Held } from "./weak.js";
import "./crypto.js";

const realm = globalThis as unknown as Record<string, unknown>;
let job: (() => unknown) | null = null;
// Before the user's modules are loaded.
if (realm.turncoatSight !== "graph") sight.install();
if (realm.turncoatSight === "everything") {
  generators.install();
  promises.install(sight.turncoatCaptures as never);
}
let node: Node | null = null;

/** What {@link accept} leaves for the outside. */
export interface Inside {
  readonly definition: RealDefinition | null;
  /** What the file exports. */
  readonly exported: object;
  readonly Timeout: typeof Timeout;
  readonly stores: WeakMap<object, Held>;
  /** What the language offers here, to tell objects by. */
  readonly natives: { readonly [name: string]: unknown };
  create(
    self: string,
    ids: readonly string[],
    config: string,
    restored: string | null,
    around: Omit<Surroundings, "make">,
  ): Node;
  /** What {@link Inside.turn} does next, and for whom. */
  prepare(node: Node | null, job: (() => unknown) | null): void;
  readonly loading: typeof loading;
  /** What a function, a class or a proxy has captured. */
  told(value: object): sight.Told | undefined;
  /** Where a generator has paused. */
  frameOf: typeof generators.frameOf;
  /** Called by the rewritten bundle. */
  readonly calls: readonly unknown[];
  /** In whose name a message (as text) is signed; null if the file does not tell. */
  readonly signer: ((text: string) => unknown) | null;
}

/** Leaves what the outside needs where it looks for it. The outside calls `turncoatTurn` by a script, after which promises come to rest. */
export function accept(exported: { readonly default?: unknown }): void {
  const definition = exported.default;
  const made =
    typeof definition === "object" &&
    definition !== null &&
    (definition as RealDefinition).tag === "turncoat/real"
      ? (definition as RealDefinition)
      : null;
  const inside: Inside = {
    definition: made,
    exported,
    Timeout,
    stores,
    natives: {
      Object,
      Array,
      Map,
      Set,
      Date,
      Promise,
      Error,
      RegExp,
      Function,
      ArrayBuffer,
      Symbol,
      DataView,
    },
    create: (self, ids, config, restored, around) =>
      new Node(self, Array.from(ids), JSON.parse(config), restored, { ...around, make: made!.make as never }),
    prepare: (of, what) => {
      node = of;
      job = what;
      enter(of);
    },
    loading,
    told: (value) => sight.captures.get(value),
    frameOf: generators.frameOf,
    calls: [sight.turncoatCaptures, sight.turncoatMethods, sight.turncoatKey, sight.turncoatPauses],
    signer: made?.options.signer ? (text) => made.options.signer!(decode(text) as never) : null,
  };
  realm.turncoatInside = inside;
  realm.turncoatTurn = () => {
    const what = job;
    job = null;
    if (what) return void what();
    if (node) node.proceed();
    else for (const late of loading.jobs.splice(0)) late();
  };
}
