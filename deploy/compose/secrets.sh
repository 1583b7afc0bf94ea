#!/bin/sh
# Makes the tokens of `serve`, once: one that may see everything, and one for Prometheus.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
if [ -e secrets/serve-tokens ]; then
  echo "secrets/serve-tokens is there already; remove the folder to make new ones" >&2
  exit 0
fi
token() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
people=$(token)
prometheus=$(token)
printf '%s people\n%s prometheus\n' "$people" "$prometheus" >secrets/serve-tokens
printf '%s' "$prometheus" >secrets/metrics-token
# Files of a compose secret keep their mode: the containers' users must be able to read them.
chmod 644 secrets/serve-tokens secrets/metrics-token
chmod 711 secrets
echo "your token for http://127.0.0.1:9470: $people"
