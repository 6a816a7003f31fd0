// A realm: a `node:vm` context with its own globals, in which a bundle runs. All its promises settle before a
// call into it returns (`microtaskMode: "afterEvaluate"`), so an async handler is finished when the call
// returns.

import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";
import { type Context, createContext, Script } from "node:vm";
import { UserError } from "../model/errors.js";
import type { Bundle } from "./bundle.js";
import type { Host } from "./inside/host.js";
import type { Inside } from "./inside/main.js";
import { withRemedy } from "./inside/missing-module.js";
import type { Node } from "./inside/node.js";
import { Places } from "./place.js";

/** How many callbacks one step may run before it must have come to rest. */
const maxCallbacks = 100_000;
const turn = new Script("turncoatTurn()", { filename: "turncoat" });

/** Something that the user's code has thrown, with the place in the user's file. */
export class RealmError extends Error {}

/** See the file comment. */
export class Realm {
  readonly inside: Inside;
  readonly #bundle: Bundle;
  readonly #context: Context;
  #places: Places | null = null;

  /** @throws {UserError} `bad-module` if the code throws while it is loaded, or its default export is not `real(...)`. */
  constructor(bundle: Bundle, path: string) {
    watchRejections();
    this.#bundle = bundle;
    this.#context = createContext(
      { turncoatHost: host, turncoatSight: bundle.sight ?? "graph" },
      { name: path, microtaskMode: "afterEvaluate", codeGeneration: { strings: true, wasm: false } },
    );
    try {
      new Script(bundle.code, { filename: "turncoat-realm.js" }).runInContext(this.#context);
    } catch (error) {
      throw new UserError("bad-module", `${path} could not be loaded: ${this.describe(error)}`);
    }
    this.inside = (this.#context as unknown as { turncoatInside: Inside }).turncoatInside;
    if (!this.inside.definition)
      throw new UserError(
        "bad-module",
        `${path} must export real(...) of turncoat/real as default: export default real((io) => ({ roots: { ... }, ... })).`,
      );
    this.#drain(null, () => this.inside.loading.jobs.length > 0);
  }

  /** Has an instance do something, until nothing is left to do. @throws {RealmError} for what its code throws. */
  run(node: Node, job: () => unknown): void {
    try {
      this.inside.prepare(node, job);
      turn.runInContext(this.#context);
      this.#drain(node, () => node.isBusy);
    } catch (error) {
      if (error instanceof RealmError) throw error;
      throw new RealmError(this.describe(error));
    } finally {
      this.inside.prepare(null, null);
    }
    if (node.refused !== null) throw new RealmError(node.refused);
    if (node.failure) throw new RealmError(this.describe(node.failure.error));
  }

  #drain(node: Node | null, isBusy: () => boolean): void {
    for (let count = 0; isBusy(); count++) {
      if (count > maxCallbacks)
        throw new RealmError(
          `the step does not come to rest: after ${maxCallbacks} callbacks of nextTick and setImmediate there are more. ` +
            'What goes on for ever should wait for a timer, or use disk: "later"',
        );
      this.inside.prepare(node, null);
      turn.runInContext(this.#context);
    }
  }

  /** What was thrown, and where in the user's files. */
  describe(error: unknown): string {
    const { message, stack } = (error ?? {}) as { message?: unknown; stack?: unknown };
    const text = withRemedy(typeof message === "string" ? message : String(error));
    const place = typeof stack === "string" ? this.#placeIn(stack) : null;
    return place === null ? text : `${text} (${place})`;
  }

  /** The innermost place of a stack that is in a file of the user's. */
  #placeIn(stack: string): string | null {
    for (const [, line, column] of stack.matchAll(/turncoat-realm\.js:(\d+):(\d+)/g)) {
      this.#places ??= new Places(this.#bundle);
      const place = this.#places.of(Number(line), Number(column));
      if (place !== null) return place;
    }
    return null;
  }
}

const bytes = (hex: string) => Buffer.from(hex, "hex");
/** Before the 32 bytes of a private key of Ed25519 in PKCS #8. */
const pkcs8 = "302e020100300506032b657004220420";

const host: Host = {
  hash: (algorithm, hex) => createHash(algorithm).update(bytes(hex)).digest("hex"),
  hmac: (algorithm, key, hex) => createHmac(algorithm, bytes(key)).update(bytes(hex)).digest("hex"),
  keyPair: (seed) => {
    const key = createPrivateKey({ key: bytes(pkcs8 + seed), format: "der", type: "pkcs8" });
    return [
      key.export({ format: "pem", type: "pkcs8" }) as string,
      createPublicKey(key).export({ format: "pem", type: "spki" }) as string,
    ];
  },
  publicKeyOf: (key) => createPublicKey(key).export({ format: "pem", type: "spki" }) as string,
  sign: (algorithm, key, hex) => signBytes(algorithm || null, bytes(hex), key).toString("hex"),
  verify: (algorithm, key, hex, signature) =>
    verifyBytes(algorithm || null, bytes(hex), key, bytes(signature)),
};

let isWatching = false;

/**
 * A rejected promise of the realm that nobody handles must not end this process. (Node reports it later; which step it belongs to
 * cannot be told.) One of our own still does.
 */
function watchRejections(): void {
  if (isWatching) return;
  isWatching = true;
  process.on("unhandledRejection", (reason, promise) => {
    if (promise instanceof Promise)
      setImmediate(() => {
        throw reason;
      });
  });
}
