# Sourced by the scripts that test patchlint from the outside, as users get it. It sets
# $version and $tmp, a directory that is removed at the end, keeps git from reading this
# user's settings, and defines the functions below.
version=$(sed -n 's/^const version = "\(.*\)"$/\1/p' cmd/patchlint/version.go)
tmp=$(mktemp -d)
trap 'chmod -R u+w "$tmp" && rm -rf "$tmp"' EXIT # Go's module caches are read-only
export GIT_CONFIG_GLOBAL=$tmp/gitconfig GIT_CONFIG_NOSYSTEM=1
git config --global user.name patchlint
git config --global user.email ci@patchlint.invalid
git config --global init.defaultBranch main
git config --global safe.directory '*'

proved() { printf 'ok    %s\n' "$*"; }
fail() {
  printf 'FAIL  %s; the output:\n' "$*" >&2
  cat "$tmp/out" >&2
  exit 1
}
# run passes|fails WHAT COMMAND...: check that a command passes or fails. Its output is
# kept in $tmp/out, in which shows and hides look for a regular expression.
run() {
  local got=passes
  "${@:3}" >"$tmp/out" 2>&1 </dev/null || got=fails
  [ $got = "$1" ] || fail "$2 $got"
  proved "$2 $got"
}
shows() { grep -qE -- "$1" "$tmp/out" || fail "the output lacks $1"; }
hides() {
  local status=0
  grep -qE -- "$1" "$tmp/out" || status=$?
  [ $status = 1 ] || fail "the output has $1"
}
# block FILE WORDS LANGUAGE: print the first block of a document in a language after a
# line that has the words.
block() {
  awk -v words="$2" -v fence="\`\`\`$3" '
    inside && /^```$/ { exit }
    inside { print }
    index($0, words) { found = 1 }
    found && $0 == fence { inside = 1 }
    END { exit !inside }' "$1"
}
