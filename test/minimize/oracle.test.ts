import test from "ava";
import { Oracle } from "../../src/minimize/oracle.js";
import { hears, switchboard } from "./switchboard.js";

const oracle = () => new Oracle(switchboard, "never-bang", {});
const [arm, flip, fire] = [hears("arm"), hears("flip"), hears("fire")];

test("a lenient replay leaves out what is not possible and stops at the violation", (t) => {
  t.deepEqual(oracle().lenient([fire, arm, arm, fire, flip]), [arm, fire]);
  t.is(oracle().lenient([arm, flip, fire]), null);
});

test("a strict replay wants every action possible and the violation at the end, not before", (t) => {
  t.is(oracle().strict([arm, fire]), "bang was seen");
  t.is(oracle().strict([arm, arm, fire]), null);
  t.is(oracle().strict([arm, fire, flip]), null);
  t.is(oracle().strict([arm]), null);
});

test("from a start that does not exist nothing is violated", (t) => {
  const nowhere = new Oracle(switchboard, "never-bang", { r0: "elsewhere" });
  t.is(nowhere.lenient([arm, fire]), null);
  t.is(nowhere.strict([arm, fire]), null);
});

test("it counts its replays", (t) => {
  const counting = oracle();
  counting.lenient([arm]);
  counting.strict([arm]);
  t.is(counting.tally.replays, 2);
});
