// Generates the completion script for fish: one line for each command, option and argument.

import type { Completed, CompletedCommand } from "./words.js";

/** The script. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, options, argument, takesProtocol }) => {
    const within = `complete -c turncoat -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c turncoat -n __fish_use_subcommand -f -a ${name} -d '${description}'`,
      ...options.map(
        (option) =>
          `${within} -l ${option.flag.slice(2)}${option.value ? ` ${completing(option.value)}` : ""} -d '${option.description}'`,
      ),
      ...(takesProtocol ? [`${within} -f -a '(__turncoat_own --)' -d 'in its own words'`] : []),
      `${within} ${argument ? completing(argument).replace(/^-[xr] /, "") : "-f"}`,
    ];
  });
  return `# Completion of turncoat for fish. Into ~/.config/fish/completions/turncoat.fish: turncoat completion fish
# What the protocol on the line adds: options (--) or parameters (=).
function __turncoat_own
  set -l line (commandline -opc)
  for word in (turncoat completion words -- $line[2..-1] 2>/dev/null)
    switch "$argv[1] $word"
      case '-- --*' '= *='
        echo $word
    end
  end
end
${lines.join("\n")}
`;
}

function completing(value: Completed): string {
  switch (value.kind) {
    case "names":
      return `${value.orFile ? "-r -F" : "-x"} -a '${value.names.join(" ")}'`;
    case "list":
      return `-x -a '(__fish_append , ${value.names.join(" ")})'`;
    case "file":
      return "-r -F";
    case "directory":
      return "-x -a '(__fish_complete_directories)'";
    case "assignments":
      return "-x -a '(__fish_append , (__turncoat_own =))'";
    case "text":
      return "-x";
  }
}
