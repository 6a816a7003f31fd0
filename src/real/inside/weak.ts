// WeakMap and WeakSet whose entries can be seen. `#private` fields are compiled to WeakMaps, so that they are part of the state
// too: what such a map holds for an object is kept in a store of that object, where a snapshot finds it.

/** What the language offers, before anything is put in its place. */
export const natives = { WeakMap, Promise, afterwards: Promise.prototype.then };

/** What one weak map or set holds for one object. A list is a fifth of the memory of a Map: most objects are in one of them only. */
export interface Held {
  readonly by: { readonly label: string };
  value: unknown;
  next: Held | null;
}

/** By object: what the maps hold for it, in the order in which they began to. */
export const stores = new WeakMap<object, Held>();

function heldBy(by: Held["by"], key: object): Held | null {
  for (let held = stores.get(key) ?? null; held; held = held.next) if (held.by === by) return held;
  return null;
}

function hold(by: Held["by"], key: object, value: unknown): void {
  const first = stores.get(key);
  if (!first) {
    stores.set(key, { by, value, next: null });
    return;
  }
  for (let held = first; ; held = held.next) {
    if (held.by === by) {
      held.value = value;
      return;
    }
    if (held.next === null) {
      held.next = { by, value, next: null };
      return;
    }
  }
}

function release(by: Held["by"], key: object): boolean {
  let before: Held | null = null;
  for (let held = stores.get(key) ?? null; held; before = held, held = held.next) {
    if (held.by !== by) continue;
    if (before) before.next = held.next;
    else if (held.next) stores.set(key, held.next);
    else stores.delete(key);
    return true;
  }
  return false;
}

class OpenWeakMap {
  /** The private member's name, where a compiler made the map. */
  readonly label: string;

  constructor(from?: string | Iterable<readonly [object, unknown]> | null) {
    this.label = typeof from === "string" ? from.replace(/^_/, "#") : "WeakMap";
    if (from && typeof from !== "string") for (const [key, value] of from) this.set(key, value);
  }

  get(key: object): unknown {
    return heldBy(this, key)?.value;
  }

  has(key: object): boolean {
    return heldBy(this, key) !== null;
  }

  set(key: object, value: unknown): this {
    hold(this, key, value);
    return this;
  }

  delete(key: object): boolean {
    return release(this, key);
  }
}

class OpenWeakSet {
  readonly label: string;

  constructor(from?: string | Iterable<object> | null) {
    this.label = typeof from === "string" ? from.replace(/^_/, "#") : "WeakSet";
    if (from && typeof from !== "string") for (const key of from) this.add(key);
  }

  add(key: object): this {
    hold(this, key, true);
    return this;
  }

  has(key: object): boolean {
    return heldBy(this, key) !== null;
  }

  delete(key: object): boolean {
    return release(this, key);
  }
}

/** When garbage is collected is chance, so nothing that is held weakly ever goes away. */
class StrongRef {
  readonly target: object;
  constructor(target: object) {
    this.target = target;
  }
  deref(): object {
    return this.target;
  }
}

class NoRegistry {
  register(): void {}
  unregister(): boolean {
    return false;
  }
}

/** Puts them in the place of the language's own. This module is loaded before every other one. */
function install(): void {
  const named = (name: string, value: object) => {
    Object.defineProperty(value, "name", { value: name });
    Object.defineProperty((value as { prototype: object }).prototype, Symbol.toStringTag, { value: name });
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  };
  named("WeakMap", OpenWeakMap);
  named("WeakSet", OpenWeakSet);
  named("WeakRef", StrongRef);
  named("FinalizationRegistry", NoRegistry);
}

install();
