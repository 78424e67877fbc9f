#!/usr/bin/env bash
# Runs one command for a cluster, at most one at a time, and outlives whoever started it just long enough to end the
# command in an orderly way: a Terraform that is killed, or whose reader goes away, forgets what it made.
#
# usage: runner FOLDER EPOCH OUTPUT LOCK_SECONDS GRACE_SECONDS COMMAND...
#
# Standard input is the leash: at its end the command gets SIGINT, and after GRACE_SECONDS SIGKILL.
# The command inherits the lock, so that it is held until the last process that the command started lets go of it.
# Exit status: the command's; 75 when an earlier run did not end in time, 76 when a younger epoch has taken over,
# 77 when the folder is gone.
set -u
umask 077

folder=$1 epoch=$2 output=$3 lock_seconds=$4 grace_seconds=$5
shift 5

cd "$folder" || exit 77
exec 3<&0 0</dev/null
# Never readable: reading it with a limit is a sleep without a child process.
exec 4<> <(:)
exec 9>>lock

child=
abandoned=

# The start time tells a process from a later one that got the same id.
start_time() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    echo "${20}"
}

is_running() {
    [ -n "$1" ] && [ "$(start_time "$1")" = "$2" ]
}

# A runner that was killed cannot interrupt its command any more; the next one does it in its place.
interrupt_command_without_runner() {
    local runner_pid runner_start command_pid command_start rest
    read -r runner_pid runner_start command_pid command_start rest 2>/dev/null <run || return 0
    is_running "$runner_pid" "$runner_start" && return 0
    is_running "$command_pid" "$command_start" && kill -INT "$command_pid"
}

write_atomically() {
    printf '%s\n' "$2" >"$1.new" && mv -f "$1.new" "$1"
}

trap 'abandoned=yes; [ -z "$child" ] || kill -INT "$child" 2>/dev/null' USR1
trap '[ -z "$child" ] || kill -KILL "$child" 2>/dev/null' USR2
(
    trap - USR1 USR2
    exec 9>&-
    read -r -u 3 _
    kill -USR1 $$
    read -r -t "$grace_seconds" -u 4 _
    kill -USR2 $$
) &
leash=$!

# Whoever waits for the runner may count on nothing of it being left.
finish() {
    kill "$leash" 2>/dev/null
    wait "$leash" 2>/dev/null
    exit "$1"
}

if ! flock -n 9; then
    interrupt_command_without_runner
    flock -w "$lock_seconds" 9 || finish 75
fi
[ lock -ef "/proc/$$/fd/9" ] || finish 77

recorded=$(cat epoch 2>/dev/null)
[ "$epoch" -ge "${recorded:-0}" ] || finish 76
write_atomically epoch "$epoch"
[ ! -f status ] || echo "the run before: $(cat status)"
[ -z "$abandoned" ] || finish 130

# The newest few outputs are kept for whoever looks into a failure.
# shellcheck disable=SC2012 # The names are ours.
ls -t run-*.log 2>/dev/null | tail -n +9 | xargs -r rm -f --
rm -f status

# Bash lets asynchronous commands ignore SIGINT.
env --default-signal=INT "$@" >"$output" 2>&1 3<&- 4<&- &
child=$!
write_atomically run "$$ $(start_time $$) $child $(start_time "$child") $epoch"
[ -z "$abandoned" ] || kill -INT "$child" 2>/dev/null

# A trapped signal ends the wait before the command has ended.
while :; do
    wait "$child"
    status=$?
    kill -0 "$child" 2>/dev/null || break
done
write_atomically status "status=$status epoch=$epoch interrupted=${abandoned:-no} ended=$(date -u +%FT%TZ) command=$(basename "$1") ${2:-}"
finish "$status"
