// Generates docs/cli.md and the JSON schemas in docs/json-schema: `npm run docs:cli`.

import { mkdirSync, writeFileSync } from "node:fs";
import { commands } from "../src/cli/commands.js";
import { referencePage } from "../src/cli/reference.js";
import { jsonSchemas } from "../src/report/json-schema.js";
import { benchArguments } from "./arguments.js";

benchArguments();

const docs = new URL("../../docs/", import.meta.url);
writeFileSync(new URL("cli.md", docs), referencePage(await commands("all")));
mkdirSync(new URL("json-schema/", docs), { recursive: true });
for (const [name, schema] of Object.entries(jsonSchemas))
  writeFileSync(new URL(`json-schema/${name}.json`, docs), `${JSON.stringify(schema, null, 2)}\n`);
