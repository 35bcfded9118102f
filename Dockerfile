# syntax=docker/dockerfile:1
# Two stages: the first has the Swift toolchain and builds, the second runs and holds neither compiler nor headers.
# Both bases must be the same Debian release, since the program links to its libraries.
ARG BUILD_IMAGE=docker.io/library/swift:6.2-bookworm
ARG RUN_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      ca-certificates git pkg-config \
      libpq-dev libssl-dev zlib1g-dev \
      libavcodec-dev libavfilter-dev libavformat-dev libavutil-dev libswresample-dev libswscale-dev \
      libcairo2-dev libpango1.0-dev librsvg2-dev liblcms2-dev \
      libfluidsynth-dev libebur128-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN swift build -c release --product retake \
 && mkdir -p /install/bin /install/lib/retake /install/share/retake \
 && cp "$(swift build -c release --product retake --show-bin-path)/retake" /install/bin/ \
 && ldd /install/bin/retake | awk '$3 ~ /\/swift\/linux\// { print $3 }' | xargs cp -t /install/lib/retake \
 && cp -r schema config dashboards examples LICENSE docs/licences.md /install/share/retake/

FROM ${RUN_IMAGE}
# The source is Apache-2.0; linked to Debian's FFmpeg and x264 the whole may be passed on under the GPL (docs/licences.md).
LABEL org.opencontainers.image.title="Retake" \
      org.opencontainers.image.description="Makes versions of a video ad, measures which one people respond to, and remakes those that wear out" \
      org.opencontainers.image.licenses="GPL-3.0-or-later"
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      ca-certificates tzdata libstdc++6 libcurl4 libxml2 \
      libpq5 libssl3 zlib1g \
      libavcodec59 libavfilter8 libavformat59 libavutil57 libswresample4 libswscale6 \
      libcairo2 libpangocairo-1.0-0 libpangoft2-1.0-0 librsvg2-2 liblcms2-2 \
      libfluidsynth3 libebur128-1 fluid-soundfont-gm espeak-ng \
      fonts-inter fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --home-dir /var/lib/retake --create-home --shell /usr/sbin/nologin retake
COPY --from=build /install/ /usr/local/
RUN echo /usr/local/lib/retake > /etc/ld.so.conf.d/retake.conf && ldconfig

# The image brings no PostgreSQL server: say where one is with RETAKE_DATABASE_URL (compose.yaml does).
ENV RETAKE_DATA_FOLDER=/var/lib/retake \
    RETAKE_SERVICE_HOST=0.0.0.0 \
    RETAKE_SERVICE_PORT=8080
USER retake
WORKDIR /var/lib/retake
VOLUME /var/lib/retake
EXPOSE 8080
STOPSIGNAL SIGTERM
# bash can speak enough HTTP for this; the image needs no curl.
HEALTHCHECK --interval=15s --timeout=4s --start-period=20s --retries=3 CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/${RETAKE_SERVICE_PORT} && printf 'GET /healthz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && IFS= read -r status <&3 && [[ $status == *' 200 '* ]]"]
ENTRYPOINT ["retake"]
CMD ["serve"]
