# Sourced by the scripts beside it: the project's root, and how a step runs that shows how far it is and says more only
# when it fails.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() {
  say "$@"
  exit 1
}

# logged LOG COMMAND...: output goes to build/LOG; its end is shown when the command fails.
logged() {
  local log=$root/build/$1
  shift
  "$@" >"$log" 2>&1 </dev/null && return
  tail -n 40 "$log" >&2
  fail "failed: $* (all of its output: build/${log##*/})"
}

# followed LOG WORDS COMMAND...: output goes to build/LOG, and what the function WORDS makes of it to show_progress.
# Returns the status of the command, and says nothing when it fails.
followed() {
  local log=$root/build/$1 words=$2
  shift 2
  "$@" 2>&1 </dev/null | tee "$log" | "$words" | show_progress
}

# show_progress: the last line of stdin, on a terminal in place, else once in 20 seconds, also while none comes.
show_progress() {
  local line='' next='' status every=${STRIKENET_PROGRESS_SECONDS:-20} last=$SECONDS drawn=''
  while :; do
    status=0
    IFS= read -r -t "$every" next || status=$?
    [ "$status" = 0 ] || [ "$status" -gt 128 ] || break
    [ "$status" != 0 ] || line=$next
    [ -n "$line" ] || continue
    if [ -t 2 ]; then
      next="${0##*/}: $line"
      printf '\r\033[K%s' "${next:0:$((${COLUMNS:-80} - 1))}" >&2
      drawn=1
    elif [ $((SECONDS - last)) -ge "$every" ]; then
      say "$line"
      last=$SECONDS
    fi
  done
  [ -z "$drawn" ] || printf '\r\033[K' >&2
}

# is_configured PRESET: whether build/PRESET is there and was made for this folder.
is_configured() { grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$root/build/$1/CMakeCache.txt"; }

# configure PRESET [-DNAME=VALUE]...: makes build/PRESET, unless it is there, newer than the presets, made for this
# folder and with these values.
configure() {
  local preset=$1 tree=$root/build/$1 fresh=() value same=1
  shift
  for value in "$@"; do
    value=${value#-D}
    grep -qsE "^${value%%=*}:[A-Z]+=${value#*=}$" "$tree/CMakeCache.txt" || same=''
  done
  if ! is_configured "$preset"; then
    [ ! -f "$tree/CMakeCache.txt" ] || fresh=(--fresh)
  elif [ -n "$same" ] && [ -f "$tree/build.ninja" ] && [ "$tree/build.ninja" -nt "$root/CMakePresets.json" ]; then
    return 0
  fi
  say "configuring build/$preset"
  (cd "$root" && logged "$preset-configure.log" cmake --preset "$preset" "${fresh[@]}" "$@")
}

# ninja_words: of what ninja prints, how far it is; the first compiled or linked file is said at once.
ninja_words() {
  local line first='' start=$SECONDS left
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\ (Building|Linking) ]] || continue
    local done=${BASH_REMATCH[1]} all=${BASH_REMATCH[2]}
    [ -n "$first" ] || say "building ${tree#"$root"/}: $all steps"
    first=1
    left=''
    if [ $((SECONDS - start)) -ge 10 ] && [ "$done" -gt 4 ]; then
      left=$((((SECONDS - start) * (all - done) / done + 59) / 60))
      left=", about $left minutes left"
      [ "$left" != ', about 1 minutes left' ] || left=', about a minute left'
      [ "$left" != ', about 0 minutes left' ] || left=''
    fi
    printf 'built %s of %s%s\n' "$done" "$all" "$left"
  done
}

# build PRESET TARGET...: says so only when there is something to compile or link.
build() {
  local preset=$1 tree=$root/build/$1
  local log=$preset-build.log
  shift
  followed "$log" ninja_words ninja -C "$tree" -j "${STRIKENET_JOBS:-$(nproc)}" "$@" && return
  grep -A 30 -m 1 -E '^FAILED' "$root/build/$log" >&2 || tail -n 40 "$root/build/$log" >&2
  fail "the build failed (all of its output: build/$log)"
}

# minutes_of SECONDS: of work that all processors share, as the user waits for it; at least 1.
minutes_of() {
  local minutes=$((($1 / ${STRIKENET_JOBS:-$(nproc)} + 59) / 60))
  [ "$minutes" -gt 1 ] && echo "$minutes minutes" || echo "a minute"
}

# One script at a time works on build/; a second waits. Descriptor 9 holds the lock; close it before an exec.
take_lock() {
  mkdir -p "$root/build"
  exec 9>"$root/build/.lock"
  flock -n 9 && return
  say "waiting for another build in this folder"
  flock 9
}
