// The schemas of a definition, completed: messages get their tags, and fields become structs.

import * as Schema from "effect/Schema";
import type { FieldSchemas, MessageSchemas, StateSchema } from "./define-types.js";
import { SignedOf } from "./signed.js";

/** One schema of all messages. @throws {TypeError} for a message that cannot have a tag. */
export function messageSchema(messages: MessageSchemas): Schema.Top {
  if (isSchema(messages)) return messages;
  const members = Object.entries(messages).map(([tag, message]) => oneMessage(tag, message));
  if (members.length === 0) throw new TypeError("messages: a protocol without messages is none; name one.");
  return members.length === 1 ? members[0]! : Schema.Union(members);
}

/** The schema of the state. @throws {TypeError} for fields that would make it look like an outcome. */
export function stateSchema(state: StateSchema): Schema.Top {
  const schema = isSchema(state) ? state : Schema.Struct(fieldsOf(state));
  const names = Object.keys(structFields(schema) ?? {});
  if (["state", "effects", "events"].every((name) => names.includes(name)))
    throw new TypeError(
      "state: a state with fields state, effects and events looks like an outcome; rename one.",
    );
  return schema;
}

/** The names of a state's fields, or null if its schema is no struct. */
export function stateFields(state: StateSchema): readonly string[] | null {
  const fields = isSchema(state) ? structFields(state) : state;
  return fields && Object.keys(fields);
}

function isSchema(value: unknown): value is Schema.Top {
  return (typeof value === "object" || typeof value === "function") && value !== null && "ast" in value;
}

/** The schema of what is signed, if these are the fields of `SignedOf`. */
function signedBody(fields: FieldSchemas): unknown {
  const { tag, signer, body } = fields;
  return signer !== undefined && literal(tag) === "signed" ? body : undefined;
}

function oneMessage(tag: string, message: unknown): Schema.Top {
  if (!isSchema(message)) return tagged(tag, fieldsOf(message));
  const fields = structFields(message);
  if (fields === null)
    throw new TypeError(
      `messages.${tag}: give its fields, as in { value: Schema.String }, or a Schema.Struct of them, or SignedOf of such a struct.`,
    );
  const body = signedBody(fields);
  return body === undefined ? tagged(tag, fields) : SignedOf(oneMessage(tag, body));
}

function tagged(tag: string, fields: FieldSchemas): Schema.Top {
  const own = literal(fields.tag);
  if (fields.tag !== undefined && own !== tag)
    throw new TypeError(
      `messages.${tag}: its field \`tag\` must be Schema.Literal("${tag}"), or be left out.`,
    );
  return Schema.Struct({ tag: Schema.Literal(tag), ...fields });
}

function literal(schema: unknown): unknown {
  return isSchema(schema) && "literal" in schema ? schema.literal : undefined;
}

function isFields(value: unknown): value is FieldSchemas {
  return typeof value === "object" && value !== null && Object.values(value).every(isSchema);
}

function fieldsOf(value: unknown): FieldSchemas {
  if (isFields(value)) return value;
  throw new TypeError("messages and state are described by schemas, as in { value: Schema.String }.");
}

/** The fields of a struct's schema, or null. */
function structFields(schema: object): FieldSchemas | null {
  return "fields" in schema && isFields(schema.fields) ? schema.fields : null;
}
