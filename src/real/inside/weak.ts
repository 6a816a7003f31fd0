// WeakMap and WeakSet whose entries can be seen. `#private` fields are compiled to WeakMaps, so that they are part of the state
// too: what such a map holds for an object is kept in a store of that object, where a snapshot finds it.

/** What the language offers, before anything is put in its place. */
export const natives = { WeakMap, Promise, afterwards: Promise.prototype.then };

/** By object: what each map holds for it. */
export const stores = new WeakMap<object, Map<object, unknown>>();

class OpenWeakMap {
  /** The private member's name, where a compiler made the map. */
  readonly label: string;

  constructor(from?: string | Iterable<readonly [object, unknown]> | null) {
    this.label = typeof from === "string" ? from.replace(/^_/, "#") : "WeakMap";
    if (from && typeof from !== "string") for (const [key, value] of from) this.set(key, value);
  }

  get(key: object): unknown {
    return stores.get(key)?.get(this);
  }

  has(key: object): boolean {
    return stores.get(key)?.has(this) ?? false;
  }

  set(key: object, value: unknown): this {
    const store = stores.get(key);
    if (store) store.set(this, value);
    else stores.set(key, new Map([[this as object, value]]));
    return this;
  }

  delete(key: object): boolean {
    return stores.get(key)?.delete(this) ?? false;
  }
}

class OpenWeakSet {
  readonly label: string;

  constructor(from?: string | Iterable<object> | null) {
    this.label = typeof from === "string" ? from.replace(/^_/, "#") : "WeakSet";
    if (from && typeof from !== "string") for (const key of from) this.add(key);
  }

  add(key: object): this {
    const store = stores.get(key);
    if (store) store.set(this, true);
    else stores.set(key, new Map([[this as object, true]]));
    return this;
  }

  has(key: object): boolean {
    return stores.get(key)?.has(this) ?? false;
  }

  delete(key: object): boolean {
    return stores.get(key)?.delete(this) ?? false;
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
