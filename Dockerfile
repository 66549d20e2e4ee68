# ClOps as one image: `docker run --rm -v "$PWD:/repository:ro" clops review /repository`
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
COPY clops_app clops_app
COPY rules rules
RUN python -m venv /opt/clops \
 && /opt/clops/bin/pip install --no-cache-dir --constraint constraints.txt . \
 && /opt/clops/bin/python -m compileall -q /opt/clops/lib

FROM python:3.12-slim
# git, to compare with a base ref; nothing is ever written to the repository.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 clops
COPY --from=build /opt/clops /opt/clops
ENV PATH=/opt/clops/bin:$PATH
USER clops
WORKDIR /repository
ENTRYPOINT ["clops"]
CMD ["review"]
