#!/bin/sh
# The Deployment says which region this is; each region has settings of its own.
set -eu
region="${REGION:-de}"
settings="/srv/$region.env"
[ -f "$settings" ] || {
  echo "storefront: no settings for region $region" >&2
  exit 1
}
. "$settings"
[ -n "${CHECKOUT_URL:-}" ] || {
  echo "storefront: region $region has no CHECKOUT_URL" >&2
  exit 1
}
exec /bin/httpd -f -p "${PORT:-8080}" -h /www
