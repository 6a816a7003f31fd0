// What is plain JSON, and what is frozen all the way down.

import type { Json } from "../protocol/index.js";
import { hasInternedStamp, stampInterned } from "./stamps.js";

/** Freezes a value that is canonical, and marks it and its parts as interned. */
export function interning<T extends Json>(canonical: T): T {
  return deepFreeze(canonical, stampInterned);
}

/**
 * Whether an object was interned: then it is canonical, hence plain all the way down. New states mostly
 * consist of such objects.
 */
export function isInterned(value: object): boolean {
  return hasInternedStamp(value);
}

/** Whether a value is what its JSON text says: no Map, no class instance, no undefined, no NaN. */
export function isPlainJson(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      if (value === null || hasInternedStamp(value)) return true;
      if (Array.isArray(value)) return value.every(isPlainJson);
      if (!isPlainObject(value) || Object.getPrototypeOf(value) === null) return false;
      // A method `toJSON` that is not enumerable would make its text that of something else. A field of that name does not.
      if (typeof value.toJSON === "function") return false;
      return Object.values(value).every(isPlainJson);
    default:
      return false;
  }
}

/**
 * Whether a value is an object without a class. Test runners such as Jest run modules in a context of their own, whose `Object` is another one,
 * so any prototype that has none itself and is like `Object.prototype` will do.
 */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "isPrototypeOf");
}

/**
 * Freezes a JSON value all the way down, and returns it. `visit` is called for every object that was not
 * frozen yet.
 */
export function deepFreeze<T extends Json>(value: T, visit?: (part: object) => void): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    visit?.(value);
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item as Json, visit);
  }
  return value;
}
