# The last stage is the one image for every process of Kith; docker-compose.yml says which one a container runs. `proxy`
# and `backup` are their makers' images with one file or two of ours: so a new version of these files comes in with
# `docker compose up --build`, and they can be read whatever the rights of the checkout.

FROM caddy:2 AS proxy
COPY --chmod=444 deploy/Caddyfile /etc/caddy/Caddyfile

FROM postgres:17 AS backup
COPY --chmod=555 deploy/backup.sh deploy/restore.sh /deploy/

FROM python:3.13-slim AS build
RUN python -m venv /opt/kith
COPY requirements/base.txt /tmp/base.txt
RUN /opt/kith/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/base.txt

FROM python:3.13-slim
# A number of its own, so that a volume's owner means the same on every host.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /srv/kith --shell /usr/sbin/nologin kith
COPY --from=build /opt/kith /opt/kith
WORKDIR /srv/kith
COPY . .
ENV PATH=/opt/kith/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    KITH_VAR=/srv/kith/var \
    KITH_KEY_RING=/srv/kith/keys/ring.json
# Static files are made here, so that every container serves the same ones. The key given is for this line only:
# nothing that is built depends on it. `ready` writes them once more, which needs the folder to be Kith's. The rest is
# to be read by Kith, also where the checkout was made for its owner alone.
RUN chmod -R a+rX . && mkdir var keys && KITH_SECRET_KEY="unused, and only while an image of Kith is being built" \
    python manage.py collectstatic --no-input --verbosity 0 \
    && chown -R kith:kith var keys && chmod 700 keys
USER kith
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "config.wsgi:application"]
