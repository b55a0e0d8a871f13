#!/usr/bin/env bash
# Make a stand-in for python:3.13-slim-trixie out of Debian packages alone, for machines that cannot pull images.
# Needs root and: apt-get install --no-install-recommends buildah debootstrap
set -euo pipefail
WORK=${WORK:-${TMPDIR:-/tmp}/testamur-image}
TAG=localhost/python:3.13-slim-trixie
STORE=(--root "$WORK/store" --runroot "$WORK/run" --storage-driver "${STORAGE_DRIVER:-overlay}")
ROOTFS=$WORK/rootfs

rm -rf "$ROOTFS"
mkdir -p "$WORK"
debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv,python3-pip,libsqlite3-0 \
  trixie "$ROOTFS" >"$WORK/debootstrap.log" 2>&1 || { tail -5 "$WORK/debootstrap.log"; exit 1; }
# The official image has python, python3 and pip in /usr/local/bin and no mark of being managed by the distribution.
rm -f "$ROOTFS"/usr/lib/python3*/EXTERNALLY-MANAGED "$ROOTFS"/var/cache/apt/archives/*.deb
for name in python python3; do ln -sf /usr/bin/python3 "$ROOTFS/usr/local/bin/$name"; done
ln -sf /usr/bin/pip3 "$ROOTFS/usr/local/bin/pip"
# Where this machine needs a certificate bundle or settings of its own to reach packages, the stand-in has them,
# so that the Dockerfile stays as it is everywhere.
cp -L /etc/ssl/certs/ca-certificates.crt "$ROOTFS/etc/ssl/certs/ca-certificates.crt"
if [ -f /etc/pip.conf ]; then cp /etc/pip.conf "$ROOTFS/etc/pip.conf"; fi
CONTAINER=$(buildah "${STORE[@]}" from scratch)
buildah "${STORE[@]}" add -q "$CONTAINER" "$ROOTFS" / >/dev/null
buildah "${STORE[@]}" config --env PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin --env LANG=C.UTF-8 \
  --env SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt --cmd python3 "$CONTAINER"
buildah "${STORE[@]}" commit -q --rm "$CONTAINER" "$TAG" >/dev/null
rm -rf "$ROOTFS"
echo "made $TAG"
