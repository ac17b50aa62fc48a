# One image for every process of PayFlow; the command chooses which.
#   docker build -t payflow .
#   docker run payflow python -m subgraphs serve users

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /uv && /uv/bin/pip install --no-cache-dir uv==0.13.9
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock README.md ./
RUN /uv/bin/uv sync --frozen --no-default-groups --no-install-project
COPY router router
COPY subgraphs subgraphs
COPY consumers consumers
COPY payflow payflow
RUN /uv/bin/uv sync --frozen --no-default-groups --no-editable

FROM node:22-bookworm-slim AS web
WORKDIR /app/web-demo
COPY web-demo/package.json web-demo/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY schema/api.graphql ../schema/
COPY web-demo ./
RUN npm run build

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home payflow
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY schema schema
COPY router.yaml ./
COPY --from=web /app/web-demo/dist web-demo/dist
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PAYFLOW_HOST=0.0.0.0
USER payflow
CMD ["payflow", "--help"]
