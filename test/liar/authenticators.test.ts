import test from "ava";
import { agreement, validity } from "../../properties/index.js";
import { search } from "../../src/explore/search.js";
import { liarOf } from "../../src/liar/adversary.js";
import type { Json, Protocol, Signed } from "../../src/protocol/index.js";
import { authenticated } from "./authenticated-protocol.js";

const config = { replicas: 4, faults: 1, requests: 1, slots: 1, clients: false };

function against(from: "r1" | "anybody", isChecked: boolean, replicas = 4) {
  const protocol = authenticated(from, isChecked) as unknown as Protocol<Json, Json>;
  const situation = { byzantine: ["r3"], config: { ...config, replicas }, views: 0, beyond: false };
  const liar = liarOf(protocol);
  return {
    alphabet: liar.alphabet(situation),
    result: () =>
      search(
        {
          ...{ protocol, adversary: liar, config: situation.config, byzantine: ["r3"], network: "async" },
          ...{ bounds: { views: 0 }, properties: [agreement, validity] },
        },
        { reduction: "dominance" },
      ),
  };
}

type Order = Signed<{ readonly value: string }>;
const told = (messages: readonly Json[]) =>
  (messages as unknown as readonly Order[])
    .map(({ signer, body, convinces }) => `${signer} ${body.value} ${convinces ?? "signed"}`)
    .sort();

test("an authenticator of the liar's own convinces whom it likes: with three correct receivers every set of them", async (t) => {
  const { alphabet, result } = against("anybody", true);
  const sets = ["r0,r1,r2", "r0,r1", "r0,r2", "r1,r2", "r0", "r1", "r2"].map((set) => `${set},r3`);
  const own = ["A", "never said"].flatMap((value) => sets.map((set) => `r3 ${value} ${set}`));
  const said = told(alphabet.of("r3", "replica"));
  t.deepEqual(
    said.filter((text) => text.startsWith("r3")),
    own.sort(),
  );
  t.deepEqual([alphabet.isCut, (await result()).verdict], [false, "violated"]);
});

test("of another's authenticator it spoils MACs and adds none, and nobody is convinced of what he has not said", async (t) => {
  const { alphabet, result } = against("r1", true);
  const spoiled = ["r0,r2", "r0,r1", "r1,r2", "r0", "r1", "r2"].map((set) => `r1 A ${set},r3`);
  t.deepEqual(told(alphabet.of("r3", "replica")), spoiled.sort());
  for (const text of told(alphabet.everything("r3", 1000)))
    t.false(text.startsWith("r1 never said") && text !== "r1 never said r3", text);
  t.is((await result()).verdict, "holds");
});

test("whoever does not check its own MAC believes an authenticator that the liar has made in another's name", async (t) => {
  const { alphabet, result } = against("r1", false);
  t.true(told(alphabet.of("r3", "replica")).includes("r1 never said r3"));
  const { verdict, counterexample } = await result();
  t.deepEqual([verdict, counterexample?.actions.length], ["violated", 1]);
});

test("of more receivers not every set is tried, and that is told", (t) => {
  const { alphabet } = against("anybody", true, 5);
  t.deepEqual(alphabet.limits, ["authenticators that convince all, all but one, one or none of 4 receivers"]);
  const values = told(alphabet.of("r3", "replica")).filter((text) => text.startsWith("r3 A"));
  t.is(values.length, 9);
});
