// The structure of the house: an import points to the same room or to one below it, no files import each other in a circle, and functions are
// short.

import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import test from "ava";
import { globSync } from "./support/glob.js";
import { functionsOver } from "./support/long-functions.js";

/** From the bottom up; rooms of one line may not import each other. */
const layers: readonly (readonly string[])[] = [
  ["src/watch", "src/parameters", "src/bundle"],
  ["src/protocol", "src/version.ts"],
  ["src/linearizability"],
  ["src/protocols", "properties"],
  ["adversaries", "src/model"],
  ["src/threads", "src/files", "src/real", "src/liar", "src/histories"],
  ["src/catalogue"],
  ["src/verdict", "src/identity"],
  ["src/explore", "src/simulate"],
  ["src/records"],
  ["src/trace", "src/run"],
  ["src/minimize"],
  ["src/fuzz", "src/render"],
  ["src/viewer", "src/conform"],
  ["src/export", "src/suite"],
  ["src/campaign"],
  ["src/report", "src/fast-check"],
  ["src/explorer"],
  ["src/api", "src/packaging", "src/index.ts"],
  ["src/cli"],
];

const files = globSync(["src", "properties", "adversaries"], ".ts");
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?"(\.[^"]+)\.js"/g)].map(([, path]) =>
    normalize(join(dirname(file), `${path}.ts`)),
  );
}

/** The number of the layer that a file stands in; -1 if it stands in none. */
function layerOf(file: string): number {
  return layers.findIndex((rooms) => rooms.some((room) => isIn(room, file)));
}

function roomOf(file: string): string | undefined {
  return layers.flat().find((room) => isIn(room, file));
}

function isIn(room: string, file: string): boolean {
  return file === room || file.startsWith(`${room}/`);
}

test("every file stands in a room of some layer", (t) => {
  t.deepEqual(
    files.filter((file) => layerOf(file) < 0),
    [],
  );
});

test("docs/structure.md says of every room what is in it", (t) => {
  const page = readFileSync("docs/structure.md", "utf8");
  const folders = layers.flat().filter((room) => !room.endsWith(".ts"));
  t.deepEqual(
    folders.filter((room) => !page.includes(`[${room}](../${room})`)),
    [],
  );
});

test("imports point to the same room or to a lower layer", (t) => {
  const upwards = [...imports].flatMap(([file, targets]) =>
    targets
      .filter((target) => roomOf(file) !== roomOf(target) && layerOf(target) >= layerOf(file))
      .map((target) => `${file} -> ${target}`),
  );
  t.deepEqual(upwards, []);
});

test("no files import each other in a circle", (t) => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
    if (path.includes(file) || done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  t.deepEqual(circles, []);
});

test("functions have at most 40 lines", (t) => {
  const found = functionsOver(40, ["src", "properties", "adversaries", "bench"]);
  t.deepEqual([...found], []);
});

test("a comment that names a file by its path names one that exists", (t) => {
  const known = globSync(["src", "properties", "adversaries", "test", "bench", "examples"], ".ts");
  const named = files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => /^\s*(\/\/|\/?\*)/.test(line))
      .flatMap((line) => [...line.matchAll(/(?<![\w./-])(?:[\w-]+\/)+[\w-]+\.ts\b/g)])
      .map(([path]) => `${file}: ${path}`),
  );
  t.true(named.length > 20);
  t.deepEqual(
    named.filter((line) => !known.some((file) => `/${file}`.endsWith(`/${line.split(": ")[1]}`))),
    [],
  );
});
