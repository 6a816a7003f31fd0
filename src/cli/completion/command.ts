// `turncoat completion`: prints a script that makes a shell complete commands, options and names. It is
// generated from the definitions of the commands, so it has every option.

import { Argument, type Command } from "commander";
import { bashScript } from "./bash.js";
import { fishScript } from "./fish.js";
import { ownWordsOf } from "./own-words.js";
import { completedCommands } from "./words.js";
import { zshScript } from "./zsh.js";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
const shells = Object.keys(scripts) as readonly (keyof typeof scripts)[];

/** The completion script for a shell. */
export function completionScript(program: Command, shell: keyof typeof scripts): string {
  return scripts[shell](completedCommands(program));
}

export function addCompletion(command: Command): void {
  command
    .addArgument(
      new Argument("<shell>", "whose; or words, which the scripts ask for").choices([...shells, "words"]),
    )
    .addArgument(
      new Argument("[line...]", "for words: a command line, of which the protocol's own words are printed"),
    )
    .addHelpText(
      "after",
      '\nExamples:\n  eval "$(turncoat completion bash)"     in ~/.bashrc\n' +
        '  eval "$(turncoat completion zsh)"      in ~/.zshrc, after compinit\n' +
        "  turncoat completion fish > ~/.config/fish/completions/turncoat.fish",
    )
    .action(async (shell: keyof typeof scripts | "words", line: readonly string[]) => {
      if (shell === "words")
        process.stdout.write((await ownWordsOf(command.parent!, line)).map((word) => `${word}\n`).join(""));
      else process.stdout.write(completionScript(command.parent!, shell));
    });
}
