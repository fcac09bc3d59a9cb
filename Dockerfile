# The image of modelgate: `serve` and `worker` of the service, and `modelgate check` for CI jobs.
#
#   docker build --tag modelgate .
#
# It needs no root, and no writable file system but /tmp and /var/cache/modelgate.

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build
# The demo and the stand-ins that it plays with are for a clone of the repository.
RUN rm -r dist/sandbox dist/cli/demo
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund
RUN mkdir bin && ln -s ../dist/main.js bin/modelgate && chmod 755 dist/main.js

FROM node:24-bookworm-slim
# git merges (2.38 or newer); the worker's cache belongs to the user of the image.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=10001 --group=10001 /var/cache/modelgate
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY --from=build /build/bin ./bin
LABEL org.opencontainers.image.title="modelgate" \
  org.opencontainers.image.description="The quality gate of machine-learning repositories" \
  org.opencontainers.image.licenses="Apache-2.0"
# In the container these are fixed: they win over the file, and the health check relies on the port.
ENV NODE_ENV=production \
  HOME=/tmp \
  PATH=/app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  MODELGATE_CONFIG=/etc/modelgate/modelgate.yaml \
  MODELGATE_LISTEN_HOST=0.0.0.0 \
  MODELGATE_LISTEN_PORT=8080 \
  MODELGATE_GATE_CACHE_DIRECTORY=/var/cache/modelgate
USER 10001:10001
EXPOSE 8080
VOLUME ["/var/cache/modelgate"]
STOPSIGNAL SIGTERM
# Alive, not ready: a Redis that is away is no reason to restart this.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.MODELGATE_LISTEN_PORT + '/livez').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["serve"]
