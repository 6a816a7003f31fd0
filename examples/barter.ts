// A guard over several messages at once: a broker takes two offers together, which it keeps until it does.
import * as Schema from "effect/Schema";
import { defineProtocol, NodeId, reply, SetOf } from "turncoat";
import { including, invariant } from "turncoat/vocabulary";

const Offer = Schema.Struct({ from: NodeId, good: Schema.String });
type Offer = typeof Offer.Type;

/** Every two offers that go together: the guard. */
const matches = (offers: readonly Offer[]) =>
  offers.flatMap((one, at) =>
    offers.slice(at + 1).flatMap((other) => (one.good === other.good ? [] : [[one, other] as const])),
  );

export default defineProtocol({
  name: "barter",
  summary: "a broker matches offers of different goods, two at a time",
  messages: { offer: { good: Schema.String } },
  state: { offers: SetOf(Offer), deals: SetOf(SetOf(NodeId)) },
  initial: { offers: [], deals: [] },
  vocabulary: { views: null, slots: null },
  requests: [],
  onStart: ({ self }, state) =>
    self === "r0"
      ? reply(state)
      : reply(state).send("r0", { tag: "offer" as const, good: self === "r1" ? "apples" : "pears" }),
  on: {
    offer(_, state, { from, message: { good } }) {
      const offers = including(state.offers, { from, good });
      const taken = matches(offers).map(([one, other]) =>
        reply({
          offers: offers.filter((offer) => offer !== one && offer !== other),
          deals: including(state.deals, [one.from, other.from]),
        }).labelled(`deal of ${one.from} and ${other.from}`),
      );
      return [reply({ ...state, offers }).labelled("wait"), ...taken];
    },
  },
});

export const properties = [
  invariant(
    "r1 deals with r3 never",
    (nodes) =>
      !nodes.some(({ state }) =>
        (state as { deals: string[][] }).deals.some((deal) => deal.includes("r1") && deal.includes("r3")),
      ),
  ),
];
