// The entry point of a worker thread: creates its own tables for the setting, and then does what it is told.

import { parentPort, workerData } from "node:worker_threads";
import { takeAlphabets } from "../../liar/work.js";
import { Dictionary } from "../../model/dictionary.js";
import { TransitionSystem } from "../../model/system.js";
import { portableError } from "../../threads/portable-error.js";
import { settingOf } from "../../verdict/setting-source.js";
import { Expansion } from "../expansion.js";
import { VisitedSet } from "../visited.js";
import { type Order, type Report, type Start, WorkQueue } from "./messages.js";
import { SearchWorker } from "./search-worker.js";

const { source, reduction, alphabets } = workerData as Start;
let queue: WorkQueue | null = null;

function report(what: Report): void {
  parentPort!.postMessage(what);
}

/** An error ends the whole search. */
function fail(error: unknown): void {
  queue?.stop();
  report({ kind: "error", error: portableError(error) });
}

try {
  const setting = await settingOf(source);
  takeAlphabets(setting.protocol, alphabets);
  const system = new TransitionSystem(setting);
  const expansion = new Expansion(system, reduction);
  const visited = new VisitedSet(system.width);
  let worker: SearchWorker;
  const obey = (order: Order): void => {
    if (order.kind === "join") {
      queue = new WorkQueue(order.workers, order.queue);
      visited.join(order.chunkCounter);
      const dictionary = new Dictionary(system.sharedTables(), order.dictionary);
      worker = new SearchWorker(system, expansion, visited, dictionary, queue, order.index, 0);
      report({ kind: "joined" });
    } else if (order.kind === "round") {
      visited.take(order.table, order.chunks);
      worker.begin();
      worker.work(order.items, Number.POSITIVE_INFINITY);
      report({ kind: "round", ...worker.report() });
    } else {
      const statesByObservation = Array.from(worker.statesByObservation, (count) => count ?? 0);
      report({ kind: "end", statesByObservation });
    }
  };
  parentPort!.on("message", (order: Order) => {
    try {
      obey(order);
    } catch (error) {
      fail(error);
    }
  });
  report({ kind: "ready" });
} catch (error) {
  fail(error);
}
