// Messages as text. They are copied when they are sent, so that nobody shares objects with the receiver, as on a wire.
// Besides JSON there are bytes, bigints, dates, Map, Set and undefined; each is an object with the single key "@".

type Tagged = { readonly "@": readonly [kind: string, value: unknown] };

/** The text of a message. @throws {TypeError} with the path of what cannot be sent. */
export function encode(message: unknown): string {
  return JSON.stringify(plain(message, "message", []));
}

/** The message that a text means, as new objects. */
export function decode(text: string): unknown {
  return revive(JSON.parse(text));
}

function plain(value: unknown, path: string, above: readonly object[]): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : tagged("number", String(value));
    case "undefined":
      return tagged("undefined", null);
    case "bigint":
      return tagged("bigint", String(value));
    case "object":
      return value === null ? null : plainObject(value, path, above);
    default:
      throw new TypeError(`${path} is a ${typeof value}, which cannot be sent`);
  }
}

function plainObject(value: object, path: string, above: readonly object[]): unknown {
  if (above.includes(value)) throw new TypeError(`${path} contains itself, so it cannot be sent`);
  const inside = [...above, value];
  const item = (one: unknown, name: string | number) => plain(one, `${path}.${name}`, inside);
  if (Array.isArray(value)) return value.map(item);
  if (ArrayBuffer.isView(value)) return tagged(kindOfView(value), hex(value));
  if (value instanceof Map)
    return tagged(
      "Map",
      [...value].map(([key, one], index) => [item(key, index), item(one, index)]),
    );
  if (value instanceof Set) return tagged("Set", [...value].map(item));
  if (value instanceof Date) return tagged("Date", value.getTime());
  if (value instanceof Promise)
    throw new TypeError(`${path} is a Promise, which cannot be sent: await it first`);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return item(toJSON.call(value, ""), "toJSON()");
  const fields = Object.entries(value).filter(([, one]) => one !== undefined && typeof one !== "function");
  return Object.fromEntries(fields.map(([name, one]) => [name === "@" ? "@@" : name, item(one, name)]));
}

function kindOfView(view: ArrayBufferView): string {
  if (typeof Buffer !== "undefined" && Buffer.isBuffer(view)) return "Buffer";
  return Object.prototype.toString.call(view).slice(8, -1);
}

function hex(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function tagged(kind: string, value: unknown): Tagged {
  return { "@": [kind, value] };
}

function revive(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(revive);
  const tag = (value as Tagged)["@"];
  if (tag !== undefined) return reviveTagged(tag[0], tag[1]);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name === "@@" ? "@" : name, revive(one)]),
  );
}

function reviveTagged(kind: string, value: unknown): unknown {
  switch (kind) {
    case "undefined":
      return undefined;
    case "number":
      return Number(value);
    case "bigint":
      return BigInt(value as string);
    case "Map":
      return new Map((value as [unknown, unknown][]).map(([key, one]) => [revive(key), revive(one)]));
    case "Set":
      return new Set((value as unknown[]).map(revive));
    case "Date":
      return new Date(value as number);
    default: {
      const bytes = Uint8Array.from((value as string).match(/../g) ?? [], (byte) =>
        Number.parseInt(byte, 16),
      );
      if (kind === "Buffer") return Buffer.from(bytes);
      const View = (globalThis as unknown as Record<string, typeof Uint8Array>)[kind]!;
      return new View(bytes.buffer as never);
    }
  }
}
