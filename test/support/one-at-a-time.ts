// The first import of a room whose tests start processes or nodes and wait for them: one begins when the one before it has ended. Side by side they
// would be so many that those that are timed come too late.

import test from "ava";

let last: Promise<void> = Promise.resolve();
let end: () => void = () => {};

test.beforeEach(async () => {
  const before = last;
  let ended!: () => void;
  last = new Promise((resolve) => {
    ended = resolve;
  });
  await before;
  end = ended;
});

test.afterEach.always(() => end());
