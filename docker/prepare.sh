#!/usr/bin/env bash
# Makes docker/settings and docker/.env, which compose.yaml needs. Nothing in there is overwritten: passwords in use stay.
set -euo pipefail
umask 077
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
settings=$here/settings
dotenv=$here/.env
known=$(sed -n 's/^ *SLIPWAY_ROLES: environment:\([a-z0-9-]*\)$/\1/p' "$here/compose.yaml")

usage() {
  cat <<END
Usage: docker/prepare.sh [ENVIRONMENT]...

Makes what docker/compose.yaml needs on this machine: keys, tokens, passwords, and a place for the credentials of each process, in
docker/settings; and docker/.env. May be repeated: it makes what is missing, keeps what is there, and takes away rights of others.
What is left for you is told, with exit code 1; when nothing is, the commands that start it.

ENVIRONMENT  ${known//$'\n'/, }: this machine gets a worker for it, beside those it has already
END
}

refuse() {
  printf '%s\n  next: %s\n' "$1" "$2" >&2
  exit 2
}

# The value that docker/.env has for a name; empty where it has none.
kept() { [ ! -e "$dotenv" ] || sed -n "s/^$1=//p" "$dotenv" | tail -n 1; }

# Made once: what is there may be in use.
secret() {
  [ -s "$1" ] || openssl rand -hex 24 | tr -d '\n' >"$1"
  cat "$1"
}

make_keys() {
  local key=$settings/gateway/signing-key.pem keys=$settings/common/public-keys
  mkdir -p "$keys"
  [ -s "$key" ] || openssl genpkey -algorithm ed25519 -out "$key"
  ls "$keys"/*.pem >/dev/null 2>&1 || openssl pkey -in "$key" -pubout -out "$keys/$(date -u +%Y-%m-%d).pem"
}

# Two people, because nobody approves what they asked for.
make_tokens() {
  local people=$settings/people file=$settings/gateway/tokens.json developer manager
  mkdir -p "$people"
  [ ! -s "$file" ] || return 0
  developer=$(secret "$people/developer.token" | sha256sum | cut -d' ' -f1)
  manager=$(secret "$people/release-manager.token" | sha256sum | cut -d' ' -f1)
  cat >"$file" <<END
[
  { "sha256": "$developer", "id": "developer", "groups": ["developers"] },
  { "sha256": "$manager", "id": "release-manager", "groups": ["release-managers"] }
]
END
}

# A login for each kind of process (postgres/roles.sql), told to PostgreSQL when its volume is new.
make_logins() {
  local kind
  mkdir -p "$settings/passwords" "$settings/postgres/first"
  secret "$settings/passwords/postgres" >"$settings/postgres/password"
  cp "$here/postgres/roles.sql" "$settings/postgres/first/1-roles.sql"
  for kind in owner of_gateway of_engine of_build of_environment; do
    printf "alter role slipway_%s password '%s';\n" "$kind" "$(secret "$settings/passwords/$kind")"
  done >"$settings/postgres/first/2-passwords.sql"
  record_login setup owner
  for kind in gateway engine build; do record_login "$kind" "of_$kind"; done
  for kind in "$@"; do record_login "$kind" of_environment; done
}

record_login() {
  local file=$settings/$1/records-url
  [ -s "$file" ] || printf 'postgres://slipway_%s:%s@postgres:5432/slipway' "$2" "$(cat "$settings/passwords/$2")" >"$file"
}

# Lines of others in it stay.
write_dotenv() {
  local others
  others=$(grep -Ev '^(COMPOSE_PROJECT_NAME|COMPOSE_PROFILES|SLIPWAY_USER|SLIPWAY_GROUP)=' "$dotenv" 2>/dev/null || true)
  {
    [ -z "$others" ] || printf '%s\n' "$others"
    printf 'COMPOSE_PROJECT_NAME=slipway\nCOMPOSE_PROFILES=%s\nSLIPWAY_USER=%s\nSLIPWAY_GROUP=%s\n' "$1" "$user" "$group"
  } >"$dotenv.new"
  mv "$dotenv.new" "$dotenv"
}

# Also what was put there since: a kubeconfig that was copied is often readable to all. On this machine $settings keeps others out.
narrow_rights() {
  local place rights=go=
  # Containers read by their group what stays root's: nobody else could put anything there.
  [ "$(id -u)" -ne 0 ] || rights=g=rX,o=
  for place in "$settings"/*; do
    [ "$(id -u)" -ne 0 ] || chgrp -R "$group" "$place"
    # PostgreSQL's container reads it as a user of its own.
    if [ "$place" = "$settings/postgres" ]; then chmod -R go=rX "$place"; else chmod -R "$rights" "$place"; fi
  done
  # Nothing of it is secret, and whoever says `docker compose` reads it.
  chmod 644 "$dotenv"
}

compose_here() {
  local version
  if docker compose version >/dev/null 2>&1; then
    echo 'docker compose'
  elif version=$(docker-compose version --short 2>/dev/null) && [ "$(printf '1.29\n%s\n' "${version#v}" | sort -V | head -n 1)" = 1.29 ]; then
    echo docker-compose
  fi
}

place() {
  local state=''
  [ -n "$(ls -A "$settings/$1")" ] || state=' (empty)'
  printf '  %-24s%s%s\n' "$1/" "$2" "$state"
}

tell_places() {
  local name
  echo "Credentials go into these places in $settings; a process sees its own directory alone, as /settings/own:"
  for name in "$@"; do
    place "$name/kubeconfig" 'files that the policy names, relative'
    place "$name/aws" "config and credentials, as AWS's tools write them"
  done
  place engine/aws 'the same, to look for images in ECR'
  place build/aws 'the same, to push images to ECR'
  echo 'A login that the policy refers to as file:/settings/own/NAME: a file NAME beside these, for each process that needs it.'
  for name in "$settings"/people/*.token; do
    [ ! -e "$name" ] || echo "A token to give away, and then to remove: $name"
  done
}

# Each with its next step; nothing where all is there.
tell_left() {
  local compose=$1
  if [ ! -s "$settings/common/policy.yaml" ]; then
    echo "left there is no policy"
    echo "     next: write $settings/common/policy.yaml; docs/compose.md has a small one"
  fi
  if [ -z "$compose" ]; then
    echo "left Docker Compose is not on this machine, or older than 1.29"
    echo "     next: install Docker with its compose plugin, and say docker/prepare.sh again"
  fi
}

tell_commands() {
  local compose
  compose="$1 -f $(printf %q "$here/compose.yaml")"
  local look='-e SLIPWAY_TOKEN cli doctor'
  [ ! -e "$settings/people/developer.token" ] || look='cli doctor --token-file /people/developer.token'
  echo "Check:  $compose run --rm --no-deps setup bin/slipway.js validate --policy-only /settings/common/policy.yaml"
  echo "Start:  $compose up -d --build"
  echo "Look:   $compose run --rm --no-deps $look"
  echo 'Workers are there some seconds after the start; until then that says which are missing.'
}

# Prints the profiles that docker/.env has, or `build` where it has none yet, and those that are asked for: one a line.
profiles_with() {
  local before=build
  if grep -qs '^COMPOSE_PROFILES=' "$dotenv"; then before=$(kept COMPOSE_PROFILES); fi
  printf '%s\n' ${before//,/ } "$@" | awk '$0 != "" && !seen[$0]++'
}

is_known() { grep -qxF -- "$1" <<<"$known"; }

refuse_mistakes() {
  local name programs=(openssl sha256sum)
  for name in "$@"; do
    [[ $name != -* ]] || refuse "there is no option $name" 'docker/prepare.sh --help'
    is_known "$name" || refuse "docker/compose.yaml has no worker for the environment $name; it has ${known//$'\n'/, }" \
      'Name one of those, or add a service like theirs to docker/compose.yaml.'
  done
  # Who has which number is asked for root alone.
  [ "$(id -u)" -ne 0 ] || programs+=(getent)
  for name in "${programs[@]}"; do
    command -v "$name" >/dev/null || refuse "$name is not on this machine" "Install it, and say docker/prepare.sh again."
  done
}

# What others put there would lead what is written to wherever they like: so nobody else gets in, from before it is looked at.
keep_others_out() {
  local all_mine found
  [ -e "$settings" ] || return 0
  all_mine="make all of it yours, as root: chown -hR $(id -u) $(printf %q "$settings")"
  [ -O "$settings" ] || refuse "$settings belongs to somebody else" "Say docker/prepare.sh as that user, or $all_mine"
  chmod 700 "$settings"
  found=$(some_of ! -user "$(id -u)")
  [ -z "$found" ] || refuse "not all in $settings is yours: $found" "Take away what is not, or $all_mine"
  [ "$(id -u)" -eq 0 ] || return 0
  found=$(some_of -type l)
  [ -z "$found" ] || refuse "there are links in $settings: $found" \
    'Put files in their places: as root, nothing is written where a link may lead elsewhere.'
}

# The first of what `find` finds in there by these words.
some_of() { find "$settings" "$@" 2>/dev/null | sed -n '1,3p' | tr '\n' ' ' || true; }

# No container runs as a greater number.
greatest=2147483647

is_nobodys() {
  [[ $2 =~ ^[1-9][0-9]{0,9}$ ]] && [ "$2" -le "$greatest" ] || return 1
  local code=0
  getent "$1" "$2" >/dev/null || code=$?
  case $code in
    0) return 1 ;;
    2) return 0 ;;
    *) refuse "getent could not tell who has the number $2 ($1, exit code $code)" 'Mend it, or where it looks (/etc/nsswitch.conf), and run this again.' ;;
  esac
}

# For root the containers run as numbers that no account has: who has them reads what they read, and looks into them.
choose_numbers() {
  user=$(kept SLIPWAY_USER) group=$(kept SLIPWAY_GROUP)
  user=${user:-61000} group=${group:-61000}
  if is_nobodys passwd "$user" && is_nobodys group "$group"; then return; fi
  before=$user:$group user=61000 group=61000
  is_nobodys passwd "$user" && is_nobodys group "$group" ||
    refuse 'user or group 61000 is an account of this machine' \
      "Write two numbers up to $greatest that no account has into $dotenv: SLIPWAY_USER=… and SLIPWAY_GROUP=…"
}

# Containers of before run on as what they were made as, and what builds keep between them is that user's. Whether they still do only Docker
# could say: it is told when the numbers change, and docs/compose.md has it for later.
tell_numbers() {
  [ -n "$before" ] || return 0
  echo "The processes were to run as $before, which is an account of this machine or none that a container may have, and now are as $user:$group: make the containers anew."
  echo "The settings are group $group's from now on. Containers that run keep their numbers: with another group they can read neither policy nor keys until then."
  echo 'This is said once; docs/compose.md has it, too.'
  echo "     next: $1 -f $(printf %q "$here/compose.yaml") down; docker volume rm slipway_gateway-cache slipway_engine-cache slipway_build-cache slipway_checkouts; then start it"
}

main() {
  case "${1:-}" in -h | --help) usage && exit ;; esac
  refuse_mistakes "$@"
  keep_others_out
  local profiles name compose left before='' environments=()
  profiles=$(profiles_with "$@")
  for name in $profiles; do
    if is_known "$name"; then environments+=("$name"); fi
  done
  [ ${#environments[@]} -gt 0 ] || refuse 'no environment is named' "docker/prepare.sh production; there are ${known//$'\n'/, }."

  user=$(id -u) group=$(id -g)
  [ "$user" -ne 0 ] || choose_numbers

  mkdir -p "$settings"/{common,setup,gateway,engine/aws,build/aws}
  for name in "${environments[@]}"; do mkdir -p "$settings/$name"/{kubeconfig,aws}; done
  make_keys
  make_tokens
  make_logins "${environments[@]}"
  compose=$(compose_here)
  # Said before the numbers are on record: a run that breaks off between the two says it again, and never not at all.
  tell_numbers "${compose:-docker compose}"
  write_dotenv "${profiles//$'\n'/,}"
  narrow_rights

  left=$(tell_left "$compose")
  echo "Settings for ${environments[*]} are in $settings."
  tell_places "${environments[@]}"
  if [ -n "$left" ]; then
    echo "$left"
    exit 1
  fi
  tell_commands "$compose"
}

main "$@"
