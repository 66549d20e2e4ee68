# ClOps as one image.
#
#   docker run --rm -v "$PWD:/repository:ro" clops review        the command line
#   docker run --read-only -p 8080:8080 clops serve              the GitHub App (docs/app.md)
#
# The base is pinned by the digest of its index of platforms. A newer one:
#   docker buildx imagetools inspect python:3.13-slim-trixie
FROM python:3.13.15-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285 AS build
WORKDIR /source
ENV UV_PROJECT_ENVIRONMENT=/opt/clops \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never
# Every byte that is installed has its hash in one of two files: what builds, and what runs.
COPY constraints-image.txt ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement constraints-image.txt
COPY pyproject.toml uv.lock ./
# A model's client, for an App whose operator lets one write: --build-arg WORDS=anthropic (or bedrock, google; docs/app.md)
ARG WORDS=
RUN uv sync --locked --no-dev --extra app ${WORDS:+--extra "$WORDS"} --no-install-project
COPY README.md LICENSE NOTICE ./
COPY rules rules
COPY clops_app clops_app
# The last line: python-hcl2 keeps its compiled grammar beside itself, where later nobody may write.
RUN hatchling build --target wheel --directory /tmp/wheel \
 && uv pip install --python /opt/clops --offline --no-deps /tmp/wheel/*.whl \
 && /opt/clops/bin/python -c "import hcl2; hcl2.loads('a = 1\n')"

FROM python:3.13.15-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285
ARG VERSION=unversioned
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ClOps" \
      org.opencontainers.image.description="Reviews Terraform for AWS before it is merged." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# git, to compare with a base ref and to fetch what is reviewed. Its version is Debian's newest: pinned ones leave the archive.
# Python's own library comes without bytecode, and could not write it to a read-only disk.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/* \
 && python -m pip uninstall --yes pip \
 && python -m compileall -q /usr/local/lib/python3.13 \
 && groupadd --gid 10001 clops \
 && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin clops \
 && install --directory --owner=10001 --group=10001 /var/lib/clops
COPY --from=build /opt/clops /opt/clops
# HOME: git and libraries look there; nothing of ours is kept in it. In a container, outside is not loopback.
ENV PATH=/opt/clops/bin:$PATH \
    HOME=/tmp \
    CLOPS_HOST=0.0.0.0 \
    CLOPS_STATE=/var/lib/clops
USER 10001:10001
# All that is ever written to. Docker and ECS take the owner of a new volume from here, so a read-only root needs no more than this.
VOLUME ["/tmp", "/var/lib/clops"]
WORKDIR /repository
EXPOSE 8080
# SIGTERM. As the first process of a container it stops only who listens for it: the server and the workers do. What git leaves
# behind is reaped by the runtime's own init: docker run --init, `init: true`, `initProcessEnabled`.
STOPSIGNAL SIGTERM
# Asks the server or worker whether it is alive; what listens nowhere, such as a review, is healthy while it runs.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import http.client, os, sys\nif not {b'serve', b'worker'} & set(open('/proc/1/cmdline', 'rb').read().split(bytes(1))): sys.exit()\nasked = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('CLOPS_PORT', 8080)), timeout=4)\nasked.request('GET', '/healthz')\nsys.exit(asked.getresponse().status != 200)"]
ENTRYPOINT ["clops"]
CMD ["review"]
