// Completion scripts: every option stands in them, and bash completes by its own.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { commands } from "../../src/cli/commands.js";
import { completionScript } from "../../src/cli/completion/command.js";
import { ownWordsOf } from "../../src/cli/completion/own-words.js";
import { directoryWith, main, turncoat } from "./support.js";

const loaded = commands("all");

test("every option of every command stands in the script of each shell", async (t) => {
  const program = await loaded;
  const flags = program.commands.flatMap((command) =>
    command.options.filter(({ hidden }) => !hidden).map(({ long }) => [command.name(), long!]),
  );
  t.true(flags.length > 100);
  const within = (script: string, command: string, next: string) => {
    const from = script.indexOf(command);
    t.true(from >= 0, command);
    return script.slice(from, script.indexOf(next, from + command.length));
  };
  const [bash, zsh, fish] = (["bash", "zsh", "fish"] as const).map((shell) =>
    completionScript(program, shell),
  );
  for (const [command, flag] of flags) {
    t.true(
      within(bash!, `\n    ${command}) if`, "\n").split(/[" ]/).includes(flag!),
      `bash ${command} ${flag}`,
    );
    t.true(within(zsh!, `\n    ${command})\n`, ";;").includes(`'${flag}[`), `zsh ${command} ${flag}`);
    t.true(fish!.includes(`from ${command}' -l ${flag!.slice(2)} `), `fish ${command} ${flag}`);
  }
});

/** A protocol with words and parameters of its own. */
const ownWords = `export default {
  name: "mine", summary: "mine", message: {}, nodes: () => [], requests: () => [], digest: String,
  vocabulary: { views: "epochs", slots: null }, ownParameters: { steps: 3, mode: "slow" },
};
`;

const cases = [
  ["ch", "check"],
  ["check --su", "--suite --summary"],
  ["check --suite s", "small standard"],
  ["check --adversary silent,equ", "silent,equivocating-primary silent,equivocating-voter"],
  ["check pbft/quorum-2", "pbft/quorum-2f"],
  ["check ./pro", "./protocol.ts"],
  ["--json replay tra", "traces"],
  ["check --traces t", "traces"],
  ["list mut", "mutants"],
  ["completion z", "zsh"],
  // The words of the protocol on the line.
  ["check ./protocol.ts --epo", "--epochs"],
  ["check ./protocol.ts --set steps=1,m", "steps=1,mode="],
] as const;

(process.platform === "win32" ? test.skip : test)(
  "bash completes commands, options, names, lists and files",
  async (t) => {
    const directory = mkdtempSync(join(tmpdir(), "turncoat-completion-"));
    t.teardown(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, "protocol.ts"), ownWords);
    execFileSync("mkdir", [join(directory, "traces")]);
    writeFileSync(join(directory, "script"), completionScript(await loaded, "bash"));
    const tries = cases.map(([typed]) => `try turncoat ${typed}`).join("\n");
    writeFileSync(
      join(directory, "tries"),
      `turncoat() { "$NODE" "$MAIN" "$@"; }\nsource ./script\ntry() { COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _turncoat; echo "\${COMPREPLY[*]}"; }\n${tries}\n`,
    );
    const told = execFileSync("bash", ["tries"], {
      cwd: directory,
      encoding: "utf8",
      env: { ...process.env, NODE: process.execPath, MAIN: main },
    });
    t.deepEqual(
      told.trimEnd().split("\n"),
      cases.map(([, completed]) => completed),
    );
  },
);

test("the words of the protocol on a line are found wherever it stands, and nothing is said where it cannot be loaded", async (t) => {
  const program = await loaded;
  const words = (line: string) => ownWordsOf(program, line.split(" "));
  t.deepEqual(await words("check --traces ./there raft"), [
    ...["--terms", "--indexes"],
    ...["candidates=", "preVote=", "members=", "changes=", "heartbeats=", "led=", "reads=", "snapshots="],
  ]);
  t.deepEqual(await words("fuzz ./examples/streamlet.ts --views 2"), [
    "--epochs",
    "--heights",
    "consecutive=",
  ]);
  for (const line of ["check pbft", "check ./nothing.ts", "check --views", "list raft", "nonsense raft", ""])
    t.deepEqual(await words(line), [], line);
});

test("a shell that is not known is refused", async (t) => {
  const { code, stderr } = await turncoat(await directoryWith(t), "completion", "tcsh");
  t.is(code, 2);
  t.regex(stderr, /Allowed choices are bash, zsh, fish, words\./);
});
