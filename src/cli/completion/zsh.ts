// Generates the completion script for zsh: one call of `_arguments` for each command.

import type { Completed, CompletedCommand, CompletedOption } from "./words.js";

const own = `# What the protocol on the line adds: options (--) or parameters (=).
_turncoat_own() {
  local word
  for word in $(turncoat completion words -- "\${(@)words[1,CURRENT-1]}" 2>/dev/null); do
    case $word in --*) [[ $1 == -- ]] && echo $word ;; *) [[ $1 == '=' ]] && echo $word ;; esac
  done
}
_turncoat_assignments() { compset -P '*,'; compadd -S '' -- $(_turncoat_own '='); }
`;

/** The script: to be evaluated, or a file named `_turncoat` in a directory of $fpath. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, description }) => `    '${name}:${description}'`);
  const cases = commands.map(({ name, options, argument, takesProtocol }) => {
    const specs = [
      ...options.map(optionSpec),
      ...(takesProtocol ? [`"\${own[@]}"`] : []),
      ...(argument ? [`'*:argument:${completing(argument)}'`] : []),
    ];
    const asks = takesProtocol
      ? `own=($(_turncoat_own --)) && own=(\${^own}'[in its own words]:value: ')\n      `
      : "";
    return `    ${name})\n      ${asks}_arguments \\\n        ${specs.join(" \\\n        ")}\n      ;;`;
  });
  return `#compdef turncoat
# Completion of turncoat for zsh. In ~/.zshrc, after compinit: eval "$(turncoat completion zsh)"
${own}_turncoat() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands own
  commands=(
${described.join("\n")}
  )
  _arguments -C '1:command:->command' '*::argument:->argument'
  if [[ $state == command ]]; then
    _describe command commands
    return
  fi
  case $words[1] in
${cases.join("\n")}
  esac
}
if [[ $funcstack[1] == _turncoat ]]; then _turncoat "$@"; else compdef _turncoat turncoat; fi
`;
}

function optionSpec({ flag, description, value }: CompletedOption): string {
  return `'${flag}[${description}]${value ? `:value:${completing(value)}` : ""}'`;
}

function completing(value: Completed): string {
  switch (value.kind) {
    case "names":
      return value.orFile ? `{compadd ${value.names.join(" ")}; _files}` : `(${value.names.join(" ")})`;
    case "list":
      return `_values -s , name ${value.names.join(" ")}`;
    case "file":
      return "_files";
    case "directory":
      return "_files -/";
    case "assignments":
      return "_turncoat_assignments";
    case "text":
      return " ";
  }
}
