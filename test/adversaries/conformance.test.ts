// What every adversary owes, in every situation: it says what is well-formed, in its own name, and what it can show.

import test from "ava";
import {
  arbitrary,
  byzantineClient,
  certificateWithholder,
  checkpointLiar,
  equivocatingPrimary,
  lyingVoter,
  newViewForger,
  replayer,
  silent,
  viewChangeLiar,
} from "../../adversaries/index.js";
import { canonicalizer, SchemaMismatch } from "../../src/model/canonical.js";
import { type Adversary, sign } from "../../src/protocol/index.js";
import { Message } from "../../src/protocols/pbft/messages.js";
import { ask, count, distinct, endOfView0, situation, situations } from "./situations.js";

const weaker = [
  silent as Adversary<Message>,
  replayer as Adversary<Message>,
  equivocatingPrimary,
  lyingVoter,
  checkpointLiar,
  certificateWithholder,
  viewChangeLiar,
  newViewForger,
  byzantineClient,
];
const adversaries = [...weaker, arbitrary];
const canonical = canonicalizer(Message);

for (const adversary of adversaries) {
  for (const [name, here] of Object.entries(situations)) {
    const { moves, admits } = ask(adversary, here);

    test(`${adversary.name} as ${name}: every move fits the protocol's schema`, (t) => {
      t.deepEqual(
        moves.filter((move) => canonical(move) instanceof SchemaMismatch),
        [],
      );
    });

    test(`${adversary.name} as ${name}: every move is its own, or another's authenticator, and admitted`, (t) => {
      t.deepEqual(
        moves.filter((move) => (move.signer !== here.place.self && !move.convinces) || !admits(move)),
        [],
      );
    });

    test(`${adversary.name} as ${name}: r3 cannot be made to say the same, unless it has said it`, (t) => {
      const said = new Set(here.sent.map((statement) => JSON.stringify(statement)));
      const inItsName = moves.map(({ body }) => sign("r3", body));
      t.deepEqual(
        inItsName.filter((move) => admits(move) && !said.has(JSON.stringify(move))),
        [],
      );
    });

    test(`${adversary.name} as ${name}: the same question has the same answer`, (t) => {
      t.deepEqual(ask(adversary, here).moves, moves);
    });

    test(`${adversary.name} as ${name}: knowing more takes no move away`, (t) => {
      const less = here.sent.filter((_, index) => index % 2 === 0);
      const all = distinct(moves);
      const before = distinct(ask(adversary, { ...here, sent: less }).moves);
      t.deepEqual(
        [...before].filter((move) => !all.has(move)),
        [],
      );
    });
  }

  test(`${adversary.name}: it has moves of its own exactly where it says that it can move`, (t) => {
    const hasOwn = adversary.speaks && adversary.name !== "replayer";
    for (const views of [0, 1, 2])
      for (const self of ["r0", "r1", "r2", "r3"]) {
        const here = situation([self], views, endOfView0);
        const moves = ask(adversary, here).moves.length > 0;
        t.is(moves, hasOwn && adversary.canMove(here.place), `${self}, views 0-${views}`);
      }
  });
}

for (const adversary of weaker)
  for (const [name, here] of Object.entries(situations))
    test(`arbitrary can do what ${adversary.name} can, as ${name}`, (t) => {
      const all = distinct(ask(arbitrary, here).moves);
      t.deepEqual(
        [...distinct(ask(adversary, here).moves)].filter((move) => !all.has(move)),
        [],
      );
      t.true(arbitrary.strength > adversary.strength);
      t.true(arbitrary.forwards || !adversary.forwards);
    });

test("silent says nothing, anywhere", (t) => {
  for (const here of Object.values(situations))
    t.deepEqual(ask(silent as Adversary<Message>, here).moves, []);
  t.false(silent.speaks);
  t.false(silent.forwards);
});

test("only the replayer and arbitrary pass on what others have signed", (t) => {
  t.deepEqual(
    adversaries.filter(({ forwards }) => forwards),
    [replayer, arbitrary],
  );
});

test("towards a client only arbitrary speaks, and only in replies", (t) => {
  const here = situations["r0, towards a client"]!;
  t.deepEqual(
    adversaries.map((adversary) => count(ask(adversary, here).moves)),
    [...weaker.map(() => ({})), { reply: 2 }],
  );
});
