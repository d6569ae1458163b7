#!/bin/sh
# Provides valkey-server and valkey-cli to the tests: those on PATH, or else Debian's own packages, unpacked below
# node_modules/.cache/valkey. Needs no root, starts no service and leaves the system as it is.
set -eu
cd "$(dirname "$0")/.."

fail() {
  echo "$1" >&2
  exit 1
}

if command -v valkey-server >/dev/null && command -v valkey-cli >/dev/null; then
  exit 0
fi

target=node_modules/.cache/valkey
if [ -x "$target/usr/bin/valkey-server" ]; then
  exit 0
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
  fail 'valkey-server is needed and is not on PATH: install Valkey 8 or later (macOS: brew install valkey).'
fi

echo 'Fetching Valkey from the packages of this Debian system (no root, kept below node_modules) ...'

mkdir -p node_modules/.cache
scratch="$PWD/$target.$$"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$scratch/state/lists/partial" "$scratch/cache/archives/partial" "$scratch/sources" "$scratch/tree"

# The machine's own sources, with lists and cache of our own, over the system's real package status.
if [ -f /etc/apt/sources.list ]; then
  cp /etc/apt/sources.list "$scratch/sources/main.list"
fi
for file in /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  if [ -f "$file" ]; then
    cp "$file" "$scratch/sources/"
  fi
done

apt() {
  tool=$1
  shift
  "$tool" -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$scratch/sources" \
    -o Dir::State="$scratch/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$scratch/cache" \
    -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 "$@"
}

apt apt-get update || fail 'The package lists could not be fetched (see above): install Valkey 8 or later.'

release=
if [ -z "$(apt apt-cache madison valkey-server)" ]; then
  # Debian 12 has it in its backports only: the same source as the main suite, another suite name.
  . /etc/os-release
  codename=${VERSION_CODENAME:-}
  uri=$(apt apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' "Codename: $codename" | head -n 1)
  [ -n "$codename" ] && [ -n "$uri" ] || fail 'No package valkey-server was found. Is this machine offline? Otherwise install Valkey 8 or later.'
  release="$codename-backports"
  cat >"$scratch/sources/backports.sources" <<EOF
Types: deb
URIs: $uri
Suites: $release
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
EOF
  apt apt-get update || fail "The package list of $release could not be fetched (see above): install Valkey 8 or later."
fi

apt apt-get install -y --download-only --no-install-recommends ${release:+-t "$release"} valkey-server ||
  fail 'The package valkey-server could not be fetched (see above): install Valkey 8 or later.'
for archive in "$scratch"/cache/archives/*.deb; do
  dpkg-deb -x "$archive" "$scratch/tree"
done

# Where the machine lacked libraries, they were unpacked too; an absent folder does no harm.
libraries=$(echo "$scratch"/tree/usr/lib/*-linux-gnu)
LD_LIBRARY_PATH=$libraries "$scratch/tree/usr/bin/valkey-server" --version ||
  fail 'The valkey-server of this system does not start: install Valkey 8 or later.'

# Another run may have been first; either of the two is fine.
mv -T "$scratch/tree" "$target" 2>/dev/null || [ -x "$target/usr/bin/valkey-server" ] ||
  fail "$target could not be written."
