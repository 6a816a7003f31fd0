// What the outside sees of the realm: how to make an instance, and how to have it do something.

import type { RealDefinition } from "../definition.js";
import * as sight from "./captures.js";
import { decode } from "./codec.js";
import * as generators from "./frames.js";
import { loading, stores } from "./globals.js";
import { type Dependencies, enter, Node, Timeout } from "./node.js";
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
    deps: Omit<Dependencies, "make">,
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
  realm.turncoatInside = insideOf(exported, definitionIn(exported));
  realm.turncoatTurn = turn;
}

/** What the file exports with `real(...)`; null if it does not. */
function definitionIn(exported: { readonly default?: unknown }): RealDefinition | null {
  const definition = exported.default as RealDefinition | null | undefined;
  return typeof definition === "object" && definition?.tag === "turncoat/real" ? definition : null;
}

function insideOf(exported: object, definition: RealDefinition | null): Inside {
  return {
    definition,
    exported,
    Timeout,
    stores,
    // biome-ignore format: a list
    natives: { Object, Array, Map, Set, Date, Promise, Error, RegExp, Function, ArrayBuffer, Symbol, DataView },
    create: (self, ids, config, restored, deps) =>
      new Node(self, Array.from(ids), JSON.parse(config), restored, {
        ...deps,
        make: definition!.make as never,
      }),
    prepare: (of, what) => {
      node = of;
      job = what;
      enter(of);
    },
    loading,
    told: (value) => sight.captures.get(value),
    frameOf: generators.frameOf,
    calls: [sight.turncoatCaptures, sight.turncoatMethods, sight.turncoatKey, sight.turncoatPauses],
    signer: definition?.options.signer ? (text) => definition.options.signer!(decode(text) as never) : null,
  };
}

/** Does what was prepared; if nothing was, what the node, or loading the file, has yet to do. */
function turn(): void {
  const what = job;
  job = null;
  if (what) return void what();
  if (node) node.proceed();
  else for (const late of loading.jobs.splice(0)) late();
}
