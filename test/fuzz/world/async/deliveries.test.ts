// What is on its way: who is fresh, who sleeps, who wakes when.

import test from "ava";
import { Deliveries } from "../../../../src/fuzz/world/async/deliveries.js";

/** The packets that are fresh. */
function fresh(deliveries: Deliveries): number[] {
  return Array.from({ length: deliveries.pending }, (_, place) => deliveries.packet(deliveries.at(place)));
}

test("what is ignored wakes at the next change of its receiver, then after eight more, then no more", (t) => {
  const deliveries = new Deliveries(2);
  deliveries.post(1, 0, 70);
  deliveries.ignore(0, 5);
  deliveries.wake(0, 6); // another node
  t.deepEqual(fresh(deliveries), []);
  deliveries.wake(1, 6);
  t.deepEqual(fresh(deliveries), [70]);
  deliveries.ignore(0, 6);
  for (let version = 7; version < 14; version++) deliveries.wake(1, version);
  t.deepEqual(fresh(deliveries), []);
  deliveries.wake(1, 14);
  t.deepEqual(fresh(deliveries), [70]);
  deliveries.ignore(0, 14);
  for (let version = 15; version < 200; version++) deliveries.wake(1, version);
  t.deepEqual(fresh(deliveries), []);
});

test("one that sleeps longer does not keep the others asleep", (t) => {
  const deliveries = new Deliveries(1);
  deliveries.post(0, 0, 1);
  deliveries.ignore(0, 0);
  deliveries.wake(0, 1);
  deliveries.ignore(0, 1); // until 9
  deliveries.post(0, 0, 2);
  deliveries.ignore(0, 3); // until 4
  deliveries.wake(0, 4);
  t.deepEqual(fresh(deliveries), [2]);
  deliveries.wake(0, 9);
  t.deepEqual(fresh(deliveries), [2, 1]);
});

test("what sleeps for good or is set aside comes back if it would change something, and is asked about once a version", (t) => {
  const deliveries = new Deliveries(1);
  for (const packet of [1, 2, 3]) deliveries.post(0, 0, packet);
  deliveries.ignore(0, 0);
  deliveries.setAside(0);
  deliveries.ignore(0, 0);
  t.is(deliveries.pending, 0);
  const asked: number[] = [];
  const even = (_: number, packet: number) => asked.push(packet) > 0 && packet % 2 === 0;
  deliveries.bringBack(0, 0, even);
  t.deepEqual(fresh(deliveries), [2]);
  t.deepEqual(asked.sort(), [1, 2, 3]);
  deliveries.bringBack(0, 0, even);
  t.is(asked.length, 3);
  deliveries.setAside(0); // something new is asleep
  deliveries.bringBack(0, 0, even);
  t.deepEqual(fresh(deliveries), [2]);
  t.is(asked.length, 6);
});

test("what was received can be brought back, too; nothing is left when a run begins", (t) => {
  const deliveries = new Deliveries(3);
  for (let packet = 0; packet < 3000; packet++) deliveries.post(packet % 3, 1, packet);
  deliveries.receive(17);
  t.is(deliveries.pending, 2999);
  t.is(deliveries.received, 1);
  t.is(deliveries.packet(deliveries.receivedAt(0)), 17);
  t.deepEqual([deliveries.to(2998), deliveries.from(2998), deliveries.packet(2998)], [1, 1, 2998]);
  deliveries.bringBackDone((node, packet) => node === 2 && packet === 17);
  t.is(deliveries.pending, 3000);
  t.is(deliveries.received, 0);
  t.true(deliveries.includes(1, 2998));
  t.false(deliveries.includes(0, 2998));
  deliveries.clear();
  t.is(deliveries.pending, 0);
  t.false(deliveries.includes(1, 2998));
});
