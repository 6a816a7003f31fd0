// Tasks on threads: every one is done once, errors keep their kind, and an interrupt begins nothing more.

import { getEventListeners } from "node:events";
import test from "ava";
import { UserError } from "../../src/model/errors.js";
import { doAll } from "../../src/threads/pool.js";
import type { Note, Task } from "./double.js";

const module = new URL("./double.js", import.meta.url);

test("every task is done once, by as many threads as are wanted", async (t) => {
  const results = new Map<number, number>();
  const notes: Note[] = [];
  await doAll<Task, number, Note>([1, 2, 3, 4, 5], {
    module,
    threads: 3,
    signal: undefined,
    whenInterrupted: "throw away",
    onResult: (index, result) => {
      t.false(results.has(index));
      results.set(index, result);
    },
    onNote: (_, note) => notes.push(note),
  });
  t.deepEqual(
    [...results].sort(([a], [b]) => a - b),
    [
      [0, 2],
      [1, 4],
      [2, 6],
      [3, 8],
      [4, 10],
    ],
  );
  t.deepEqual(notes.sort(), ["doubling 1", "doubling 2", "doubling 3", "doubling 4", "doubling 5"]);
});

test("tasks are asked for as threads get free, until no more results are wanted", async (t) => {
  let asked = 0;
  function* endless(): Iterable<Task> {
    for (;;) yield asked++;
  }
  const enough = new AbortController();
  const results = new Map<number, number>();
  await doAll<Task, number, Note>(endless(), {
    ...{ module, threads: 2, signal: undefined, whenInterrupted: "let finish", enough: enough.signal },
    onResult: (index, result) => {
      results.set(index, result);
      if (results.size === 3) enough.abort();
    },
  });
  t.is(results.size, 3);
  for (const [index, result] of results) t.is(result, 2 * index);
  t.is(asked, 4); // two threads are never more than one task apart from what they have done
});

test("no tasks are done at once", async (t) => {
  await doAll<Task, number>([], {
    module,
    threads: 2,
    signal: undefined,
    whenInterrupted: "throw away",
    onResult: () => t.fail(),
  });
  t.pass();
});

const failing = { module, threads: 1, signal: undefined, whenInterrupted: "throw away" } as const;

test("an error of the user's keeps its code and its message", async (t) => {
  const results: number[] = [];
  const error = await t.throwsAsync(
    doAll<Task, number>([1, "user", 2], { ...failing, onResult: (index) => results.push(index) }),
    { instanceOf: UserError, message: "not so" },
  );
  t.is(error.code, "bad-option");
  t.deepEqual(results, [0]);
});

test("any other error comes with its stack", async (t) => {
  const error = await t.throwsAsync(doAll<Task, number>(["bug"], { ...failing, onResult: () => t.fail() }));
  t.false(error instanceof UserError);
  t.regex(error.message, /^TypeError: a bug\n\s+at /);
});

test("after an interrupt tasks under way come to an end by themselves, and no other is begun", async (t) => {
  const controller = new AbortController();
  const results: (readonly [number, number])[] = [];
  await doAll<Task, number, Note>(["wait", 7], {
    module,
    threads: 1,
    signal: controller.signal,
    whenInterrupted: "let finish",
    onNote: () => controller.abort(),
    onResult: (index, result) => results.push([index, result]),
  });
  t.deepEqual(results, [[0, -1]]);
});

test("or they are thrown away", async (t) => {
  const controller = new AbortController();
  await doAll<Task, number, Note>(["wait", 7], {
    module,
    threads: 1,
    signal: controller.signal,
    whenInterrupted: "throw away",
    onNote: () => controller.abort(),
    onResult: () => t.fail(),
  });
  t.pass();
});

test("a signal that serves many pools, one after the other, keeps nothing of those that have ended", async (t) => {
  const [signal, enough] = [new AbortController().signal, new AbortController().signal];
  for (const tasks of [[1, 2], []])
    await doAll<Task, number, Note>(tasks, {
      ...{ module, threads: 2, signal, enough, whenInterrupted: "let finish", onResult: () => {} },
    });
  t.deepEqual([getEventListeners(signal, "abort"), getEventListeners(enough, "abort")], [[], []]);
});
