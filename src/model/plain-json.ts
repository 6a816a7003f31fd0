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
      return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlainJson);
    default:
      return false;
  }
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
