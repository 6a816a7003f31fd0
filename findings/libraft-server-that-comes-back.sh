#!/usr/bin/env bash
# libraft 0.15.0 (Debian's libraft2 and libraft-dev 0.15.0-1, with a C compiler), the Raft of dqlite, in its own simulated cluster (raft/fixture.h) with no setting
# changed: of three servers one that follows hears nothing for ten seconds, and then is there again.
#
# Guess: nothing happens to the others: a server that hears of no leader asks first whether it would be elected (pre-vote, section 9.6 of Raft's dissertation), and
#   whoever hears its leader does not listen to candidates (section 4.2.3). So it comes back as a follower, in the term of before.
# Behaviour: each of its elections raises its term, and when it is back the leader, which was well all the time, steps down before the higher term. The cluster
#   elects somebody again, here the server that had been away. With `raft_set_pre_vote` on all servers it is as guessed; without it nothing else protects the leader.
# Consequence: call `raft_set_pre_vote` before the start, on every server, or one bad link takes the leader down each time that it recovers.
set -euo pipefail
for tool in apt-get dpkg cc; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with a C compiler (gcc)." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download libraft2=0.15.0-1 libraft-dev=0.15.0-1 libuv1 liblz4-1 >/dev/null 2>&1 || { echo "libraft 0.15.0-1 cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
cat >try.c <<'C'
#include <raft.h>
#include <raft/fixture.h>
#include <stdio.h>

static int apply(struct raft_fsm *fsm, const struct raft_buffer *buf, void **result) { *result = NULL; return 0; }
static int restore(struct raft_fsm *fsm, struct raft_buffer *buf) { raft_free(buf->base); return 0; }

static void cut(struct raft_fixture *f, unsigned i, void (*change)(struct raft_fixture *, unsigned, unsigned))
{
    for (unsigned other = 0; other < 3; other++)
        if (other != i) { change(f, i, other); change(f, other, i); }
}

static void say(const char *when, struct raft_fixture *f)
{
    printf("  %s: leader %u, terms", when, raft_fixture_leader_index(f));
    for (unsigned i = 0; i < 3; i++) printf(" %llu", raft_fixture_get(f, i)->current_term);
    printf("\n");
}

static int run(int pre_vote)
{
    struct raft_fixture f;
    struct raft_configuration configuration;
    struct raft_fsm fsm = {.version = 1, .apply = apply, .restore = restore};
    struct raft_fsm fsms[3] = {fsm, fsm, fsm};
    if (raft_fixture_init(&f, 3, fsms) || raft_fixture_configuration(&f, 3, &configuration) || raft_fixture_bootstrap(&f, &configuration)) return 1;
    raft_configuration_close(&configuration);
    if (pre_vote)
        for (unsigned i = 0; i < 3; i++) raft_set_pre_vote(raft_fixture_get(&f, i), true);
    if (raft_fixture_start(&f)) return 1;
    raft_fixture_elect(&f, 0);
    printf(pre_vote ? "with raft_set_pre_vote\n" : "as it comes\n");
    say("elected", &f);
    cut(&f, 2, raft_fixture_saturate);
    raft_fixture_step_until_elapsed(&f, 10000);
    say("server 2 is away", &f);
    cut(&f, 2, raft_fixture_desaturate);
    raft_fixture_step_until_elapsed(&f, 3000);
    say("server 2 is back", &f);
    return 0;
}

int main(int argc, char **argv) { return run(argc > 1); }
C
libraries=$(echo usr/lib/*-linux-gnu)
cc -w -Iusr/include try.c -o try "$libraries/libraft.so.2" "$libraries"/libuv.so.1 "$libraries"/liblz4.so.1
export LD_LIBRARY_PATH=$libraries
found=$(./try && ./try pre-vote)
expected='as it comes
  elected: leader 0, terms 2 2 2
  server 2 is away: leader 0, terms 2 2 9
  server 2 is back: leader 2, terms 10 10 10
with raft_set_pre_vote
  elected: leader 0, terms 2 2 2
  server 2 is away: leader 0, terms 2 2 2
  server 2 is back: leader 0, terms 2 2 2'
echo "$found"
[ "$found" = "$expected" ]
