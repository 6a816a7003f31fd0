// The rows of bench/paired.ts. This file imports none of the measured code itself: each row loads it from the build that it is to measure.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Catalogue from "../src/catalogue/index.js";
import type * as Search from "../src/explore/search.js";
import type * as Block from "../src/fuzz/block.js";
import type * as Strategies from "../src/fuzz/strategies/index.js";
import type * as RawOptions from "../src/simulate/raw-options.js";
import type * as Result from "../src/simulate/result.js";
import { refuse } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";

/** What one process has measured: the CPU seconds, and what it did, which has to be the same with both builds. */
export interface Measured {
  readonly seconds: number;
  readonly work: number;
}

/** Loads a module of a build, from the first of the places where it is or was. */
type Load = <Module>(...places: readonly string[]) => Promise<Module>;

const long = { replicas: 16, faults: 5, clients: 10, requests: 400 };
export const rows: { readonly [name: string]: (load: Load) => Promise<Measured> } = {
  "simulate: 4,000 requests, n=16": simulated(long),
  "simulate: the same, a checkpoint every 16 slots": simulated({ ...long, checkpointInterval: 16 }),
  "simulate: one request, n=512": simulated({ replicas: 512, faults: 170 }),
  "fuzz: blocks for the first time": fuzzed(0),
  "fuzz: the same blocks eight times more": fuzzed(8),
  "search: two-phase commit, 8 resource managers": searched("two-phase-commit", "none", {
    config: { replicas: 9, faults: 0, requests: 0, slots: 1, clients: false },
    byzantine: [],
    adversary: null,
    bounds: { views: 0 },
  }),
  "search: PBFT, arbitrary at r0, views 0-1, visible steps": searched("pbft", "visible-steps", {
    config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
    byzantine: ["r0"],
    adversary: "arbitrary",
    bounds: { views: 1 },
  }),
};

function simulated(changes: Partial<Result.SimulationResult["parameters"]>) {
  return async (load: Load): Promise<Measured> => {
    const { simulate } = await load<typeof Result>("simulate/result.js");
    const { defaults: found } = await load<Partial<typeof RawOptions>>("simulate/raw-options.js");
    const defaults = found ?? (await load<typeof RawOptions>("simulate/setting.js")).defaults; // where it was once
    const before = process.cpuUsage();
    const { events } = await simulate({ ...defaults, ...changes });
    return { seconds: cpuSeconds(before), work: events };
  };
}

/** As in bench/fuzz.ts; `again` times more, of which alone the seconds are. */
function fuzzed(again: number) {
  return async (load: Load): Promise<Measured> => {
    const { settingFrom } = await load<typeof Catalogue>("catalogue/index.js", "catalogue.js");
    const { BlockMaker } = await load<typeof Block>("fuzz/block.js");
    const { strategyNamed } = await load<typeof Strategies>("fuzz/strategies/index.js");
    const setting = await settingFrom({
      protocol: "pbft",
      config: { replicas: 4, faults: 1, requests: 1, clients: true, slots: 11, operations: 11 },
      byzantine: [],
      adversary: null,
      network: "async",
      bounds: { views: 0 },
      properties: ["validity", "linearizability"],
    });
    const maker = new BlockMaker(setting, {
      seed: 1,
      strategy: strategyNamed("uniform"),
      maxActions: 200,
      maxRuns: Number.POSITIVE_INFINITY,
      stopsAtFailure: true,
    });
    let work = 0;
    let before = process.cpuUsage();
    for (let time = 0; time <= again; time++) {
      if (time === 1) before = process.cpuUsage();
      for (let block = 0; block < 1; block++) work += (await maker.make(block, () => false, 0)).counts.events;
    }
    return { seconds: cpuSeconds(before), work };
  };
}

type Description = Parameters<typeof Catalogue.settingFrom>[0];

function searched(
  protocol: string,
  reduction: "none" | "visible-steps",
  description: Pick<Description, "config" | "adversary" | "bounds" | "byzantine">,
) {
  return async (load: Load): Promise<Measured> => {
    const { settingFrom } = await load<typeof Catalogue>("catalogue/index.js", "catalogue.js");
    const { search } = await load<typeof Search>("explore/search.js");
    const network = "async";
    const setting = await settingFrom({
      ...description,
      protocol,
      network,
      properties: ["agreement"],
    });
    const before = process.cpuUsage();
    const { states } = await search(setting, { reduction });
    return { seconds: cpuSeconds(before), work: states };
  };
}

/** The modules of the build in a folder. */
export function loaderOf(build: string): Load {
  return async (...places) => {
    const path = places.map((place) => join(build, "src", place)).find(existsSync);
    return import(pathToFileURL(path ?? refuse(`${build} has no src/${places[0]}`)).href);
  };
}
