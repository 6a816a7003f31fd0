// A property that counts events of one kind, always holds, and always says that it was put to the test.

import { type Event, monitor, type Property } from "../../src/protocol/index.js";

export function counting(name: string, kind: Event["kind"]): Property {
  return {
    ...{ name, summary: name, kind: "always", observes: "both", exercise: "something must happen" },
    hears: (event) => event.kind === kind,
    monitor: () =>
      monitor<number>({
        ...{ init: 0, on: (count) => count + 1, verdict: () => "holds", exercised: () => 1 },
        explain: () => "",
      }),
  };
}

/** One that no event of PBFT without clients reaches, and one that hears executions. */
export const deafAndListening = [counting("deaf", "invoked"), counting("listens", "executed")];
