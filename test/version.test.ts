import { readFile } from "node:fs/promises";
import test from "ava";
import { version } from "../src/version.js";

test("the version that reports and traces carry is the package's", async (t) => {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  t.is(version, JSON.parse(text).version);
});
