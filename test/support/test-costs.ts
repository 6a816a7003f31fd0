// Records what each test costs, for bench/slowest-tests.ts: as the first import of a test file it appends a line for each test to the file that
// TURNCOAT_TEST_COSTS names. It reads the CPU time of this process and of all processes below it, so one test has to run at a time
// (`ava --serial --concurrency=1`). Linux only: it reads /proc.

import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import test from "ava";

/** What one test cost. */
export interface TestCost {
  readonly title: string;
  /** CPU seconds, to a hundredth, of this process and of those it started. */
  readonly cpu: number;
  readonly seconds: number;
}

/** What /proc counts in, on every Linux of today. */
const ticksPerSecond = 100;

const into = process.env.TURNCOAT_TEST_COSTS;
if (into) record(into);

function record(path: string): void {
  let cpuBefore = 0;
  let begunAt = 0;
  const write = (title: string) => {
    const cpu = cpuOf(String(process.pid));
    const cost: TestCost = {
      title,
      cpu: cpu - cpuBefore,
      seconds: (performance.now() - begunAt) / 1000,
    };
    appendFileSync(path, `${JSON.stringify(cost)}\n`);
    cpuBefore = cpuOf(String(process.pid));
    begunAt = performance.now();
  };
  test.before(() => write("(loading)"));
  test.afterEach.always((t) => write(t.title.replace(/^.* hook for /, "")));
}

/** CPU seconds of a process, of its ended children, and of its living descendants. */
function cpuOf(root: string): number {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => statOf(pid));
  const below = (pid: string): number =>
    processes
      .filter(({ parent }) => parent === pid)
      .reduce((sum, child) => sum + child.cpu + below(child.pid), 0);
  return (processes.find(({ pid }) => pid === root)?.cpu ?? 0) + below(root);
}

/** A process that runs, or nothing if it has ended meanwhile. */
function statOf(pid: string): { pid: string; parent: string; cpu: number }[] {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return [{ pid, parent: fields[1]!, cpu: ticks / ticksPerSecond }];
  } catch {
    return [];
  }
}
