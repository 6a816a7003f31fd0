// Canonical snapshots: the graph of objects that can be reached from a node's roots, as JSON text. Two instances are in the same
// state if their texts are equal. An object is written where it is met first; after that a reference says the how manyth it was.
//
//   { "@": "Replica", "#log": [..], "peers": {"@": "Map", "entries": [["r1", {"@ref": 4}]]} }
//
// Plain objects have no "@". This is the hot loop of checking real code, hence one function per kind and string building.

import { types } from "node:util";
import type { Told } from "./inside/captures.js";
import type { Inside } from "./inside/main.js";
import type { Node, Timeout } from "./inside/node.js";
import { promiseIsPending } from "./promises.js";

/** What an object is, as far as its snapshot goes. */
type Kind =
  | "plain"
  | "object"
  | "array"
  | "map"
  | "set"
  | "bytes"
  | "date"
  | "error"
  | "regexp"
  | "promise"
  | "timer"
  | "function"
  | "generator";

interface Layout {
  readonly kind: Kind;
  /** What objects of the kind hold besides their own properties: a class that has captured something, or a prototype that is no class's. */
  readonly behind?: object;
  /** JSON text of the class's name. */
  readonly name: string;
}

/** Options of snapshots. */
export interface SnapshotOptions {
  /** Whether the order in Map, Set and objects is left out. */
  readonly unordered: boolean;
  /** Whether the realm tells what functions have captured. */
  readonly closures: boolean;
}

/** A variable that is not set yet. */
const unset = '{"@":"unset"}';

const text = JSON.stringify as (value: string) => string;

/** Writes snapshots of the instances of one realm. */
export class Snapshots {
  readonly #layouts = new WeakMap<object, Layout>();
  readonly #functions = new WeakMap<object, { readonly label: string; readonly plain: number }>();
  readonly #sources = new Map<string, string>();
  readonly #propertyNames = new Map<PropertyKey, string>();
  readonly #stores: Inside["stores"];
  readonly #timeout: object;
  readonly #natives: Record<string, { prototype: object }>;
  readonly #inside: Inside;
  readonly #options: SnapshotOptions;
  /** Objects met in the present snapshot. */
  #seen = new Map<object, number>();
  /** Whether a promise that has not settled was met in any snapshot. */
  sawPending = false;

  constructor(inside: Inside, options: SnapshotOptions) {
    this.#inside = inside;
    this.#stores = inside.stores;
    this.#timeout = inside.Timeout.prototype;
    this.#natives = inside.natives as Record<string, { prototype: object }>;
    this.#options = options;
  }

  /** The text of a node's state. */
  of(node: Node): string {
    this.#seen = new Map();
    let out = "{";
    for (const [name, root] of Object.entries(node.handlers?.roots ?? {}))
      out += `${text(name)}:${this.#value(root)},`;
    // Which was set first makes no difference: any of them may fire next.
    const timers = node.timers.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    if (timers.length > 0) out += `"timers":[${timers.map((timer) => this.#pending(timer)).join()}],`;
    // How many timers have fired is of no consequence where the class has views of its own.
    for (const name of ["executed", "fired", "ticked", "bytes", "draws"] as const)
      if (node[name] > 0 && !(name === "fired" && node.handlers?.view)) out += `"@${name}":${node[name]},`;
    return out.length > 1 ? `${out.slice(0, -1)}}` : "{}";
  }

