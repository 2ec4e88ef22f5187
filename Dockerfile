# syntax=docker/dockerfile:1
# The dashboard, then the binary that embeds it, then an image that holds nothing else.
#
#     docker build --tag bartizan .
#     docker run --read-only --publish 127.0.0.1:3001:3001 --volume bartizan:/var/lib/bartizan \
#         --volume /var/log/nginx:/logs:ro --group-add 4 bartizan serve --log '/logs/*access.log'
#
# Group 4 is adm, which reads the logs on Debian and Ubuntu.

FROM node:22-bookworm-slim AS dashboard
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci
COPY web/ ./
RUN npm run build

FROM rust:1.95-slim-bookworm AS binary
# The allocator is built with make, which this image lacks.
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY .cargo/ .cargo/
COPY crates/ crates/
COPY models/ models/
COPY xtask/ xtask/
COPY --from=dashboard /build/web/dist web/dist
RUN cargo build --release --locked --package bartizan-cli \
    && install -D --mode 0755 target/release/bartizan /image/usr/bin/bartizan \
    && install --directory --mode 0700 --owner 65532 --group 65532 /image/var/lib/bartizan

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=binary /image/ /
# Beyond loopback people log in; the first start prints a password for one login.
ENV BARTIZAN__SERVER__LISTEN=0.0.0.0:3001 \
    BARTIZAN__STORE__URL=sqlite:///var/lib/bartizan/bartizan.db
WORKDIR /var/lib/bartizan
VOLUME /var/lib/bartizan
USER 65532:65532
EXPOSE 3001
HEALTHCHECK --interval=30s --timeout=12s --start-period=20s CMD ["/usr/bin/bartizan", "health"]
ENTRYPOINT ["/usr/bin/bartizan"]
CMD ["serve"]
