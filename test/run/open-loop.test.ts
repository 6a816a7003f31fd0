// An open load: what is due while no client is free counts as late.

import test from "ava";
import { conform } from "../../src/conform/index.js";
import { readRecords, recordFilesIn } from "../../src/records/index.js";
import { drive } from "../../src/run/drive.js";
import { type FreeClient, OpenLoop } from "../../src/run/open-loop.js";
import { clusterFiles, started } from "../support/cluster.js";

test("latency counts from when a request was due, however long no client was free", async (t) => {
  let given = 0;
  const client: FreeClient = {
    give: () => {
      // The first takes 100 ms, in which all others become due; they take nothing.
      if (given++ === 0) setTimeout(() => loop.isFree(client), 100);
      else queueMicrotask(() => loop.isFree(client));
    },
  };
  const loop: OpenLoop = new OpenLoop({ rate: 1000, seconds: 0.01 }, [client]);
  const { planned, sent, served, late, latency, serviceTime } = await loop.run(new AbortController().signal);
  t.deepEqual([planned, sent, served, late], [10, 10, 10, 9]);
  t.true(latency!.p50 > 50);
  t.true(serviceTime!.p50 < latency!.p50 - 40); // what is called coordinated omission
});

test.serial(
  "a rate that so few clients cannot send is refused; another is sent, and conforms, twice",
  async (t) => {
    const { nodes } = await clusterFiles(t, { clients: 2 });
    const replicas = await Promise.all(nodes.slice(0, 4).map((node) => started(t, node)));
    const options = { signal: new AbortController().signal, patienceSeconds: 60 };
    await t.throwsAsync(drive(nodes.slice(4), { rate: 1e6, seconds: 1 }, options), {
      message: /^--rate 1000000 cannot be sent: 2 clients make one request at a time each, /,
    });
    // The same clients again: they go on with other requests.
    const { served, planned } = await drive(nodes.slice(4), { rate: 0.5, seconds: 4 }, options);
    t.deepEqual([served, planned], [2, 2]);
    for (const one of replicas) await one.stop();
    const { rejection } = await conform(
      readRecords(nodes.flatMap(({ directory }) => recordFilesIn(directory))),
    );
    t.is(rejection, null);
  },
);
