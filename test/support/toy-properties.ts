// The simplest properties that a schedule can violate, over custom events alone.

import { monitor, type Property } from "../../src/protocol/index.js";

/** Violated when custom events of both names have been seen, by whomever. */
export function neverBoth(first: string, second: string): Property {
  return {
    name: "never-both",
    summary: `${first} and ${second} are never both seen`,
    kind: "always",
    observes: "both",
    exercise: `${first} or ${second} must have been seen`,
    monitor: () =>
      monitor<readonly string[]>({
        init: [],
        on: (names, _by, event) =>
          event.kind === "custom" && !names.includes(event.name) ? [...names, event.name].sort() : names,
        verdict: (names) => (names.includes(first) && names.includes(second) ? "violated" : "holds"),
        exercised: (names) => names.length,
        explain: () => `${first} and ${second} have both been seen`,
      }),
  };
}

/** Violated as long as a custom event of this name has not been seen and never will be. */
export function eventually(name: string): Property {
  return {
    name: `eventually-${name}`,
    summary: `${name} is seen sooner or later`,
    kind: "eventually",
    observes: "both",
    exercise: `${name} must have been seen`,
    monitor: () =>
      monitor<boolean>({
        init: false,
        on: (isSeen, _by, event) => isSeen || (event.kind === "custom" && event.name === name),
        verdict: (isSeen) => (isSeen ? "holds" : "pending"),
        exercised: (isSeen) => (isSeen ? 1 : 0),
        explain: () => `${name} has not been seen`,
      }),
  };
}

/** Violated when a custom event named `second` is seen after one named `first`. */
export function neverAfter(first: string, second: string): Property {
  return {
    name: "never-after",
    summary: `${second} is never seen after ${first}`,
    kind: "always",
    observes: "both",
    exercise: `${first} must have been seen`,
    monitor: () =>
      monitor<"before" | "after" | "broken">({
        init: "before",
        on: (state, _by, event) => {
          if (event.kind !== "custom" || state === "broken") return state;
          if (event.name === first) return "after";
          return event.name === second && state === "after" ? "broken" : state;
        },
        verdict: (state) => (state === "broken" ? "violated" : "holds"),
        exercised: (state) => (state === "before" ? 0 : 1),
        explain: () => `${second} was seen after ${first}`,
      }),
  };
}
