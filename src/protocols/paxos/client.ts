// A client of Paxos, which uses the decided value as a register: it puts a value, and then gets it, each time
// from another server. It emits the events of `linearizable`, and for `validity` the value that it puts.

import * as Schema from "effect/Schema";
import type { Behaviour, Config, Event, NodeId } from "../../protocol/index.js";
import { reaction, to, valuesOf } from "../reactions.js";
import type { Message } from "./messages.js";

const Client = Schema.Struct({ awaits: Schema.NullOr(Schema.Number), operations: Schema.Number });
type Client = typeof Client.Type;

export const client: Behaviour<Client, Message, string, string, Client> = {
  state: Client,
  init: () => [reaction({ awaits: null, operations: 0 })],
  step: ({ self, config }, state, input) => {
    const number = config.replicas + Number(self.slice(1));
    const serverOf = (offset: number): NodeId => serverAt(config, number + offset);
    if (input.kind === "request") {
      const put = to<Message>(serverOf(0), { tag: "put", request: number, value: input.request });
      return [
        reaction(
          { awaits: number, operations: 1 },
          [put],
          [{ kind: "invoked", request: input.request }, invoke("put", input.request)],
        ),
      ];
    }
    if (input.kind !== "message") return [reaction(state)];
    const { message } = input;
    if (message.tag === "put-ok" && message.request === state.awaits) {
      const request = 2 * number;
      const value = valuesOf(config)[number - config.replicas]!;
      const accepted: Event = { kind: "accepted", request: value, result: null };
      const get = to<Message>(serverOf(1), { tag: "get", request });
      return [
        reaction({ awaits: request, operations: 2 }, [get], [returned(null), accepted, invoke("get", null)]),
      ];
    }
    if (message.tag === "get-ok" && message.request === state.awaits)
      return [reaction({ awaits: null, operations: 3 }, [], [returned(message.value)])];
    return [reaction(state)];
  },
  stable: (state) => state,
};

/** The only server that the first client asks to propose its value. */
export function firstServer(config: Pick<Config, "replicas">): NodeId {
  return serverAt(config, config.replicas);
}

function serverAt({ replicas }: Pick<Config, "replicas">, number: number): NodeId {
  return `r${number % replicas}`;
}

/** An operation of a client. */
export type Invocation = { readonly operation: "put" | "get"; readonly value: string | null };

function invoke(operation: Invocation["operation"], value: string | null): Event {
  return { kind: "custom", name: "invoke", data: { operation, value } };
}

function returned(value: string | null): Event {
  return { kind: "custom", name: "return", data: value };
}
