# Two stages: what builds stays behind. The image runs as nobody's user, with a read-only root, and keeps data in /data.
FROM python:3.13-slim-trixie AS build
ENV UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
COPY requirements-uv.txt requirements.txt /build/
RUN python3 -m venv /build/tools \
 && /build/tools/bin/pip install --quiet --no-cache-dir --disable-pip-version-check --require-hashes -r /build/requirements-uv.txt \
 && python3 -m venv --without-pip /opt/testamur \
 && /build/tools/bin/uv pip install --quiet --no-cache --require-hashes --python /opt/testamur/bin/python -r /build/requirements.txt

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="Testamur" org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/opt/testamur/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/srv/testamur TESTAMUR_DIR=/data
RUN groupadd --gid 10001 testamur && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home testamur \
 && install -d -o testamur -g testamur -m 0700 /data
COPY --from=build /opt/testamur /opt/testamur
WORKDIR /srv/testamur
COPY LICENSE README.md ./
COPY app ./app
COPY issuer ./issuer
COPY verifier ./verifier
COPY microcredential ./microcredential
COPY ob3 ./ob3
COPY keys ./keys
COPY templates ./templates
COPY static ./static
COPY translations ./translations
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import http.client, os, sys, urllib.parse as u; c = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('PORT', 8000)), timeout=4); c.request('GET', '/healthz', headers={'Host': u.urlsplit(os.environ.get('TESTAMUR_BASE_URL', 'http://127.0.0.1')).netloc}); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "app.cli"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
