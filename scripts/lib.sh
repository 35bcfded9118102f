# What the scripts beside this file share. Sourced, not run: . "$(dirname …)/lib.sh"
# Sets ROOT (the repository) and, when a toolchain is found, puts `swift` on the PATH.
# shellcheck shell=bash

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"

say() { printf '%s\n' "$*" >&2; }
step() { if [ -t 2 ]; then printf '\033[1m==> %s\033[0m\n' "$*" >&2; else printf '==> %s\n' "$*" >&2; fi; }
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit 1
}

# Toolchains are often installed where a login shell of another user does not look.
find_swift() {
  command -v swift >/dev/null 2>&1 && return 0
  local folder
  for folder in "${HOME:-/nonexistent}/.local/share/swiftly/bin" /opt/swift/usr/bin /usr/share/swift/usr/bin \
    /usr/libexec/swift/bin; do
    if [ -x "$folder/swift" ]; then
      PATH="$folder:$PATH"
      export PATH
      return 0
    fi
  done
  return 1
}

# Where this user's build goes: .build, or a folder of the user's own when somebody else built here.
build_folder() {
  local folder="${RETAKE_BUILD_FOLDER:-$ROOT/.build}"
  if [ -e "$folder" ] && [ -O "$folder" ] && [ -w "$folder" ]; then
    printf '%s\n' "$folder"
  elif [ ! -e "$folder" ] && mkdir -p "$folder" 2>/dev/null; then
    printf '%s\n' "$folder"
  else
    local name
    name="$(printf '%s' "$ROOT" | sha256sum | cut -c1-12)"
    printf '%s\n' "${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/retake/build-$name"
  fi
}

# Where git is set up to fetch packages from a mirror on this disk (url.<folder>.insteadOf) that belongs to somebody
# else, git refuses to read it. Trust the repositories in that mirror, and only those, for what this process starts.
trust_local_mirrors() {
  local mirror config repository
  while read -r mirror; do
    if ! [ -d "$mirror" ] || [ -O "$mirror" ]; then continue; fi
    config="$(build_folder)/gitconfig"
    mkdir -p "$(dirname "$config")"
    printf '[include]\n\tpath = %s\n\tpath = %s\n[safe]\n' "${HOME:-}/.gitconfig" \
      "${XDG_CONFIG_HOME:-${HOME:-}/.config}/git/config" >"$config"
    while read -r repository; do printf '\tdirectory = %s\n' "$repository"; done \
      < <(find "$mirror" -maxdepth 3 -type d -name '*.git') >>"$config"
    export GIT_CONFIG_GLOBAL="$config"
  done < <(git config --get-regexp '^url\./.*\.insteadof$' 'https://github.com/' | sed 's/^url\.\(.*\)\.insteadof .*$/\1/')
}

# swift with this checkout and this user's build folder, from any directory.
swift_in_root() {
  local command="$1"
  shift
  [ -w "$ROOT" ] || [ -e "$ROOT/Package.resolved" ] ||
    fail "$ROOT belongs to $(stat -c %U "$ROOT") and you, $(id -un), may not write there." \
      "Swift notes in Package.resolved which packages it chose. Work in a clone of your own."
  [ -n "${GIT_CONFIG_GLOBAL:-}" ] || trust_local_mirrors
  swift "$command" --package-path "$ROOT" --scratch-path "$(build_folder)" "$@"
}
