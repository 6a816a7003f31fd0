// Orders of delivery, as broadcast promises them (Hadzilacos and Toueg, "Fault-tolerant broadcasts and related
// problems", 1993): FIFO, causal and total order. Each speaks of what correct nodes deliver; none requires that
// anything is delivered.

import { type Event, monitor, type NodeId, type Property } from "../src/protocol/index.js";

/** The delivery of a message, as a node shows it: by default in the data of a custom event `delivered`. */
export type Delivery = {
  /** The name of the message: different messages have different ones. */
  readonly message: string;
  /** Who has broadcast it: for FIFO order. */
  readonly sender?: NodeId;
  /** The how manieth of its sender it is, from 1: for FIFO order. */
  readonly number?: number;
  /** The names of the messages that its sender had delivered, or broadcast, before: for causal order. */
  readonly after?: readonly string[];
};

/** What an event delivers; null: nothing. */
export type DeliveryOf = (event: Event) => Delivery | null;

const byDefault: DeliveryOf = (event) =>
  event.kind === "custom" && event.name === "delivered" ? (event.data as unknown as Delivery) : null;

/** What each node has delivered, in order. */
type Delivered = { readonly [node: string]: readonly Delivery[] };

/** Of a number of deliveries: those that are a test, and the first that is wrong. */
interface Judged {
  readonly tests: number;
  readonly wrong: string | null;
}

/**
 * A node delivers the messages of one sender in the order in which they were broadcast, without gaps.
 *
 * ```ts
 * fifoOrder().name // => "fifo-order"
 * ```
 */
export function fifoOrder(deliveryOf: DeliveryOf = byDefault): Property {
  return ordered(deliveryOf, {
    name: "fifo-order",
    summary: "messages of one sender are delivered in the order in which they were sent",
    exercise: "a node must have delivered a second message of a sender",
    judge: (delivered) =>
      eachDelivery(delivered, (node, { sender, number = 1, message }, before) => {
        if (number === 1) return null;
        const had = before.filter((other) => other.sender === sender).map((other) => other.number ?? 1);
        const missing = Array.from({ length: number - 1 }, (_, at) => at + 1).find(
          (one) => !had.includes(one),
        );
        return (
          missing === undefined ||
          `${node} delivered ${message}, number ${number} of ${sender}, before number ${missing}`
        );
      }),
  });
}

/**
 * A node delivers a message only after all that its sender had delivered or broadcast before it.
 *
 * ```ts
 * causalOrder().name // => "causal-order"
 * ```
 */
export function causalOrder(deliveryOf: DeliveryOf = byDefault): Property {
  return ordered(deliveryOf, {
    name: "causal-order",
    summary: "a message is delivered after all that its sender knew when it was sent",
    exercise: "a node must have delivered a message that comes after another one",
    judge: (delivered) =>
      eachDelivery(delivered, (node, { message, after = [] }, before) => {
        if (after.length === 0) return null;
        const missing = after.find((one) => !before.some((other) => other.message === one));
        return (
          missing === undefined || `${node} delivered ${message} before ${missing}, which comes before it`
        );
      }),
  });
}

/**
 * Two nodes that deliver the same two messages deliver them in the same order.
 *
 * ```ts
 * totalOrder().name // => "total-order"
 * ```
 */
export function totalOrder(deliveryOf: DeliveryOf = byDefault): Property {
  return ordered(deliveryOf, {
    name: "total-order",
    summary: "all nodes deliver messages in the same order",
    exercise: "two nodes must have delivered the same two messages",
    judge: (delivered) => {
      const orders = Object.entries(delivered).map(
        ([node, all]) => [node, [...new Set(all.map(({ message }) => message))]] as const,
      );
      let tests = 0;
      for (const [a, one] of orders)
        for (const [b, other] of orders) {
          if (a >= b) continue;
          const common = one.filter((message) => other.includes(message));
          tests += Math.max(0, common.length - 1);
          const there = other.filter((message) => common.includes(message));
          const at = common.findIndex((message, index) => message !== there[index]);
          if (at >= 0)
            return {
              tests,
              wrong: `${a} delivered ${common[at]} before ${there[at]}, and ${b} the other way round`,
            };
        }
      return { tests, wrong: null };
    },
  });
}

interface Order extends Pick<Property, "name" | "summary" | "exercise"> {
  judge(delivered: Delivered): Judged;
}

function ordered(deliveryOf: DeliveryOf, { judge, ...described }: Order): Property {
  return {
    ...described,
    kind: "always",
    observes: "both",
    hears: (event) => deliveryOf(event) !== null,
    monitor: () =>
      monitor<Delivered>({
        init: {},
        on: (delivered, by, event) => {
          const delivery = deliveryOf(event);
          return delivery === null ? delivered : { ...delivered, [by]: [...(delivered[by] ?? []), delivery] };
        },
        verdict: (delivered) => (judge(delivered).wrong === null ? "holds" : "violated"),
        exercised: (delivered) => judge(delivered).tests,
        explain: (delivered) => judge(delivered).wrong ?? "everything was delivered in order",
      }),
  };
}

/** Judges each delivery by those before it at its node: null if it is no test, true if it is in order. */
function eachDelivery(
  delivered: Delivered,
  judge: (node: NodeId, delivery: Delivery, before: readonly Delivery[]) => string | true | null,
): Judged {
  const claims = Object.entries(delivered).flatMap(([node, all]) =>
    all.map((delivery, at) => judge(node, delivery, all.slice(0, at))),
  );
  const wrong = claims.find((claim) => typeof claim === "string") ?? null;
  return { tests: claims.filter((claim) => claim !== null).length, wrong: wrong as string | null };
}
