import test from "ava";
import * as Schema from "effect/Schema";
import { Inputs } from "../../src/model/inputs.js";
import { marked } from "../../src/protocol/index.js";
import { toyProtocol } from "../support/toy.js";

test("a field of a message cannot be marked `beside`: two messages would be one", (t) => {
  const Message = Schema.Struct({ tag: Schema.String, history: marked(Schema.Unknown, "beside") });
  t.throws(() => new Inputs({ ...toyProtocol({}), message: Message as never }), {
    name: "UserError",
    message:
      'The message schema of toy threw "The field history is marked "beside", which only a field of a state can be: ' +
      'messages that differ there differ. Leave the mark out.".',
  });
});
