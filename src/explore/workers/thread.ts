// The entry point of a worker thread: it gets its assignment as worker data, and does a level whenever it is told to.

import { parentPort, workerData } from "node:worker_threads";
import { settingFrom } from "../../catalogue.js";
import { UserError } from "../../model/errors.js";
import type { Setting } from "../../model/setting.js";
import { Partition } from "./partition.js";
import { type Assignment, Board, type Order, type Report, type SettingSource } from "./wire.js";

const assignment = workerData as Assignment;

function report(what: Report): void {
  parentPort!.postMessage(what);
}

async function find(source: SettingSource): Promise<Setting> {
  if ("description" in source) return settingFrom(source.description);
  const module = (await import(source.module)) as {
    readonly [name: string]: (...args: unknown[]) => Setting;
  };
  return module[source.name]!(...source.args);
}

/** An error ends the whole search, so nobody may go on waiting for this worker. */
function fail(error: unknown): void {
  new Board(assignment.workers, assignment.board).stop();
  const message =
    error instanceof UserError ? error.message : error instanceof Error ? error.stack : String(error);
  report({ kind: "error", code: error instanceof UserError ? error.code : null, message: message ?? "" });
}

try {
  const partition = new Partition(await find(assignment.source), assignment);
  parentPort!.on("message", (order: Order) => {
    try {
      if (order === "level") report({ kind: "level", ...partition.level() });
      else if (order !== "end") {
        const records = partition.records(order !== "records");
        parentPort!.postMessage({ kind: "records", records }, [records.known.vectors.buffer]);
      } else report({ kind: "end", summary: partition.summary() });
    } catch (error) {
      fail(error);
    }
  });
  report({ kind: "ready" });
} catch (error) {
  fail(error);
}
