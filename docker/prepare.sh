#!/usr/bin/env bash
# Makes the settings of one installation for compose.yaml: keys, tokens, passwords. Never overwrites what is there.
#   docker/prepare.sh [DIRECTORY]       (docker/settings beside this file, unless told otherwise)
# Then put in the operator's policy as DIRECTORY/policy.yaml and the kubeconfig files it names into DIRECTORY/kubeconfig/.
set -euo pipefail
umask 077
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
settings=${1:-$here/settings}

if [ -e "$settings/signing-key.pem" ]; then
  echo "$settings has keys already: nothing was changed" >&2
  exit 1
fi
mkdir -p "$settings"
# Also where it was there before: what is readable below is not readable to others.
chmod 700 "$settings"
mkdir -p "$settings/public-keys" "$settings/kubeconfig" "$settings/postgres"

# The gateway's key. Workers get the public part only.
openssl genpkey -algorithm ed25519 -out "$settings/signing-key.pem"
openssl pkey -in "$settings/signing-key.pem" -pubout -out "$settings/public-keys/$(date -u +%Y-%m-%d).pem"

password=$(openssl rand -hex 24)
printf '%s' "$password" >"$settings/postgres/password"
# PostgreSQL's container reads it as a user of its own. On this machine the directory above keeps others out.
chmod 755 "$settings/postgres" && chmod 644 "$settings/postgres/password"
printf 'postgres://slipway:%s@postgres:5432/slipway' "$password" >"$settings/records-url"

# Two people, because nobody approves what they asked for. Only hashes are kept: the tokens are shown once.
entry() { printf '{ "sha256": "%s", "id": "%s", "groups": ["%s"] }' "$(printf '%s' "$3" | sha256sum | cut -d' ' -f1)" "$1" "$2"; }
developer=$(openssl rand -hex 24)
manager=$(openssl rand -hex 24)
printf '[\n  %s,\n  %s\n]\n' "$(entry developer developers "$developer")" "$(entry release-manager release-managers "$manager")" >"$settings/tokens.json"

# The containers run as the user who made the settings. Root's become those of the image's user `node`.
user=$(id -u) group=$(id -g)
if [ "$user" -eq 0 ]; then
  user=1000 group=1000
  chown -R "$user:$group" "$settings"
fi

echo "Settings are in $settings. Keep the two tokens; they are not stored:"
echo "  developer:       $developer"
echo "  release-manager: $manager"
echo "Start: SLIPWAY_USER=$user SLIPWAY_GROUP=$group docker compose -f $here/compose.yaml up -d --build"
