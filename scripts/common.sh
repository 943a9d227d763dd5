# Sourced by the scripts beside it: the project's root, and how a step runs that stays silent unless it fails.
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

# configure PRESET: makes build/PRESET, unless it is there, newer than the presets and made for this folder.
configure() {
  local tree=$root/build/$1 fresh=()
  if [ -f "$tree/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$tree/CMakeCache.txt"; then
    fresh=(--fresh)
  elif [ -f "$tree/build.ninja" ] && [ "$tree/build.ninja" -nt "$root/CMakePresets.json" ]; then
    return 0
  fi
  say "configuring build/$1"
  (cd "$root" && logged "$1-configure.log" cmake --preset "$1" "${fresh[@]}")
}

# build PRESET TARGET...: says so only when there is something to compile or link.
build() {
  local preset=$1 log=$root/build/$1-build.log
  shift
  ninja -C "$root/build/$preset" -j "${STRIKENET_JOBS:-$(nproc)}" "$@" 2>&1 </dev/null | tee "$log" |
    awk -v text="${0##*/}: building build/$preset" \
      '/^\[[0-9]+\/[0-9]+\] (Building|Linking)/ && !said { print text > "/dev/stderr"; said = 1 }' && return
  grep -A 30 -m 1 -E '^FAILED' "$log" >&2 || tail -n 40 "$log" >&2
  fail "the build failed (all of its output: build/${log##*/})"
}

# One script at a time works on build/; a second waits. Descriptor 9 holds the lock; close it before an exec.
take_lock() {
  mkdir -p "$root/build"
  exec 9>"$root/build/.lock"
  flock -n 9 && return
  say "waiting for another build in this folder"
  flock 9
}
