// What Byzantine replicas can say of checkpoints and state, counted by hand in one situation: r1 and r3 have taken a checkpoint
// after A, so with r2's word it is proven.

import test from "ava";
import { arbitrary, checkpointLiar, lyingVoter } from "../../adversaries/index.js";
import { sign } from "../../src/protocol/index.js";
import type { Body, Message } from "../../src/protocols/pbft/messages.js";
import { stableProof } from "../protocols/pbft/support.js";
import { ask, count, situations } from "./situations.js";

const here = situations["r2 once a checkpoint was taken"]!;

test("the checkpoint liar votes for the right digest and a wrong one, and offers forged state with a true and a hollow proof", (t) => {
  t.deepEqual(count(ask(checkpointLiar, here).moves), { checkpoint: 2, state: 2, "view-change": 2 });
});

test("arbitrary does so, too, and carries proofs in its view-changes and new-views", (t) => {
  const counts = count(ask(arbitrary, here).moves);
  t.deepEqual([counts.checkpoint, counts.state], [2, 2]);
  const stable = ask(arbitrary, here).moves.flatMap(({ body }) =>
    body.tag === "view-change" ? [[body.stable, body.proof?.atLeast ?? 0]] : [],
  );
  t.deepEqual(
    new Set(stable.map(String)),
    new Set(["0,0", "1,3", "1,1"]),
    "none, that of a quorum, and one with r2 alone behind it",
  );
});

test("where no checkpoints are taken nobody speaks of them", (t) => {
  for (const adversary of [arbitrary, lyingVoter, checkpointLiar])
    for (const tag of ["checkpoint", "state"])
      t.is(count(ask(adversary, situations["r2 at the end of view 0"]!).moves)[tag], undefined);
});

test("a proof of a checkpoint cannot be shown before enough replicas have said so", (t) => {
  const { admits } = ask(arbitrary, here);
  const viewChange = (proof: ReturnType<typeof stableProof>): Message =>
    sign<Body>("r2", { tag: "view-change", view: 1, stable: 1, proof, prepared: [] });
  const [A] = here.sent as readonly Parameters<typeof stableProof>[0][number][];
  t.true(admits(viewChange(stableProof([A!], 3))), "r1, r3, and r2 itself");
  t.false(admits(viewChange(stableProof([A!], 4))));
  const forged = { ...stableProof([A!]).vote, digest: "0 [forged]" };
  t.false(admits(viewChange({ ...stableProof([A!]), vote: forged })));
  t.true(admits(viewChange({ ...stableProof([A!], 1), vote: forged })), "which proves nothing");
});
