# syntax=docker/dockerfile:1
# One binary in an image with nothing else: no shell, no package manager, not root.

FROM rust:1-bookworm AS build
# aws-lc-rs compiles C.
RUN apt-get update && apt-get install --yes --no-install-recommends cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package watchbell \
    && cp target/release/watchbell /watchbell \
    && install --directory --mode=0700 --owner=65532 --group=65532 /data

FROM gcr.io/distroless/cc-debian12
COPY --from=build /watchbell /usr/local/bin/watchbell
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV WATCHBELL_SERVER__LISTEN=0.0.0.0:8080 \
    WATCHBELL_DATABASE__URL=sqlite:/data/watchbell.db \
    WATCHBELL_KEYS__MASTER_KEY_FILE=/data/master.key
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/watchbell"]
CMD ["serve"]
