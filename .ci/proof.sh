# Sourced by the scripts that try things from the outside. They get $tmp, which is
# gone in the end, a git that knows no settings of this user, the version, and
# words for what holds.
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
# run passes|fails WHAT COMMAND...: a command does so. What it prints is kept in
# $tmp/out, for shows and hides to look for a regular expression.
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
# block FILE WORDS LANGUAGE: the first block in a language of a document, after a
# line with words.
block() {
  awk -v words="$2" -v fence="\`\`\`$3" '
    inside && /^```$/ { exit }
    inside { print }
    index($0, words) { found = 1 }
    found && $0 == fence { inside = 1 }
    END { exit !inside }' "$1"
}