  /** A timer that is set: what it calls, and with what. */
  #pending(timer: Timeout): string {
    const args = timer.args.length > 0 ? `,"args":${this.#items(timer.args)}` : "";
    const every = timer.repeats ? ',"repeats":true' : "";
    return `{"@":"timer","name":${text(timer.name)},"ms":${timer.delayMs}${every}${args},"calls":${this.#value(timer.callback)}}`;
  }

  #value(value: unknown): string {
    switch (typeof value) {
      case "string":
        return text(value);
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? String(value)
          : `{"@":"number","is":"${Object.is(value, -0) ? "-0" : value}"}`;
      case "boolean":
        return value ? "true" : "false";
      case "undefined":
        return '{"@":"undefined"}';
      case "bigint":
        return `{"@":"bigint","is":"${value}"}`;
      case "symbol":
        return `{"@":"symbol","is":${text(value.description ?? "")}}`;
      default:
        return value === null ? "null" : this.#object(value as object);
    }
  }

  #object(value: object): string {
    const known = this.#seen.get(value);
    if (known !== undefined) return `{"@ref":${known}}`;
    this.#seen.set(value, this.#seen.size);
    if (this.#options.closures && typeof value !== "function") {
      const told = this.#inside.told(value);
      if (told) return `{"@":"Proxy"${this.#told(told)}}`;
    }
    const layout = this.#layoutOf(value);
    if (!layout.behind) return this.#ofKind(layout, value);
    return `${this.#ofKind(layout, value).slice(0, -1)},"(class)":${this.#value(layout.behind)}}`;
  }

  #ofKind(layout: Layout, value: object): string {
    switch (layout.kind) {
      case "plain":
        return this.#fields("{", value);
      case "array":
        return this.#array(value as unknown[]);
      case "map":
        return this.#map(layout, value as Map<unknown, unknown>);
      case "set":
        return this.#set(layout, value as Set<unknown>);
      case "function":
        return this.#function(value);
      case "timer":
        return `{"@":"Timeout","name":${text((value as Timeout).name)}}`;
      case "bytes":
        return this.#fields(`{"@":${layout.name},"hex":"${hexOf(value)}",`, value, true);
      case "date":
        return this.#fields(`{"@":${layout.name},"time":${Number(value) || 0},`, value);
      case "regexp":
        return this.#fields(`{"@":${layout.name},"is":${text(String(value))},`, value);
      case "error":
        return this.#fields(`{"@":${layout.name},`, value, false, "stack");
      case "promise":
        return this.#promise(layout, value);
      case "generator":
        return this.#generator(value);
      default:
        return this.#fields(`{"@":${layout.name},`, value);
    }
  }

  #items(items: readonly unknown[]): string {
    let out = "[";
    for (let index = 0; index < items.length; index++) {
      if (index > 0) out += ",";
      out += index in items ? this.#value(items[index]) : '{"@":"hole"}';
    }
    return `${out}]`;
  }

  #array(value: unknown[]): string {
    // Names come after indexes, and where there are holes there are fewer of these than the length says.
    const last = Object.keys(value).at(-1);
    const hasMore = last !== undefined && !isOfItems(last);
    const store = this.#stores.get(value);
    if (!hasMore && !store && Object.getPrototypeOf(value) === this.#natives.Array!.prototype)
      return this.#items(value);
    return this.#fields(`{"@":${this.#layoutOf(value).name},"items":${this.#items(value)},`, value, true);
  }

  #map(layout: Layout, value: Map<unknown, unknown>): string {
    const entries: string[] = [];
    const ofMap = Map.prototype.entries.call(value) as Iterable<[unknown, unknown]>;
    for (const [key, one] of this.#inOrder(ofMap, ([key]) => key))
      entries.push(`[${this.#value(key)},${this.#value(one)}]`);
    return this.#fields(`{"@":${layout.name},"entries":[${entries.join()}],`, value);
  }

  #set(layout: Layout, value: Set<unknown>): string {
    const values: string[] = [];
    const ofSet = Set.prototype.values.call(value) as Iterable<unknown>;
    for (const one of this.#inOrder(ofSet, (one) => one)) values.push(this.#value(one));
    return this.#fields(`{"@":${layout.name},"values":[${values.join()}],`, value);
  }

  /** Sorted by key, where the order carries no meaning and keys can be sorted. */
  #inOrder<T>(items: Iterable<T>, keyOf: (item: T) => unknown): Iterable<T> {
    if (!this.#options.unordered) return items;
    const all = [...items].map((item) => ({ item, key: keyOf(item) }));
    if (
      all.some(({ key }) => typeof key === "object" || typeof key === "function" || typeof key === "symbol")
    )
      return all.map(({ item }) => item);
    const sortable = all.map(({ item, key }) => ({ item, by: `${typeof key} ${String(key)}` }));
    sortable.sort((a, b) => (a.by < b.by ? -1 : a.by > b.by ? 1 : 0));
    return sortable.map(({ item }) => item);
  }

  /** `start` is an open object; what is private comes first, as in the class. */
  #fields(start: string, value: object, isIndexed = false, without?: string): string {
    let out = start;
    for (let held = this.#stores.get(value) ?? null; held; held = held.next) {
      const { label } = held.by;
      if (!label.endsWith("_instances")) out += `${text(label)}:${this.#value(held.value)},`;
    }
    const keys = Reflect.ownKeys(value);
    if (this.#options.unordered) keys.sort((a, b) => (String(a) < String(b) ? -1 : 1));
    for (const key of keys) {
      if (key === without || (isIndexed && isOfItems(key))) continue;
      // What a getter returns is seen as well: asking for the property's descriptor first would take most of the time.
      out += `${this.#name(key)}${this.#value((value as Record<PropertyKey, unknown>)[key])},`;
    }
    return out.endsWith(",") ? `${out.slice(0, -1)}}` : `${out}}`;
  }

  #promise(layout: Layout, value: object): string {
    const isPending = promiseIsPending(value);
    this.sawPending ||= isPending;
    return this.#fields(`{"@":${layout.name},"is":"${isPending ? "pending" : "settled"}",`, value);
  }

  #function(value: object): string {
    let seen = this.#functions.get(value);
    if (seen === undefined) {
      seen = {
        label: this.#labelOf(value),
        plain: extraKeys(value).length === 0 ? Reflect.ownKeys(value).length : -1,
      };
      this.#functions.set(value, seen);
    }
    const told = this.#options.closures ? this.#inside.told(value) : undefined;
    const own = Reflect.ownKeys(value).length === seen.plain ? [] : extraKeys(value);
    if (!told && (own.length === 0 || seen.label.startsWith('"class'))) return `{"@":${seen.label}}`;
    let out = `{"@":${seen.label}`;
    if (told) out += this.#told(told);
    if (!seen.label.startsWith('"class'))
      for (const key of own)
        out += `,${this.#name(key)}${this.#value((value as unknown as Record<PropertyKey, unknown>)[key])}`;
    return `${out}}`;
  }

  /** Values behind names, after what comes before. */
  #told({ names, thunks }: Told): string {
    let out = "";
    thunks().forEach((thunk, index) => {
      out += `,${text(names[index]!)}:${this.#captured(thunk)}`;
    });
    return out;
  }

  #captured(thunk: () => unknown): string {
    let value: unknown;
    try {
      value = thunk();
    } catch {
      return unset; // it is declared further down
    }
    return this.#value(value);
  }

  /** Where a generator pauses, and its variables. */
  #generator(value: object): string {
    const frame = this.#options.closures ? this.#inside.frameOf(value) : undefined;
    if (!frame) return '{"@":"generator"}';
    const delegate = frame.delegate === undefined ? "" : `,"(delegate)":${this.#value(frame.delegate)}`;
    return `{"@":"generator","at":${frame.at}${this.#told(frame)}${delegate}}`;
  }

  /** JSON text of a function's name with something that depends on its source. */
  #labelOf(value: object): string {
    const source = Function.prototype.toString.call(value);
    let label = this.#sources.get(source);
    if (label === undefined) {
      const kind = /^class\b/.test(source) ? "class" : "function";
      label = text(`${kind} ${(value as { name: string }).name} ${fingerprint(source)}`);
      this.#sources.set(source, label);
    }
    return label;
  }

  /** JSON text of a property's name, with the colon. */
  #name(key: PropertyKey): string {
    let name = this.#propertyNames.get(key);
    if (name === undefined) {
      const plain = typeof key === "symbol" ? `@@${key.description ?? ""}` : String(key);
      name = `${text(typeof key === "string" && key.startsWith("@") ? `@${key}` : plain)}:`;
      this.#propertyNames.set(key, name);
    }
    return name;
  }

  #layoutOf(value: object): Layout {
    if (typeof value === "function") return functionLayout;
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype === null) return nullLayout;
    let layout = this.#layouts.get(prototype);
    if (layout === undefined) {
      layout = this.#newLayout(value, prototype);
      this.#layouts.set(prototype, layout);
    }
    return layout;
  }

  #newLayout(value: object, prototype: object): Layout {
    if (prototype === this.#natives.Object!.prototype) return { kind: "plain", name: text("Object") };
    const maker = Reflect.getOwnPropertyDescriptor(prototype, "constructor")?.value as unknown;
    const kind = this.#kindOf(value);
    if (typeof maker !== "function") {
      const behind = this.#options.closures && kind === "object" ? { behind: prototype } : {};
      return { kind, name: text("Object"), ...behind };
    }
    const behind = this.#options.closures && this.#inside.told(maker) ? { behind: maker } : {};
    // Two classes of one name are two classes; one that is made anew for every instance is one.
    const source = Function.prototype.toString.call(maker);
    const mark = source.includes("[native code]") ? "" : ` ${fingerprint(source)}`;
    return { kind, name: text(`${maker.name || "Object"}${mark}`), ...behind };
  }

  #kindOf(value: object): Kind {
    if (Array.isArray(value)) return "array";
    if (this.#options.closures && types.isGeneratorObject(value)) return "generator";
    if (types.isMap(value)) return "map";
    if (types.isSet(value)) return "set";
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return "bytes";
    if (types.isDate(value)) return "date";
    if (types.isNativeError(value)) return "error";
    if (types.isRegExp(value)) return "regexp";
    if (types.isPromise(value)) return "promise";
    if (Object.prototype.isPrototypeOf.call(this.#timeout, value)) return "timer";
    return "object";
  }
}

/** Properties that somebody has added to a function. */
function extraKeys(value: object): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) => !ordinary.has(key));
}

const ordinary = new Set<PropertyKey>(["length", "name", "prototype", "arguments", "caller"]);

function isOfItems(key: PropertyKey): boolean {
  return typeof key === "string" && (key === "length" || /^\d+$/.test(key));
}

const functionLayout: Layout = { kind: "function", name: '"function"' };
const nullLayout: Layout = { kind: "object", name: '"null"' };

function hexOf(value: object): string {
  if (!ArrayBuffer.isView(value)) return Buffer.from(value as ArrayBuffer).toString("hex");
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex");
}

/** Not a secret: two functions of one name with different texts are told apart. */
function fingerprint(source: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < source.length; index++)
    hash = Math.imul(hash ^ source.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
