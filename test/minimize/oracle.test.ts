import test from "ava";
import { Oracle } from "../../src/minimize/oracle.js";
import type { Action } from "../../src/model/action.js";
import { hears, switchboard } from "./switchboard.js";

const oracle = () => new Oracle(switchboard, "never-bang", {});
const lenient = (actions: readonly Action[], one = oracle()) =>
  one.lenientSequence({ actions, loop: [] })?.actions ?? null;
const strict = (actions: readonly Action[], one = oracle()) => one.strictSequence({ actions, loop: [] });
const [arm, flip, fire] = [hears("arm"), hears("flip"), hears("fire")];

test("a lenient replay leaves out what is not possible and stops at the violation", (t) => {
  t.deepEqual(lenient([fire, arm, arm, fire, flip]), [arm, fire]);
  t.is(lenient([arm, flip, fire]), null);
});

test("a strict replay wants every action possible and the violation at the end, not before", (t) => {
  t.is(strict([arm, fire]), "bang was seen");
  t.is(strict([arm, arm, fire]), null);
  t.is(strict([arm, fire, flip]), null);
  t.is(strict([arm]), null);
});

test("from a start that does not exist nothing is violated", (t) => {
  const nowhere = new Oracle(switchboard, "never-bang", { r0: "elsewhere" });
  t.is(lenient([arm, fire], nowhere), null);
  t.is(strict([arm, fire], nowhere), null);
});

test("it counts its replays", (t) => {
  const counting = oracle();
  lenient([arm], counting);
  strict([arm], counting);
  t.is(counting.tally.replays, 2);
});
