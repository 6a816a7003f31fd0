#!/usr/bin/env bash
# PropEr 1.2 as Debian 12 has it (erlang-proper 1.2+git988ea0ed9f+dfsg-2.1, with erlang-base 25.2.3): a property whose code raises an error for some inputs.
#
# Guess: an exception is a failure like one that returns false: it is reported with the input, and the input is made smaller.
# Behaviour: `proper:quickcheck` itself ends with `undef`: it asks `erlang:get_stacktrace()` for the trace, which Erlang has no more since version 24, and the
#   package is built for 25. There is no counterexample and no shrinking. So it is for errors and throws, and for commands of a state machine (`run_commands`) that
#   raise. What returns false is found and shrunk, and what raises, too, once it is caught and made false.
# Consequence: with this package catch what a property raises (`try ... catch _:_ -> false end`), print it, and do the same in each command.
set -euo pipefail
for tool in apt-get dpkg; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download erlang-proper=1.2+git988ea0ed9f+dfsg-2.1 erlang-proper-dev=1.2+git988ea0ed9f+dfsg-2.1 erlang-base erlang-syntax-tools erlang-tools libsystemd0 >/dev/null 2>&1 ||
  { echo "erlang-proper 1.2+git988ea0ed9f+dfsg-2.1, or Erlang, cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
root=$PWD/usr/lib/erlang
sed -i "s#ROOTDIR=/usr/lib/erlang#ROOTDIR=$root#" "$root/bin/erl" "$root"/erts-*/bin/erl
cat >votes.erl <<'ERL'
-module(votes).
-include_lib("proper/include/proper.hrl").
-compile(export_all).
-compile(nowarn_export_all).

%% A tally that is wrong for more than five votes: it returns the wrong number, or raises.
returns(Votes) -> min(Votes, 5).
raises(Votes) when Votes =< 5 -> Votes.

by_value() -> ?FORALL(N, non_neg_integer(), returns(N) =:= N).
by_exception() -> ?FORALL(N, non_neg_integer(), raises(N) =:= N).
by_exception_caught() -> ?FORALL(N, non_neg_integer(), try raises(N) =:= N catch _:_ -> false end).

initial_state() -> 0.
command(_) -> {call, ?MODULE, vote, [range(0, 9)]}.
precondition(_, _) -> true.
next_state(N, _, _) -> N + 1.
postcondition(_, _, ok) -> true.
vote(N) -> N = raises(N), ok.
by_command() -> ?FORALL(Commands, commands(?MODULE), element(3, run_commands(?MODULE, Commands)) =:= ok).

tell(Name) ->
  Outcome = try proper:quickcheck(?MODULE:Name(), [quiet, {numtests, 300}]) of
    true -> "passes";
    false -> io_lib:format("fails for ~w", [proper:counterexample()])
  catch error:undef:Trace -> [{Module, Function, _, _} | _] = Trace, io_lib:format("ends with undef: ~s:~s", [Module, Function]) end,
  io:format("~s: ~s~n", [Name, Outcome]).
all() -> [tell(Name) || Name <- [by_value, by_exception, by_exception_caught, by_command]].
ERL
found=$(ERL_LIBS=$root/lib HOME=$PWD "$root/bin/erl" -noshell -eval 'case c:c(votes) of {ok, votes} -> votes:all(); _ -> ok end, halt().')
expected='by_value: fails for [6]
by_exception: ends with undef: erlang:get_stacktrace
by_exception_caught: fails for [6]
by_command: ends with undef: erlang:get_stacktrace'
echo "$found"
[ "$found" = "$expected" ]
