#!/usr/bin/env bash
# Build the Dockerfile and run the image hardened (read-only root, no capabilities, not root), then ask it over loopback.
# Needs root and: apt-get install --no-install-recommends buildah debootstrap podman runc
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
export WORK=${WORK:-${TMPDIR:-/tmp}/testamur-image}
IMAGE=localhost/testamur:check
PORT=18080
DRIVER=${STORAGE_DRIVER:-overlay}
BUILD=(buildah --root "$WORK/store" --runroot "$WORK/run" --storage-driver "$DRIVER")
RUN=(podman --root "$WORK/store" --runroot "$WORK/run" --storage-driver "$DRIVER" --cgroup-manager cgroupfs --runtime runc)

missing=()
for tool in buildah debootstrap podman runc curl; do command -v "$tool" >/dev/null || missing+=("$tool"); done
if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "image-check needs: ${missing[*]}"; exit 1; }
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
"${BUILD[@]}" inspect localhost/python:3.13-slim-trixie >/dev/null 2>&1 || bash "$HERE/base.sh"

started=$(date +%s)
"${BUILD[@]}" bud --isolation chroot --pull-never --format docker --network host -q -t "$IMAGE" -f "$ROOT/Dockerfile" "$ROOT" >/dev/null
echo "built in $(($(date +%s) - started)) s, $("${BUILD[@]}" images --filter reference="$IMAGE" --format '{{.Size}}')"

user=$("${BUILD[@]}" inspect --type image --format '{{.Docker.Config.User}}' "$IMAGE")
[ "$user" = 10001:10001 ] || { echo "the image runs as '$user'"; exit 1; }

container=$("${RUN[@]}" run -d --network host --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --no-healthcheck --log-driver k8s-file \
  --read-only --cap-drop all --security-opt no-new-privileges --tmpfs /tmp --tmpfs /data:mode=0700,U \
  --env TESTAMUR_BASE_URL=https://badges.example.edu --env TESTAMUR_SECRET_KEY="$(head -c 32 /dev/urandom | base64 -w0)" \
  "$IMAGE" serve --host 127.0.0.1 --port "$PORT")
trap '"${RUN[@]}" rm -f "$container" >/dev/null 2>&1 || true' EXIT

ask() { curl -fsS -H 'Host: badges.example.edu' "http://127.0.0.1:$PORT$1"; }
for _ in $(seq 150); do ask /healthz >/dev/null 2>&1 && break; sleep 0.2; done
if ! ask /healthz; then "${RUN[@]}" logs "$container" | tail -20; exit 1; fi
echo
ask /verify | grep -q 'name="files"' && echo "the verification page is served"
ask /contexts/micro-credential-v1.json | grep -q '@protected' && echo "the context is served"
"${RUN[@]}" exec "$container" id -u
if "${RUN[@]}" exec "$container" sh -c 'touch /srv/testamur/x' 2>/dev/null; then echo "the root is writable"; exit 1; fi
"${RUN[@]}" exec --env PORT="$PORT" "$container" python -c "$(sed -n 's/^  CMD \["python", "-c", "\(.*\)"\]$/\1/p' "$ROOT/Dockerfile")" && echo "the health check passes"
"${RUN[@]}" exec --env TESTAMUR_BASE_URL= --env TESTAMUR_SECRET_KEY= "$container" \
  python -m app.cli demo --dir /data/demo --port 18081 --no-serve --json 2>/dev/null \
  | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["credentials"]), "credentials were issued and drawn in it")'
"${RUN[@]}" stop -t 10 "$container" >/dev/null
status=$("${RUN[@]}" inspect --format '{{.State.ExitCode}}' "$container")
echo "stopped with exit status $status"
[ "$status" = 0 ]
