// Generates the completion script for bash 3.2 or newer. For a value without known names, bash completes
// files.

import type { Completed, CompletedCommand } from "./words.js";

const own = `# What the protocol on the line adds: options (--) or parameters (=).
_turncoat_own() {
  local word
  for word in $(turncoat completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null); do
    case $word in --*) [[ $1 == -- ]] && echo "$word" ;; *) [[ $1 == = ]] && echo "$word" ;; esac
  done
}
_turncoat_assignments() { _turncoat_list "$(_turncoat_own =)"; compopt -o nospace 2>/dev/null; }
`;

/** The script. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap(({ flag, value }) =>
      value ? [`    "${name} ${flag}") ${completing(value)}; return ;;`] : [],
    ),
  );
  const words = commands.map(({ name, options, argument, takesProtocol }) => {
    const flags = [
      ...options.map(({ flag }) => flag),
      ...(takesProtocol ? ["$(_turncoat_own --)"] : []),
    ].join(" ");
    return `    ${name}) if [[ $cur == -* ]]; then _turncoat_words "${flags}"; else ${argument ? completing(argument) : ":"}; fi ;;`;
  });
  return `# Completion of turncoat for bash. In ~/.bashrc: eval "$(turncoat completion bash)"
_turncoat_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
# Names with commas: the last one is completed.
_turncoat_list() { local head=\${cur%"\${cur##*,}"}; COMPREPLY=($(compgen -P "$head" -W "$1" -- "\${cur##*,}")); }
_turncoat_files() { COMPREPLY=($(compgen "$1" -- "$cur")); compopt -o filenames 2>/dev/null; }
${own}_turncoat() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command="" word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${names.join(" ")} " in *" $word "*) command=$word; break ;; esac
  done
  case "$command $prev" in
${values.join("\n")}
  esac
  case $command in
${words.join("\n")}
    *) _turncoat_words "${names.join(" ")} help --help --version" ;;
  esac
}
complete -o bashdefault -o default -F _turncoat turncoat
`;
}

function completing(value: Completed): string {
  switch (value.kind) {
    case "names":
      return value.orFile
        ? `_turncoat_words "${value.names.join(" ")}"; [[ \${#COMPREPLY[@]} -gt 0 && -n $cur ]] || _turncoat_files -f`
        : `_turncoat_words "${value.names.join(" ")}"`;
    case "list":
      return `_turncoat_list "${value.names.join(" ")}"`;
    case "file":
      return "_turncoat_files -f";
    case "directory":
      return "_turncoat_files -d";
    case "assignments":
      return "_turncoat_assignments";
    case "text":
      return ":";
  }
}
